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

const begin = ({ data: address }) => {
  addEventListener("message", keep);
  const { addEventListener: listen } = globalThis;
  globalThis.addEventListener = (...what) => {
    globalThis.addEventListener = listen;
    listen(...what);
    setTimeout(hand);
  };
  import(address).catch((error) => setTimeout(() => { throw error; })); // as a worker of its own would say it
};
addEventListener("message", begin, { once: true });
