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

// Starts the interpreter with the site's standard library, imports what every start does, and gives back what this has
// changed in a memory that held the WebAssembly's own data only.
const picture = async () => {
  let before;
  const python = await loadPyodide({
    _makeSnapshot: true,
    stdLibURL: new URL("in.zip", location.href).href,
    createPyodideModule: (settings) => {
      const instantiate = settings.instantiateWasm;
      settings.instantiateWasm = (imports, done) =>
        instantiate(imports, (instance, module) => {
          before = new Uint32Array(instance.exports.memory.buffer.slice());
          done(instance, module);
        });
      return createPyodideModule(settings);
    },
  });
  python.runPython(new TextDecoder().decode(await ask("code.py")));
  const snapshot = python.makeMemorySnapshot();
  const words = new Uint32Array(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength / 4);
  const memory = words.subarray(words[1] / 4); // its header tells where the memory begins
  for (let i = 0; i < before.length; i++) memory[i] ^= before[i];
  await give("out", snapshot);
};

try {
  await { compile, picture }[new URL(location.href).searchParams.get("job")]();
} catch (error) {
  await give("failed", String(error));
}
