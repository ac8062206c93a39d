// Starts everything, once the article has been painted. First comes MicroPython, which takes the controls; then the
// worker, in which Python starts at once, and PyScript, which is to run our own Python there.
const MICROPYTHON = ["./micropython.mjs", "./runtime/micropython/micropython.mjs"];
const PYSCRIPT = ["./runtime/pyscript/core.js", "./runtime/pyscript/core-C9KDLldu.js", "./runtime/pyscript/toml-V4Savzlc.js"];
const STEPS = ["top", "more", "most"]; // of laying out the first screenful (index.html)
// Of a figure that a link leads to: what comes first, after its head and its question, and what when the start is through
// its busiest. No more than MOST comes at a time of what can be taken apart: elements, or the letters that take as long.
const FIRST = [".stage", ".stage ~ :is(:not([data-panels]) > .said, .alert, .controls)"];
const LAST = [".stage ~ .formula", ".stage ~ *"];
const APART = ".formula, ol, ul, .code, .code *";
const MOST = 20;
const LETTERS = 20;
const NEAR = 7; // parts that come one by one; what is further away is not laid out until the reader comes near
const SOON = 1500; // milliseconds that what is not in view waits at most
const LONG_ENOUGH = 3000; // milliseconds to wait for the first paint

const { dataset } = document.documentElement;
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
  dataset.runtime = "failed";
  for (const figure of document.querySelectorAll("figure.unfold")) {
    figure.dataset.state = "error";
    const alert = figure.querySelector("[role=alert]");
    alert.textContent = `The page's own Python could not be started, so this figure stays a picture (${error.message}). Loading the page again may help.`;
  }
};

// Who comes by a link finds what it names, with a figure's settings behind it or without. Nothing else is there yet, and
// what stands before it is taken to be as high as such things are on average: it does not move when they come.
const frame = () => new Promise((go) => (document.hidden ? go() : requestAnimationFrame(go)));
const frames = () => frame().then(frame); // the second comes when the first is on the screen
const place = document.getElementById(location.hash.slice(1).split("?")[0])?.closest(".part > *");
const size = (element) => element.getElementsByTagName("*").length + element.textContent.length / LETTERS;
// An element and, one by one, what of it comes after it, each with how much it is.
const pieces = (element) => {
  const whole = size(element);
  const inside = whole > MOST && element.matches(APART) ? [...element.children] : [];
  return [[element, inside.reduce((left, each) => left - size(each), whole)], ...inside.flatMap(pieces)];
};
const layOut = async (steps, show = (step) => (dataset.laid = step)) => {
  for (const step of steps) {
    if (!dataset.laid) return; // all of it is laid out: a link was followed, or this took too long (index.html)
    show(step);
    await frames();
  }
};
// Each piece is told itself, not the page or the figure: browsers would look at all that is in them anew.
const tell = (some, name) => {
  for (const each of some) each.classList.add(name);
};
const layOutPieces = async (elements) => {
  const turns = [];
  let room = 0;
  for (const [piece, much] of elements.filter((each) => each.matches(".later:not(.there)")).flatMap(pieces)) {
    if (much > room || !turns.length) {
      turns.push([]);
      room = MOST;
    }
    turns.at(-1).push(piece);
    room -= much;
  }
  await layOut(turns, (turn) => tell(turn, "there"));
};
const ofPlace = (which) => [...new Set(which.flatMap((some) => [...place.querySelectorAll(`:scope > ${some}`)]))];
const goToPlace = async () => {
  await frame(); // the end of parsing comes first, at which browsers look through all controls that are there
  await new Promise((go) => setTimeout(go)); // to scroll is to lay out: a task of its own
  if (dataset.laid !== "link") return;
  if (!place) return (dataset.laid = "first");
  const beside = [...place.parentElement.children].filter((each) => each !== place);
  tell([...beside, ...ofPlace([...FIRST, ...LAST])].flatMap(pieces).map(([piece]) => piece), "later");
  tell([place, place.parentElement], "place");
  dataset.laid = "place";
  place.scrollIntoView();
  await frames(); // Firefox does not always tell that it has painted
};
const layOutPlace = () =>
  layOutPieces(place.matches("figure") ? ofPlace(FIRST) : [...place.parentElement.querySelectorAll(":scope > .place ~ *")]);
const layOutAround = async () => {
  const parts = [...document.querySelectorAll(".part")];
  const at = parts.indexOf(place.parentElement);
  const far = (part) => Math.abs(parts.indexOf(part) - at);
  const nearest = [...parts].sort((one, other) => far(one) - far(other));
  const turns = [...nearest.slice(0, NEAR).map((part) => [part]), nearest.slice(NEAR)];
  await layOut([parts], (all) => tell(all, "apart"));
  await layOutPieces([...place.parentElement.children]);
  for (const name of ["around", "there"]) await layOut(turns, (turn) => tell(turn, name));
};

// What of the article is not in the first screenful is there when that is, and the page has a moment.
const moment = () => new Promise((go) => globalThis.requestIdleCallback?.(go, { timeout: 100 }) ?? setTimeout(go, 16));
const showRest = async (started) => {
  while (!document.hidden && STEPS.includes(dataset.laid)) await frame();
  const linked = dataset.laid === "place";
  if (linked) {
    await Promise.race([started, new Promise((go) => setTimeout(go, SOON))]);
    await layOutPieces(ofPlace(LAST));
  }
  await frames(); // of the first screenful
  await moment();
  if (!linked) return layOut(["near"]);
  if (dataset.laid && !CSS.supports("overflow-anchor", "auto")) {
    delete dataset.laid; // all at once where the browser does not keep the reader's place meanwhile
    place.scrollIntoView();
  }
  await layOutAround();
};

// PyScript would start a worker when it is there itself. It is given this one, which is sent the address of PyScript's
// own code (worker.mjs). Resolves when ours has told that it runs, or cannot: then PyScript starts its own.
const startWorker = () =>
  new Promise((resolve) => {
    const { Worker } = globalThis;
    const early = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
    let given = false;
    const give = () => {
      globalThis.Worker = function (address, options) {
        if (given) return Reflect.construct(Worker, [address, options], new.target);
        given = true;
        early.postMessage(address);
        return Object.setPrototypeOf(early, new.target.prototype);
      };
      globalThis.Worker.prototype = Worker.prototype;
      resolve();
    };
    early.addEventListener("message", give, { once: true });
    early.addEventListener("error", resolve, { once: true });
  });

// PyScript looks for attributes such as py-click, in the whole document as it starts and then in all that is added: each
// time a formula changes. There are none here, and of an article this long that takes as long as the rest of its start.
// It also tries SharedArrayBuffer, which few pages have, in its outermost code; where that fails, V8 reads all of the
// script twice more, for the error's place and words. It is given one that fails by itself.
class Refused {
  constructor() {
    throw new TypeError("this page is not isolated");
  }
}
const spare = () => {
  globalThis.XPathEvaluator = class {
    createExpression = () => ({ evaluate: () => ({ snapshotLength: 0 }) });
  };
  globalThis.SharedArrayBuffer ??= Refused;
};

const startPython = async () => {
  const { wasm, start } = await import("./micropython.mjs");
  await wasm; // until then the line is for the controls alone
  link("modulepreload", PYSCRIPT, "script");
  link("preload", ["../pyscript.toml"], "fetch");
  await start();
  await startWorker();
  spare();
  await import(PYSCRIPT[0]);
  if (globalThis.SharedArrayBuffer === Refused) delete globalThis.SharedArrayBuffer;
};

await (dataset.laid === "link" ? goToPlace() : painted); // until then the line is for the article's style and fonts
link("modulepreload", MICROPYTHON, "script");
link("preload", ["./page.bin"], "fetch");
// From now on the controls can be used: what is done before Python has them is noted (index.html).
for (const controls of document.querySelectorAll(".controls")) controls.inert = false;
if (dataset.laid === "place") await layOutPlace();
const started = startPython().catch(failed);
showRest(started).catch((error) => {
  delete dataset.laid; // the reader has all of it, then
  throw error;
});
