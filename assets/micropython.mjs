// The page's own Python: MicroPython, with py/app/page.py. PyScript starts the worker's; the controls need not wait for
// that. Both come in one file, packed, so that no host need compress.
import { loadMicroPython } from "./runtime/micropython/micropython.mjs";

const PAGE = "./page.bin";
const compiled = async () => {
  const name = PAGE.slice(2);
  const response = await fetch(new URL(PAGE, import.meta.url));
  if (!response.ok) throw new Error(`${name}: the server answers ${response.status}`);
  const stream = response.body.pipeThrough(new DecompressionStream("gzip"));
  try {
    return await WebAssembly.compileStreaming(new Response(stream, { headers: { "content-type": "application/wasm" } }));
  } catch ({ message }) {
    throw new Error(`${name} did not come whole: ${message}`);
  }
};
export const wasm = compiled();

// Each step of the start is a task of its own, so that the page answers between.
const breath = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));

// MicroPython would fetch its WebAssembly itself, and have it compiled then. It is given what was compiled as it came.
// Where its memory is pictured it has begun already, and all modules are imported (tools/shipped.py): it does not begin
// again. Else the modules' texts are in a section of the WebAssembly.
const BEGINNINGS = ["__wasm_call_ctors", "mp_js_init", "proxy_c_init"];
const give = async (module, pictured) => {
  const begun = pictured ? Object.fromEntries(BEGINNINGS.map((name) => [name, () => {}])) : {};
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (_, imports) => {
    await breath();
    const { exports } = await WebAssembly.instantiate(module, imports);
    await breath();
    return { instance: { exports: { ...exports, ...begun } } };
  };
  try {
    return await loadMicroPython({ url: "data:application/wasm," });
  } finally {
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
};

// Resolves when the first figure's controls are alive.
export const start = async () => {
  const module = await wasm;
  const [texts] = WebAssembly.Module.customSections(module, "page");
  await breath();
  const python = await give(module, !texts);
  if (texts)
    for (const [name, text] of Object.entries(JSON.parse(new TextDecoder().decode(texts))))
      python.FS.writeFile(`${name}.py`, text);
  await breath();
  python.pyimport("here").arrive();
  await breath();
  python.pyimport("page").begin();
  await breath();
};
