// The worker's own Pyodide, renderer and canvases, without a page: it answers each piece of Python with its result.
import { loadPyodide } from "./assets/runtime/pyodide/pyodide.mjs";
import * as paths from "./py/render/paths.mjs";

const python = await loadPyodide({ packages: ["numpy"] });
python.registerJsModule("polyscript", { js_modules: { paths } });
for (const name of ["python.bin", "start.bin"]) {
  const { body } = await fetch(`./assets/${name}`);
  python.unpackArchive(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer(), "zip");
}
onmessage = ({ data }) => {
  try {
    postMessage({ value: python.runPython(data) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
postMessage({ value: "ready" });
