// Begins the downloads: what the page runs on when the article has been painted, for until then the line is the
// article's own; the worker's when the page's are over, well before PyScript has started the worker. The browser keeps
// them for those who ask for them; this is only about when.
const PYSCRIPT = ["./runtime/pyscript/core.js", "./runtime/pyscript/core-C9KDLldu.js", "./runtime/pyscript/toml-V4Savzlc.js"];
const MODULES = [...PYSCRIPT, "./micropython.mjs", "./runtime/micropython/micropython.mjs"];
const LAST = "./made/micropython.bin";
const FILES = ["../pyscript.toml", "../py/app/messages.py", "../py/app/page.py", LAST];
const WORKERS = ["wasm.bin", "picture.bin", "loader.bin"];
const LONG_ENOUGH = 3000; // milliseconds to wait for the first paint

const whole = (name) => new URL(name, import.meta.url).href;
const link = (rel, href, as) => document.head.append(Object.assign(document.createElement("link"), { rel, href, crossOrigin: "anonymous", ...as }));
const painted = new Promise((resolve) => {
  const observer = new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) resolve();
  });
  observer.observe({ type: "paint", buffered: true });
  setTimeout(resolve, document.hidden ? 0 : LONG_ENOUGH); // a page out of sight is not painted
});

new PerformanceObserver((list, observer) => {
  if (!list.getEntries().some(({ name }) => name === whole(LAST))) return;
  observer.disconnect();
  for (const name of WORKERS) link("prefetch", whole(`./made/${name}`), { as: "fetch" });
}).observe({ type: "resource", buffered: true });

await painted;
for (const name of MODULES) link("modulepreload", whole(name));
for (const name of FILES) link("preload", whole(name), { as: "fetch" });
await import(PYSCRIPT[0]);
