// In a worker of a headless browser: the site's own Pyodide, asked by tools/compiler.py to compile and to be pictured.
import { loadPyodide } from "./runtime/pyodide.mjs";
import createPyodideModule from "./runtime/pyodide.asm.mjs";

const ask = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
const give = (name, body) => fetch(name, { method: "POST", body });

// Runs Python over the files of an archive, and gives back the archive that it leaves.
const compile = async () => {
  const python = await loadPyodide({ env: { PYTHONNODEBUGRANGES: "1" } });
  python.FS.writeFile("/tmp/in.zip", await ask("in.zip"));
  python.runPython(new TextDecoder().decode(await ask("code.py")));
  await give("out", python.FS.readFile("/tmp/out.zip"));
};

// Starts the interpreter with the site's standard library and some files, imports what every start does, and gives back
// what Python says then, in a line, and what all this has changed in a memory that held no more than the WebAssembly's
// own data, Pyodide's and that of numpy's libraries. These are loaded before anything runs: where the picture is
// continued (assets/interpreter.mjs) they get the same places in the memory and among the functions then. Nothing of
// the moment comes into the picture: of the same files the same is made, and readers keep what they have.
const picture = async () => {
  let now = Date.UTC(2000);
  Date.now = performance.now = () => now++; // it goes on: Python looks again into a folder that has become younger
  crypto.getRandomValues = (numbers) => numbers.fill(0);
  const files = await ask("files.data");
  const sizes = Object.entries(JSON.parse(new TextDecoder().decode(await ask("files.json"))));
  const isLibrary = (path) => path.endsWith(".so");
  let before;
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (library, imports) => {
    const made = await instantiate(library, imports);
    if (imports?.["GOT.mem"]) before = new Uint32Array(imports.env.memory.buffer.slice());
    return made;
  };
  const python = await loadPyodide({
    _makeSnapshot: true,
    env: { PYTHONHASHSEED: "0" },
    stdLibURL: new URL("stdlib.zip", location.href).href,
    createPyodideModule: (settings) => {
      settings.dynamicLibraries = sizes.map(([path]) => path).filter(isLibrary);
      settings.locateFile = (path) => new URL(path.replace(/.*\//, ""), location.href).href;
      return createPyodideModule(settings);
    },
  });
  let from = 0;
  for (const [path, size] of sizes) {
    python.FS.mkdirTree(path.replace(/\/[^/]*$/, ""));
    // Python reads a library that it imports, though it is there: of what it reads only traces would stay.
    python.FS.writeFile(path, isLibrary(path) ? "there already" : files.subarray(from, from + size));
    from += size;
  }
  const said = python.runPython(new TextDecoder().decode(await ask("code.py")));
  const snapshot = python.makeMemorySnapshot();
  const words = new Uint32Array(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength / 4);
  const memory = words.subarray(words[1] / 4); // its header tells where the memory begins
  for (let i = 0; i < before.length; i++) memory[i] ^= before[i];
  await give("out", new Blob([said, "\n", snapshot]));
};

try {
  await { compile, picture }[new URL(location.href).searchParams.get("job")]();
} catch (error) {
  await give("failed", String(error));
}
