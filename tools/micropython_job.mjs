// In a worker of a headless browser: the page's MicroPython, asked by tools/compiler.py for its memory once it has
// imported all that the page does.
import { loadMicroPython } from "./runtime/micropython.mjs";

const give = (name, body) => fetch(name, { method: "POST", body });

try {
  Date.now = () => Date.UTC(2000); // of the same texts the same is made
  let memory;
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await instantiateStreaming(...given);
    memory = made.instance.exports.memory;
    return made;
  };
  const python = await loadMicroPython();
  for (const [name, source] of Object.entries(await (await fetch("page.json")).json()))
    python.FS.writeFile(`${name}.py`, source);
  python.runPython(await (await fetch("code.py")).text());
  // What is known of JavaScript is a number in the memory, and a list beside it: this has the page itself, and no more.
  if (globalThis.proxy_js_ref.length > 2) throw new Error("a module asked for something of the page as it was imported");
  await give("out", memory.buffer);
} catch (error) {
  await give("failed", String(error));
}
