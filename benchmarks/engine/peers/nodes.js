// A network as a graph of objects, one for each neuron and one for each weight, in the manner of TensorFlow Playground:
// every sample goes through it by itself, slopes are added up on the way, and each batch moves every weight.

const ACTIVATIONS = {
  tanh: { value: Math.tanh, derivative: (a) => 1 - a * a },
  sigmoid: { value: (z) => 1 / (1 + Math.exp(-z)), derivative: (a) => a * (1 - a) },
};

class Link {
  constructor(source, target, weight) {
    Object.assign(this, { source, target, weight, slope: 0 });
  }
}

class Neuron {
  constructor(bias, activation) {
    Object.assign(this, { bias, activation, incoming: [], outgoing: [], output: 0, delta: 0, slope: 0 });
  }

  forward() {
    let z = this.bias;
    for (const link of this.incoming) z += link.weight * link.source.output;
    this.output = this.activation.value(z);
  }

  backward(outputSlope) {
    this.delta = outputSlope * this.activation.derivative(this.output);
    this.slope += this.delta;
    for (const link of this.incoming) link.slope += this.delta * link.source.output;
  }

  update(rate) {
    this.bias -= rate * this.slope;
    this.slope = 0;
    for (const link of this.incoming) {
      link.weight -= rate * link.slope;
      link.slope = 0;
    }
  }
}

export class NodeNetwork {
  /** `weights[l][i][j]` goes from neuron i of one layer to j of the next; `activations` are names, one a layer. */
  constructor({ weights, biases, activations }) {
    this.layers = [weights[0].map(() => new Neuron(0, null))];
    weights.forEach((matrix, l) => {
      const before = this.layers[l];
      const layer = biases[l].map((bias) => new Neuron(bias, ACTIVATIONS[activations[l]]));
      layer.forEach((target, j) => before.forEach((source, i) => {
        const link = new Link(source, target, matrix[i][j]);
        source.outgoing.push(link);
        target.incoming.push(link);
      }));
      this.layers.push(layer);
    });
    this.outputs = this.layers[this.layers.length - 1];
  }

  forward(x) {
    for (let i = 0; i < x.length; i++) this.layers[0][i].output = x[i];
    for (let l = 1; l < this.layers.length; l++) for (const neuron of this.layers[l]) neuron.forward();
  }

  backward(y, share) {
    for (let k = 0; k < y.length; k++) this.outputs[k].backward((this.outputs[k].output - y[k]) * share);
    for (let l = this.layers.length - 2; l > 0; l--) {
      for (const neuron of this.layers[l]) {
        let slope = 0;
        for (const link of neuron.outgoing) slope += link.weight * link.target.delta;
        neuron.backward(slope);
      }
    }
  }

  /** Gradient descent on the mean squared error; `orders[epoch]` says which sample comes when (default: as given). */
  train(X, Y, epochs, rate, batch = X.length, orders = null) {
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (let first = 0; first < X.length; first += batch) {
        const end = Math.min(first + batch, X.length);
        for (let k = first; k < end; k++) {
          const row = orders ? orders[epoch][k] : k;
          this.forward(X[row]);
          this.backward(Y[row], 2 / ((end - first) * Y[row].length));
        }
        for (let l = 1; l < this.layers.length; l++) for (const neuron of this.layers[l]) neuron.update(rate);
      }
    }
  }

  loss(X, Y) {
    let sum = 0;
    X.forEach((x, row) => {
      this.forward(x);
      this.outputs.forEach((neuron, k) => { sum += (neuron.output - Y[row][k]) ** 2; });
    });
    return sum / (X.length * Y[0].length);
  }
}
