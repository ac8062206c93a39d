// Pyodide's loader, as pyscript.toml names it. It starts every download at once, tells the page how far they have
// come, and puts together what the site's builder has taken apart (tools/shipped.py): an interpreter that continues
// from the picture of its own memory, with numpy and our Python unpacked beside it.
export const version = "314.0.3";
const BUILD = { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.0" };


const at = (name) => new URL(name, import.meta.url).href;
const pyodide = import("./runtime/pyodide/pyodide.mjs");
const about = { "wasm.bin": 3.6e6, "loader.bin": 2.7e5, "picture.bin": 2.8e6, "numpy.bin": 1.9e6 }; // bytes, until told
let received = 0, told = 0;

// A file of the site, unpacked on its way; a host may compress what it sends or not, it costs the same.
const whole = async (name) => {
  const response = await ask(at(`./made/${name}`));
  if (!response.ok) throw new Error(`${name}: the server answers ${response.status}`);
  about[name] = Number(response.headers.get("content-length")) || about[name] || 0;
  const count = new TransformStream({
    transform(chunk, out) {
      received += chunk.byteLength;
      const total = Object.values(about).reduce((sum, size) => sum + size);
      if (received - told > total / 100 || received >= total) {
        told = received;
        postMessage(JSON.stringify({ kind: "loading", received, total }));
      }
      out.enqueue(chunk);
    },
  });
  const type = name === "wasm.bin" ? "application/wasm" : "text/javascript";
  return new Response(response.body.pipeThrough(count).pipeThrough(new DecompressionStream("gzip")), {
    headers: { "content-type": type },
  });
};
const bytes = async (name) => new Uint8Array(await (await whole(name)).arrayBuffer());
const script = async (name) => {
  const address = URL.createObjectURL(await (await whole(name)).blob());
  return (await import(address)).default;
};

const ask = globalThis.fetch;
let wasm = whole("wasm.bin");
const loader = script("loader.bin");
const picture = bytes("picture.bin").catch(() => new Uint8Array()); // damaged or gone: we start without
const first = Promise.all([loader, picture]);
const numpy = first.then(() => bytes("numpy.bin")); // what the start needs first comes first
const ours = first.then(() => ask(at("./python.zip"))).then((response) => response.arrayBuffer());
// Pyodide itself waits for ever when its WebAssembly does not come.
const failed = ({ message }) => postMessage(JSON.stringify({ kind: "runtime", state: "failed", text: message }));
for (const download of [wasm, loader, numpy, ours]) download.catch(failed);

// Starts the interpreter: from a picture, which holds what differs from a memory with the WebAssembly's data in it, or
// from the beginning.
const start = async (options, found) => {
  const { loadPyodide } = await pyodide;
  const words = found && new Uint32Array(found.buffer, 32); // after the hash of the standard library
  const create = await loader;
  globalThis.fetch = (what, settings) =>
    String(what.url ?? what).endsWith("pyodide.asm.wasm") ? wasm : ask(what, settings);
  return await loadPyodide({
    ...options,
    indexURL: at("./runtime/pyodide/"),
    packageBaseUrl: at("./runtime/pyodide/"),
    lockFileContents: { info: BUILD, packages: {} },
    stdLibURL: found ? "data:," : URL.createObjectURL(new Blob([await bytes("stdlib.bin")])),
    ...(found && { _loadSnapshot: found.subarray(32) }),
    createPyodideModule: (settings) => {
      const instantiate = settings.instantiateWasm;
      settings.instantiateWasm = (imports, done) =>
        instantiate(imports, (instance, module) => {
          if (words) restore(words, new Uint32Array(instance.exports.memory.buffer));
          done(instance, module);
        });
      return create(settings);
    },
  });
};
const restore = (words, memory) => {
  const place = words[1] / 4; // where memory begins in a snapshot
  for (let i = 0; i < memory.length; i++) words[place + i] ^= memory[i];
};

export const loadPyodide = async ({ packages, ...options }) => {
  let found = await picture;
  if (found.length < 32) found = null;
  const hash = found ? [...found.subarray(0, 32)].map((byte) => byte.toString(16).padStart(2, "0")).join("") : "";
  let python;
  try {
    python = await start(options, found);
  } catch (error) {
    if (!found) throw error;
    console.warn("Python starts from the beginning:", error);
    wasm = whole("wasm.bin");
    python = await start(options, null);
  }
  python.unpackArchive(await numpy, "zip", { extractDir: "/lib/python3.14/site-packages" });
  python.unpackArchive(await ours, "zip");
  globalThis.fetch = ask;
  python.pyimport("app.rest").install(at("./made/"), hash);
  return python;
};
