// The worker that PyScript will ask for, started before it does: Python comes up here while PyScript comes up on the
// page. The first message is then the address of PyScript's own code for a worker (early.mjs). What PyScript sends is
// kept until that code listens, and handed on as it would have come, each message in a task of its own.
import "./interpreter.mjs";

const kept = [];
let handed;
const keep = (event) => {
  if (event === handed) return;
  event.stopImmediatePropagation();
  kept.push(new MessageEvent("message", { data: event.data, ports: [...event.ports] }));
};
const hand = () => {
  handed = kept.shift();
  if (!handed) return removeEventListener("message", keep); // from now on they come by themselves
  dispatchEvent(handed);
  setTimeout(hand);
};

// PyScript's code is made to say that it runs: by the next task it listens. (That something listens would not tell:
// Pyodide does, too.)
globalThis.beginsToListen = () => setTimeout(hand);
const begin = async ({ data: address }) => {
  addEventListener("message", keep);
  const code = new Blob(["beginsToListen();", await (await fetch(address)).blob()], { type: "text/javascript" });
  await import(URL.createObjectURL(code));
};
addEventListener("message", begin, { once: true });
postMessage(null); // it runs
