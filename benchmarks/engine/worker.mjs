// One thread for every contender of the browser: Pyodide with our engine, and the peers in JavaScript.
import { loadPyodide } from "./runtime/pyodide/pyodide.mjs";
import { brainXor, convnet, load } from "./peers/libraries.js";
import { NodeNetwork } from "./peers/nodes.js";
import { trainUnrolled, trainUnrolledByExp } from "./peers/unrolled.js";

// Every WebAssembly memory that is looked into from here on, Pyodide's and the kernel's, so that growth can be seen.
const memories = new Set();
const { get } = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, "buffer");
Object.defineProperty(WebAssembly.Memory.prototype, "buffer", {
  get() {
    memories.add(this);
    return get.call(this);
  },
});

const python = await loadPyodide({ packages: ["numpy"] });
python.unpackArchive(await (await fetch("./python.zip")).arrayBuffer(), "zip", { extractDir: "/home/pyodide" });
const workloads = python.pyimport("workloads");
const { xor, circles } = JSON.parse(workloads.starts());
const SLICE = workloads.SLICE;

const nodes = ({ net, X, Y, rate, batch }) => (n) => new NodeNetwork(net).train(X, Y, n, rate, batch ?? X.length);
const unrolled = (train) => (n) => train(xor.net.weights, xor.net.biases, xor.X, xor.Y, n, xor.rate);
const runs = {
  "xor nodes": nodes(xor),
  "xor unrolled": unrolled(trainUnrolled),
  "xor unrolled by exp": unrolled(trainUnrolledByExp),
  "circles nodes": nodes(circles),
};
const brain = await load("./brain.js");
const convnetjs = await load("./convnetjs.js");
if (brain) runs["xor brain.js"] = brainXor(brain, xor);
if (convnetjs) {
  runs["xor ConvNetJS"] = convnet(convnetjs, xor);
  runs["circles ConvNetJS"] = convnet(convnetjs, circles);
}

function lossAfter(epochs, { net, X, Y, rate, batch, orders }) {
  const network = new NodeNetwork(net);
  network.train(X, Y, epochs, rate, batch ?? X.length, batch && orders);
  return network.loss(X, Y);
}

const answers = {
  python: (code) => python.runPython(code),
  names: () => Object.keys(runs),
  time(name, times) {
    if (!(name in runs)) return workloads.timed(name, times);
    const begin = performance.now();
    for (let first = 0; first < times; first += SLICE) runs[name](Math.min(SLICE, times - first));
    return (performance.now() - begin) / 1000;
  },
  losses: (epochs) => ({
    "xor nodes": lossAfter(epochs, xor),
    "xor unrolled": unrolled(trainUnrolled)(epochs + 1).loss, // it tells the loss before its last epoch
    "xor unrolled by exp": unrolled(trainUnrolledByExp)(epochs + 1).loss,
    "circles nodes": lossAfter(epochs, circles),
  }),
  memory(engine, calls) {
    const bytes = workloads.call_often(engine, calls);
    globalThis.gc();
    return { python: bytes, wasm: [...memories].reduce((sum, memory) => sum + get.call(memory).byteLength, 0) };
  },
};

onmessage = ({ data: [name, ...rest] }) => {
  try {
    postMessage({ value: answers[name](...rest) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
postMessage({ value: "ready" });
