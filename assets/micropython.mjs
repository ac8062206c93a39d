// The page's own Python: MicroPython with py/app/page.py. PyScript starts the worker's; the controls need not wait for
// that. Both files come packed, so that no host need compress.
import { loadMicroPython } from "./runtime/micropython/micropython.mjs";

const unpacked = async (name, type, take) => {
  const file = name.replace(/.*\//, "");
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${file}: the server answers ${response.status}`);
  const stream = response.body.pipeThrough(new DecompressionStream("gzip"));
  try {
    return await take(new Response(stream, { headers: { "content-type": type } }));
  } catch ({ message }) {
    throw new Error(`${file} did not come whole: ${message}`);
  }
};
export const files = Promise.all([
  unpacked("./made/micropython.bin", "application/wasm", (response) => WebAssembly.compileStreaming(response)),
  unpacked("./page.bin", "application/json", (response) => response.json()),
]);

// MicroPython would fetch its WebAssembly itself, and have it compiled then. It is given what was compiled as it came.
const give = async (wasm) => {
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (_, imports) => ({ instance: await WebAssembly.instantiate(wasm, imports) });
  try {
    return await loadMicroPython({ url: "data:application/wasm," });
  } finally {
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
};

// Resolves when the first figure's controls are alive. Each step is a task of its own, so that the page answers between.
const breath = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));
export const start = async ([wasm, modules]) => {
  await breath();
  const python = await give(wasm);
  await breath();
  for (const [name, source] of Object.entries(modules)) python.FS.writeFile(`${name}.py`, source);
  await breath();
  python.runPython("import asyncio, json");
  await breath();
  await python.runPythonAsync(modules.page);
};
