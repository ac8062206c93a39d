// Starts everything, once the article has been painted. First comes MicroPython, which takes the controls and has been
// asked for before; then PyScript, which starts the worker, and what the worker will ask for.
const MICROPYTHON = ["./micropython.mjs", "./runtime/micropython/micropython.mjs"];
const PAGES = ["./made/micropython.bin", "../py/app/page.py", "../py/app/messages.py", "../py/app/offline.py"];
const PYSCRIPT = ["./runtime/pyscript/core.js", "./runtime/pyscript/core-C9KDLldu.js", "./runtime/pyscript/toml-V4Savzlc.js"];
const WORKERS = ["./made/wasm.bin", "./made/picture.bin", "./made/loader.bin"];
const LONG_ENOUGH = 3000; // milliseconds to wait for the first paint

const link = (rel, names, as) => {
  for (const name of names) {
    const { href } = new URL(name, import.meta.url);
    document.head.append(Object.assign(document.createElement("link"), { rel, href, crossOrigin: "anonymous", as }));
  }
};
const painted = new Promise((resolve) => {
  const observer = new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) resolve();
  });
  observer.observe({ type: "paint", buffered: true });
  setTimeout(resolve, document.hidden ? 0 : LONG_ENOUGH); // a page out of sight is not painted
});

// If the page's Python, or what starts the worker's, cannot come, nothing but this is there to say so.
const failed = (error) => {
  console.error(error);
  document.documentElement.dataset.runtime = "failed";
  for (const figure of document.querySelectorAll("figure.unfold")) {
    figure.dataset.state = "error";
    const alert = figure.querySelector("[role=alert]");
    alert.textContent = `The page's own Python could not be started, so this figure stays a picture (${error.message}). Loading the page again may help.`;
  }
};

// What of the article is not in the first frame is there as soon as the page has a moment.
const moment = () => new Promise((go) => globalThis.requestIdleCallback?.(go, { timeout: 100 }) ?? setTimeout(go, 16));
const showRest = async () => {
  const { dataset } = document.documentElement;
  await moment();
  if (dataset.laid === "first") dataset.laid = "near";
};

link("modulepreload", MICROPYTHON, "script");
link("preload", PAGES, "fetch");
await painted;
showRest();
try {
  const { files, start } = await import("./micropython.mjs");
  const fetched = await files;
  link("modulepreload", PYSCRIPT, "script");
  link("preload", ["../pyscript.toml"], "fetch");
  link("prefetch", WORKERS, "fetch");
  await Promise.all([start(fetched), import(PYSCRIPT[0])]);
} catch (error) {
  failed(error);
}
