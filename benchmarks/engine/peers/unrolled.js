// Straight-line JavaScript for one network alone: 2-2-1, tanh then sigmoid, full batches of four samples. No loop but
// that over epochs, no array, no object: every number is a local variable. The text for one sample is written once.
// It comes twice, since V8's exp is faster than its tanh, and whoever unrolls by hand might use that.

const TANH = (z) => `Math.tanh(${z})`;
const TANH_BY_EXP = (z) => `1 - 2 / (1 + Math.exp(2 * (${z})))`;

const sample = (tanh) => (k) => `
  const h${k} = ${tanh(`w00 * x${k}0 + w10 * x${k}1 + b0`)}, g${k} = ${tanh(`w01 * x${k}0 + w11 * x${k}1 + b1`)};
  const a${k} = 1 / (1 + Math.exp(-(v0 * h${k} + v1 * g${k} + c)));
  const e${k} = a${k} - y${k}, d${k} = 0.5 * e${k} * a${k} * (1 - a${k});
  const p${k} = d${k} * v0 * (1 - h${k} * h${k}), q${k} = d${k} * v1 * (1 - g${k} * g${k});`;
const rows = [0, 1, 2, 3];
const sum = (term) => `rate * (${rows.map(term).join(" + ")})`;

const body = (tanh) => `
  let [[[w00, w01], [w10, w11]], [[v0], [v1]]] = weights, [[b0, b1], [c]] = biases, loss = 0;
  const [${rows.map((k) => `[x${k}0, x${k}1]`)}] = X, [${rows.map((k) => `[y${k}]`)}] = Y;
  for (let epoch = 0; epoch < epochs; epoch++) {
    ${rows.map(sample(tanh)).join("")}
    w00 -= ${sum((k) => `p${k} * x${k}0`)}; w10 -= ${sum((k) => `p${k} * x${k}1`)}; b0 -= ${sum((k) => `p${k}`)};
    w01 -= ${sum((k) => `q${k} * x${k}0`)}; w11 -= ${sum((k) => `q${k} * x${k}1`)}; b1 -= ${sum((k) => `q${k}`)};
    v0 -= ${sum((k) => `d${k} * h${k}`)}; v1 -= ${sum((k) => `d${k} * g${k}`)}; c -= ${sum((k) => `d${k}`)};
    loss = 0.25 * (${rows.map((k) => `e${k} * e${k}`).join(" + ")});
  }
  return { loss, weights: [[[w00, w01], [w10, w11]], [[v0], [v1]]], biases: [[b0, b1], [c]] };`;

const compile = (tanh) => new Function("weights", "biases", "X", "Y", "epochs", "rate", body(tanh));

/** (weights, biases, X, Y, epochs, rate) -> the network after them, and the loss before the last of them. */
export const trainUnrolled = compile(TANH);
export const trainUnrolledByExp = compile(TANH_BY_EXP);
