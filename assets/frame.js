// Runs in each embed/NAME.html, a figure alone in a frame. It tells the page around how high the figure is and what
// state it is in, takes on that page's light or dark, and lets all frames of one page share one runtime: the first
// owns it, the others hand it their figures (py/app/page.py takes them in), and when it goes another one begins anew.
{
  const { src } = document.currentScript; // carries the version: frames of different versions do not share
  const root = document.documentElement;
  const around = parent === window ? null : parent;
  const tell = (kind, more) => around?.postMessage({ unfold: kind, ...more }, "*"); // any page may know these

  // Light or dark as we are told, whatever the reader's own choice: in what asks for it, it is made always so or never.
  const ASKED = "(prefers-color-scheme: dark)";
  const ANSWER = { light: "(max-width: 0)", dark: "(min-width: 0)" };
  const asking = new Map();
  const dress = (theme) => {
    if (!ANSWER[theme]) return;
    root.dataset.theme = root.style.colorScheme = theme;
    for (const { cssRules } of document.styleSheets)
      for (const { media } of cssRules) if (media?.mediaText.includes(ASKED)) asking.set(media, media.mediaText);
    for (const source of document.querySelectorAll("source[media]:not([data-asked])"))
      asking.set(source, (source.dataset.asked = source.media));
    for (const [place, text] of asking)
      place["mediaText" in place ? "mediaText" : "media"] = text.replace(ASKED, ANSWER[theme]);
    dispatchEvent(new Event("unfold-theme"));
  };

  // Another state, as if the reader had followed a link to it.
  const relink = (settings) => {
    const { theme } = root.dataset;
    history.replaceState(null, "", `${location.pathname}${theme ? `?theme=${theme}` : ""}#${settings}`);
    dispatchEvent(new HashChangeEvent("hashchange"));
  };

  let state = null;
  const told = (now) => {
    tell(state === null ? "ready" : "change", { state: now });
    state = now;
  };
  // `guests` are the frames whose figures the owner has to take in; once its Python runs, `arrive` does.
  const unfold = (window.unfold = { src, told, owns: false, guests: [], arrive: (guest) => unfold.guests.push(guest) });

  const others = () => {
    const found = [];
    for (let i = 0; around && i < around.length; i++) {
      try {
        if (around[i] !== window && around[i].unfold?.src === src) found.push(around[i]);
      } catch {} // a frame of another site's
    }
    return found;
  };
  const join = () => {
    const owner = others().find((other) => other.unfold.owns);
    if (!owner) {
      unfold.owns = true;
      // PyScript opens a database, which it has no use for here; a browser may refuse one to a frame of another site's.
      Object.defineProperty(window, "indexedDB", { value: { open: () => ({}) } });
      import("./early.mjs");
      return;
    }
    owner.addEventListener("pagehide", (event) => event.persisted || setTimeout(orphaned));
    owner.unfold.arrive(window);
  };

  // The figure as it came: what the owner took with it (its listeners, the canvases) cannot be had back.
  let untouched;
  const orphaned = () => {
    const hidden = new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`).get("hide");
    document.querySelector("figure.unfold:not([data-state=poster])")?.replaceWith(untouched.cloneNode(true));
    root.dataset.runtime = "starting";
    if (state !== null) relink([state, hidden && `hide=${hidden}`].filter(Boolean).join("&"));
    join();
  };

  // What a reader does before Python has the controls is noted on them; it is done when Python comes (py/app/page.py).
  for (const kind of ["input", "click"])
    addEventListener(kind, ({ target }) => {
      const control = target.closest("[data-state=poster] [name]");
      if (control && (kind === "click") === (control.tagName === "BUTTON")) control.dataset.early = "";
    });

  addEventListener("message", ({ source, data }) => {
    if (!around || source !== around || !data) return;
    if (data.unfold === "theme") dress(data.theme);
    if (data.unfold === "state") relink(data.state);
  });
  const theme = new URLSearchParams(location.search).get("theme");
  dress(theme);
  addEventListener("DOMContentLoaded", () => {
    dress(root.dataset.theme); // the posters, too
    untouched = document.querySelector("figure.unfold").cloneNode(true);
    const main = document.querySelector("main");
    const measure = () => tell("height", { height: Math.ceil(main.getBoundingClientRect().height) });
    measure(); // by itself: in a frame that is not shown yet nothing is observed
    new ResizeObserver(measure).observe(main);
    join();
  });
}
