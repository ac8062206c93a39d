// Pyodide's loader, as pyscript.toml names it. It starts every download at once, tells the page how far they have
// come, and puts together what the site's builder has taken apart (tools/shipped.py): an interpreter that continues
// from the picture of its own memory, in which numpy is imported and what each start needs of ours, with the rest of our
// Python unpacked beside it.
export const version = "314.0.3";
const BUILD = { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.0" };

// PyScript opens a database that nothing of ours is kept in, and would not start without. In a frame of another site's
// page browsers may refuse one, so it is given one that is empty and stays so.
const done = (result) => {
  const request = {};
  queueMicrotask(() => request.onsuccess?.({ target: { result } }));
  return request;
};
const empty = new Proxy({}, { get: () => () => done([]) });
const database = { transaction: () => ({ objectStore: () => empty }), close: () => {} };
Object.defineProperty(globalThis, "indexedDB", { value: { open: () => done(database) } });

const at = (name) => new URL(name, import.meta.url).href;
const pyodide = import("./runtime/pyodide/pyodide.mjs");
const about = { wasm: 3.6e6, loader: 2.7e5, picture: 4e6, libraries: 1.4e6, python: 3.2e5 }; // bytes, until told
let received = 0, told = 0; // bytes, and when the page was last told of them

// A file of the site, unpacked on its way; a host may compress what it sends or not, it costs the same.
const whole = async (address, type) => {
  const file = address.replace(/.*\//, "");
  const name = file.replace(/\.bin$/, "");
  const response = await ask(at(address));
  if (!response.ok) throw new Error(`${file}: the server answers ${response.status}`);
  about[name] = Number(response.headers.get("content-length")) || about[name] || 0;
  const count = new TransformStream({
    transform(chunk, out) {
      received += chunk.byteLength;
      const total = Object.values(about).reduce((sum, size) => sum + size);
      if (performance.now() - told > 100 || received >= total) {
        told = performance.now();
        postMessage(JSON.stringify({ kind: "loading", received, total }));
      }
      out.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(count).pipeThrough(new DecompressionStream("gzip")), {
    headers: { "content-type": type },
  });
};
const bytes = async (address) => new Uint8Array(await (await whole(address, "")).arrayBuffer());
const script = async (address) => (await import(URL.createObjectURL(await (await whole(address, "text/javascript")).blob()))).default;

const ask = globalThis.fetch;
const wasm = whole("./made/wasm.bin", "application/wasm").then((response) => WebAssembly.compileStreaming(response));
const loader = script("./made/loader.bin");
const picture = bytes("./picture.bin").then(unfolded).catch(() => null); // damaged or gone: we start without
const libraries = bytes("./made/libraries.bin").then(members); // numpy's own WebAssembly
const first = Promise.all([loader, picture, libraries]);
const ours = first.then(() => bytes("./python.bin")); // what the start needs first comes first
// Pyodide itself waits for ever when its WebAssembly does not come.
const failed = ({ message }) => {
  const say = () => postMessage(JSON.stringify({ kind: "runtime", state: "failed", text: message }));
  say();
  addEventListener("message", say); // the page may not have been listening yet
};
for (const download of [wasm, loader, libraries, ours]) download.catch(failed);

// The picture of a started interpreter's memory comes as the hash of the standard library that goes with it, its length,
// and the pages that are not empty, after their numbers. It begins with a head, that tells where the memory does.
const PAGE = 1 << 14;
const WORDS = PAGE / 4; // of a page
function unfolded({ buffer, length: size }) {
  if (!size) return null;
  const [length, count] = new Uint32Array(buffer, 32, 2);
  const pages = new Uint32Array(buffer, 40, count);
  const words = new Uint32Array(buffer, 40 + 4 * count, count * WORDS);
  const head = new Uint8Array(words.slice(0, words[1] / 4).buffer);
  const hash = [...new Uint8Array(buffer, 0, 32)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { pages, words, head, size: length - head.length, hash };
}
// Calls with each page: its words in the picture, and where in the memory they belong.
const paged = ({ pages, words, head }, memory, visit) =>
  pages.forEach((page, i) => {
    const at = page * WORDS - head.length / 4;
    const from = Math.max(0, -at);
    visit(words.subarray(i * WORDS + from, i * WORDS + Math.min(WORDS, memory.length - at)), at + from);
  });
// It holds what differs from a memory with nothing but the WebAssembly's own data in it, numpy's too: added now, while
// there is nothing else, it is what the memory is to be.
const add = (found, memory) =>
  paged(found, memory, (words, at) => {
    for (let i = 0; i < words.length; i++) words[i] ^= memory[at + i];
  });
// And this makes it so. Python calls functions by way of one that is made in the browser, but on iPhones; the picture
// holds the number that it had elsewhere.
const restore = (found, { __PyRuntime: runtime, __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: offset, HEAPU32: memory }) => {
  const place = (runtime + memory[offset / 4]) / 4;
  const own = memory[place];
  paged(found, memory, (words, at) => memory.set(words, at));
  memory[place] = own;
};

// The picture holds functions by their numbers in a table, where those exported get theirs. WebKit makes two of one that
// is exported and in the table already, so that it would get a second number, and others another: make it one again. The
// others do not, as a WebAssembly of one function f in a table t tells; looking through the whole table takes its time.
const [magic, type, declared, tabled] = [[0, 97, 115, 109, 1, 0, 0, 0], [1, 4, 1, 96, 0, 0], [3, 2, 1, 0], [4, 4, 1, 112, 0, 1]];
const [named, filled, code] = [[7, 9, 2, 1, 102, 0, 0, 1, 116, 1, 0], [9, 7, 1, 0, 65, 0, 11, 1, 0], [10, 4, 1, 2, 0, 11]];
const tiny = new Uint8Array([magic, type, declared, tabled, named, filled, code].flat());
const { f, t } = new WebAssembly.Instance(new WebAssembly.Module(tiny)).exports;
const exported = ({ exports }, table = exports.__indirect_function_table, from = 0) => {
  if (t.get(0) === f) return exports;
  const known = {};
  for (let i = from; i < table.length; i++) {
    const made = table.get(i);
    if (made) known[made.name] = made; // the name is the WebAssembly's own number for it
  }
  const one = (thing) => (typeof thing === "function" && known[thing.name]) || thing;
  return Object.fromEntries(Object.entries(exports).map(([name, thing]) => [name, one(thing)]));
};

// The files of an archive that is not compressed, by their paths; Python's own way to unpack one takes ten times as long.
function members(archive) {
  const view = new DataView(archive.buffer, archive.byteOffset);
  const found = {};
  for (let at = 0; view.getUint32(at, true) === 0x04034b50; ) {
    const size = view.getUint32(at + 18, true);
    const named = at + 30 + view.getUint16(at + 26, true);
    const from = named + view.getUint16(at + 28, true);
    found[new TextDecoder().decode(archive.subarray(at + 30, named))] = archive.subarray(from, from + size);
    at = from + size;
  }
  return found;
}
const SITE = "/lib/python3.14/site-packages", HOME = "/home/pyodide";
const put = (files, found, folder) => {
  const there = new Set();
  for (const [path, data] of Object.entries(found)) {
    const parent = `${folder}/${path}`.replace(/\/[^/]*$/, "");
    if (!there.has(parent)) files.mkdirTree(parent);
    there.add(parent);
    files.writeFile(`${folder}/${path}`, data, { canOwn: true }); // the archive's own bytes, not a copy
  }
};

const start = async (found) => {
  const { loadPyodide } = await pyodide;
  const create = await loader;
  const shared = Object.entries(await libraries).map(([path, data]) => [`${SITE}/${path}`, data]);
  // Pyodide would fetch its WebAssembly now, and numpy's libraries; ours is compiled, or about to be, and they are here.
  const { instantiateStreaming, instantiate } = WebAssembly;
  globalThis.fetch = async (what, settings) => {
    const library = shared.find(([path]) => path === what);
    if (library) return new Response(library[1]);
    return String(what.url ?? what).endsWith("pyodide.asm.wasm") ? null : ask(what, settings);
  };
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await wasm;
    const instance = await instantiate(module, imports);
    return { module, instance: { exports: exported(instance) } };
  };
  // For a picture numpy's libraries are loaded before anything runs, as when it was made: they get the same places then.
  let missing = shared.length;
  WebAssembly.instantiate = async (library, imports) => {
    const made = await instantiate(library, imports);
    if (!imports?.["GOT.mem"]) return made; // no library: Pyodide has a few small ones of another kind
    const { memory, __indirect_function_table: table, __table_base: from } = imports.env;
    if (found && --missing === 0) add(found, new Uint32Array(memory.buffer));
    return { module: made.module, instance: { exports: exported(made.instance, table, from) } };
  };
  try {
    return await loadPyodide({
      indexURL: at("./runtime/pyodide/"),
      packageBaseUrl: at("./runtime/pyodide/"),
      lockFileContents: { info: BUILD, packages: {} },
      stdLibURL: found ? "data:," : URL.createObjectURL(new Blob([await bytes("./made/stdlib.bin")])),
      ...(found && { _loadSnapshot: found.head }),
      createPyodideModule: async (settings) => {
        const dynamicLibraries = shared.map(([path]) => path);
        if (found) Object.assign(settings, { dynamicLibraries, locateFile: (path) => path, INITIAL_MEMORY: found.size });
        const python = await create(settings);
        if (found) restore(found, python); // Pyodide finds nothing after the head, and goes on from what is there
        return python;
      },
    });
  } finally {
    globalThis.fetch = ask;
    Object.assign(WebAssembly, { instantiateStreaming, instantiate });
  }
};

// PyScript begins with writing its own Python beside ours, and imports it. We need none of it.
const WRITES = "import os as _os\nfrom pathlib import Path as _Path\n_path = None\n";
const begin = async () => {
  let found = await picture;
  let python;
  try {
    python = await start(found);
  } catch (error) {
    if (!found) throw error;
    console.warn("Python starts from the beginning:", error);
    found = null;
    python = await start(found);
  }
  if (found) found.words = null; // 14 MB that nobody needs any more
  else {
    put(python.FS, { ...(await libraries), ...members(await bytes("./made/numpy.bin")) }, SITE);
    put(python.FS, members(await bytes("./start.bin")), HOME);
  }
  python.runPython("import random, numpy; random.seed(); numpy.random.seed()"); // or all readers would draw the same
  put(python.FS, members(await ours), HOME);
  python.pyimport("app.rest").install(at("./made/"), found ? found.hash : "");
  const { runPythonAsync } = python;
  python.runPythonAsync = async (code, settings) =>
    code.startsWith(WRITES) ? undefined : runPythonAsync(code, settings);
  return python;
};
const begun = begin();
begun.catch(() => {}); // PyScript will be told, when it asks

export const loadPyodide = () => begun;
