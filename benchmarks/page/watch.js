// Runs before the page does: notes when the article is painted, controls come alive and Python is ready, how far the
// layout moved, and the longest main-thread task.
(() => {
  const seen = { alive: 0, ready: 0, longest: 0, paint: 0, shift: 0, tasks: [] };
  const look = () => {
    const figures = [...document.querySelectorAll("figure.unfold")];
    const states = figures.length ? figures.map((figure) => figure.dataset.state) : [document.documentElement?.dataset.state];
    // The figure in view, or that which a link leads to, is alive and ready before any other.
    if (states.includes("loading") || states.includes("ready")) seen.alive ||= performance.now();
    if (states.includes("ready")) seen.ready ||= performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe("longtask", (task) => {
    seen.longest = Math.max(seen.longest, task.duration);
    seen.tasks.push([Math.round(task.startTime), Math.round(task.duration)]);
  });
  observe("largest-contentful-paint", (paint) => (seen.paint = paint.startTime));
  observe("layout-shift", (shift) => (seen.shift += shift.hadRecentInput ? 0 : shift.value));
  // What was seen up to now, or until something is there. Tasks that end after it belong to the start too: two frames.
  globalThis.watched = async (selector) => {
    while (selector && !document.querySelector(selector)) await new Promise((go) => setTimeout(go, 20));
    for (let frames = 2; selector && frames--; ) await new Promise(requestAnimationFrame);
    return seen;
  };
})();
