// The page's own Python: MicroPython with py/app/page.py. PyScript starts the worker's; the controls need not wait for
// that. Both files come packed, so that no host need compress.
import { loadMicroPython } from "./runtime/micropython/micropython.mjs";

const unpacked = async (name, type) => {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name.replace(/.*\//, "")}: the server answers ${response.status}`);
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "content-type": type } });
};
export const files = Promise.all([
  unpacked("./made/micropython.bin", "application/wasm").then((response) => response.blob()),
  unpacked("./page.bin", "application/json").then((response) => response.json()),
]);

// Resolves when the first figure's controls are alive. Each step is a task of its own, so that the page answers between.
const breath = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));
export const start = async ([wasm, modules]) => {
  const python = await loadMicroPython({ url: URL.createObjectURL(wasm) });
  await breath();
  for (const [name, source] of Object.entries(modules)) python.FS.writeFile(`${name}.py`, source);
  await breath();
  python.runPython("import asyncio, json");
  await breath();
  await python.runPythonAsync(modules.page);
};
