// The two libraries from npm, set up for our workloads as near as they allow, each by its documented calls.

/** Load a script that was written for Node's `module.exports`; null where it was not fetched. */
export async function load(url) {
  const answer = await fetch(url);
  if (!answer.ok) return null;
  const module = { exports: {} };
  new Function("module", "exports", "window", await answer.text())(module, module.exports, globalThis);
  return module.exports;
}

/** brain.js steps after every sample and has one activation for all layers; momentum must be above 0. */
export function brainXor(brain, { X, Y, rate }) {
  const samples = X.map((input, k) => ({ input, output: Y[k] }));
  const options = { learningRate: rate, momentum: 1e-9, errorThresh: 1e-12 };
  return (epochs) => {
    const net = new brain.NeuralNetwork({ hiddenLayers: [2], activation: "sigmoid" });
    const { iterations } = net.train(samples, { ...options, iterations: epochs });
    if (iterations !== epochs) throw new Error(`brain.js stopped after ${iterations} of ${epochs} epochs`);
  };
}

/** ConvNetJS: the hidden layers as ours, a linear output (its regression layer has no other), our batches. */
export function convnet(convnetjs, { X, Y, rate, batch, net }) {
  const hidden = net.biases.slice(0, -1).map((b) => ({ type: "fc", num_neurons: b.length, activation: "tanh" }));
  const layers = [{ type: "input", out_sx: 1, out_sy: 1, out_depth: 2 }, ...hidden, { type: "regression", num_neurons: 1 }];
  const inputs = X.map((x) => new convnetjs.Vol(x));
  const options = { method: "sgd", learning_rate: rate, momentum: 0, batch_size: batch ?? X.length };
  return (epochs) => {
    const network = new convnetjs.Net();
    network.makeLayers(structuredClone(layers)); // it writes into what it is given
    const trainer = new convnetjs.SGDTrainer(network, options);
    for (let epoch = 0; epoch < epochs; epoch++) inputs.forEach((input, k) => trainer.train(input, Y[k]));
  };
}
