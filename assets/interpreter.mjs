// Pyodide's loader, as pyscript.toml names it. It starts every download at once, tells the page how far they have
// come, and unpacks numpy's wheel and our own Python beside the interpreter, which is quicker than asking for packages
// and single files.
import { loadPyodide as load } from "./runtime/pyodide/pyodide.mjs";
export { version } from "./runtime/pyodide/pyodide.mjs";

const NUMPY = "numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl";
const folder = new URL("./runtime/pyodide/", import.meta.url);
const OURS = new URL("./python.zip", import.meta.url);
const sizes = { "pyodide.asm.wasm": 9596462, "python_stdlib.zip": 2545106, "pyodide-lock.json": 113804, [NUMPY]: 2916023 };
const total = Object.values(sizes).reduce((sum, size) => sum + size);
let received = 0, told = 0;

const whole = async (address) => {
  const response = await ask(address);
  if (!response.ok) throw new Error(`${address.pathname.split("/").pop()}: the server answers ${response.status}`);
  return response;
};
const counted = async (name) => {
  const response = await whole(new URL(name, folder));
  const count = new TransformStream({
    transform(chunk, out) {
      received += chunk.byteLength;
      if (received - told > total / 100 || received >= total) {
        told = received;
        postMessage(JSON.stringify({ kind: "loading", received, total }));
      }
      out.enqueue(chunk);
    },
  });
  // Pyodide compiles nothing of another type, and not every host knows this one.
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(response.body.pipeThrough(count), { headers: { "content-type": type } });
};

const ask = globalThis.fetch;
const started = new Map(Object.keys(sizes).map((name) => [new URL(name, folder).href, counted(name)]));
// Pyodide itself waits for ever when its WebAssembly does not come.
const failed = ({ message }) => postMessage(JSON.stringify({ kind: "runtime", state: "failed", text: message }));
const ours = whole(OURS).then((response) => response.arrayBuffer());
for (const download of [ours, ...started.values()]) download.catch(failed);
globalThis.fetch = (what, options) => {
  const address = new URL(what.url ?? what, import.meta.url).href;
  const response = started.get(address);
  started.delete(address); // a body can be read once
  return response ?? ask(what, options);
};
import("./runtime/pyodide/pyodide.asm.mjs");

export const loadPyodide = async ({ packages, ...options }) => {
  const wheel = fetch(new URL(NUMPY, folder)).then((response) => response.arrayBuffer());
  const [python, numpy, modules] = await Promise.all([load({ ...options, indexURL: folder.href }), wheel, ours]);
  globalThis.fetch = ask;
  python.unpackArchive(numpy, "wheel");
  python.unpackArchive(modules, "zip");
  return python;
};
