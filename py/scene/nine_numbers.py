"""The 2-2-1 network by the names of its nine numbers: its values for one sample, and the chain rule back from the loss.

Names are those of links: w12 leads from the first input to the second neuron. `scene.names` has how they are shown.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from scene.marks import Array
from unfold.graph import computation_graph, paths
from unfold.network import Network

PARAMETERS: dict[str, tuple[int, int | None, int]] = {
    "w11": (0, 0, 0), "w12": (0, 0, 1), "w21": (0, 1, 0), "w22": (0, 1, 1), "b1": (0, None, 0), "b2": (0, None, 1),
    "v1": (1, 0, 0), "v2": (1, 1, 0), "c": (1, None, 0),
}  # fmt: skip
"""Each weight and bias: its layer, the input it comes from (none for a bias) and the neuron it goes to."""
FROM = {"w11": "A", "w12": "A", "w21": "B", "w22": "B", "v1": "h1", "v2": "h2", "b1": "b1", "b2": "b2", "c": "c"}
TO = {"w11": "z1", "w12": "z2", "w21": "z1", "w22": "z2", "v1": "z", "v2": "z", "b1": "z1", "b2": "z2", "c": "z"}
"""The value at whose end a number acts, and the sum that it acts on; a bias begins at itself."""
SUMS = {"h1": "z1", "h2": "z2", "y": "z"}
"""The sum of which each neuron's output is made."""
XOR_BY_HAND = (1.0, -1.0, 1.0, -1.0, -0.5, 1.5, 1.0, 1.0, -1.5)
"""The numbers, as PARAMETERS has them, of two hidden neurons OR and NAND and of the AND that joins them."""


class Link(NamedTuple):
    """One factor of the chain rule: the local derivative of `top` by `bottom`, and the edge it belongs to."""

    top: str
    bottom: str
    ends: tuple[str, str]
    value: float

    @property
    def term(self) -> str:
        """The name that joins formula and picture."""
        return f"{self.top}-{self.bottom}"


def network(numbers: tuple[float, ...], activation: str) -> Network:
    """Return the network of these nine numbers, in the order of PARAMETERS, with one activation throughout."""
    W, b, v, c = (np.array(part) for part in (numbers[:4], numbers[4:6], numbers[6:8], numbers[8:]))
    return Network((W.reshape(2, 2), v[:, None]), (b, c), (activation, activation))


def parameter(net: Network, name: str) -> float:
    """Return the present value of a weight or bias of the network."""
    layer, i, j = PARAMETERS[name]
    return float(net.biases[layer][j] if i is None else net.weights[layer][i, j])


def forward(net: Network, x: Array) -> dict[str, float]:
    """Return the values that the inputs `x`, (2,), bring about: both inputs, each sum z and what becomes of it."""
    z, a = net.layer_values(x[None])
    found = np.concatenate([a[0][0], z[0][0], a[1][0], z[1][0], a[2][0]]).tolist()
    return dict(zip(("A", "B", "z1", "z2", "h1", "h2", "z", "y"), found, strict=True))


def links(net: Network, x: Array, y: Array, name: str) -> tuple[Link, ...]:
    """Return the local derivatives on the path from the loss back to the weight or bias `name`, for one sample."""
    (path,) = paths(computation_graph(net, x, y), *PARAMETERS[name])
    stops = ["L", "y", "z", name] if TO[name] == "z" else ["L", "y", "z", f"h{TO[name][1]}", TO[name], name]
    return tuple(
        Link(top, bottom, (FROM[name] if bottom == name else bottom, top), factor.value)
        for (top, bottom), factor in zip(pairwise(stops), reversed(path.factors), strict=True)
    )
