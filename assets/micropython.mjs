// The page's own Python: MicroPython with py/app/page.py. PyScript starts the worker's; the controls need not wait for
// that. The WebAssembly comes packed, so that no host need compress.
import { loadMicroPython } from "./runtime/micropython/micropython.mjs";

const fetched = async (name) => {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name.replace(/.*\//, "")}: the server answers ${response.status}`);
  return response;
};
const text = async (name) => (await fetched(name)).text();
const unpacked = async (name) => {
  const { body } = await fetched(name);
  const headers = { "content-type": "application/wasm" };
  return new Response(body.pipeThrough(new DecompressionStream("gzip")), { headers }).blob();
};

export const files = Promise.all([
  unpacked("./made/micropython.bin"),
  text("../py/app/messages.py"),
  text("../py/app/offline.py"),
  text("../py/app/page.py"),
]);

export const start = async ([wasm, messages, offline, page]) => {
  const python = await loadMicroPython({ url: URL.createObjectURL(wasm) });
  await new Promise((go) => setTimeout(go)); // to start it and to run what it is for are two tasks
  python.FS.writeFile("messages.py", messages);
  python.FS.writeFile("offline.py", offline);
  await python.runPythonAsync(page);
};
