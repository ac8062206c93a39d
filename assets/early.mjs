// Begins the worker's downloads when the page's own are over, well before PyScript has started the worker: the browser
// keeps them for it. (The worker asks for them by itself too; this is only about when.)
const LAST = "micropython.bin";
const NEXT = ["wasm.bin", "picture.bin", "loader.bin"];
const begin = () => {
  for (const name of NEXT) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "prefetch", as: "fetch", crossOrigin: "anonymous" });
    link.href = new URL(`./made/${name}`, import.meta.url);
    document.head.append(link);
  }
};
const watch = new PerformanceObserver((list) => {
  if (!list.getEntries().some(({ name }) => name.endsWith(LAST))) return;
  watch.disconnect();
  begin();
});
watch.observe({ type: "resource", buffered: true });
