// Runs before the page does: notes when controls come alive and Python is ready, and the longest main-thread task.
(() => {
  const seen = { alive: 0, ready: 0, longest: 0 };
  const look = () => {
    const figure = document.querySelector("figure.unfold");
    const state = figure ? figure.dataset.state : document.documentElement?.dataset.state;
    if (state === "loading") seen.alive ||= performance.now();
    if (state === "ready") { seen.alive ||= performance.now(); seen.ready ||= performance.now(); }
  };
  new MutationObserver(look).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) seen.longest = Math.max(seen.longest, task.duration);
  }).observe({ type: "longtask", buffered: true });
  globalThis.watched = () => ({
    ...seen,
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  });
})();
