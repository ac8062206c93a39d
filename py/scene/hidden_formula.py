"""A hidden layer of two neurons in numbers: its two sums, the line that parts, and the four rows."""

from __future__ import annotations

import numpy as np

from scene.four_points import ROW_NAMES
from scene.marks import Array
from scene.mathml import applied, equations, variable, weighted_sum
from scene.slope_formulas import term
from scene.ticks import number
from scene.xor_layer import Layer, Y


def hidden_formula(layer: Layer) -> str:
    """Return the neurons' formulas, the widest line's if there is one, and a table of the rows' images.

    Each neuron, row, and the line can be pointed at, by the names h1, h2, 00, …, and line.
    """
    images, separation = layer.images, layer.separation
    rows = []
    hidden = [variable("h", k, f"h{k}") for k in (1, 2)]
    for k, name in enumerate(hidden):
        inside = weighted_sum(layer.weights[:, k], float(layer.biases[k]), [variable("A"), variable("B")])
        rows.append(f"{term(f'h{k + 1}', name)}<mo>=</mo>{applied(layer.activation, inside)}")
    if separation.separable:
        line = f"{weighted_sum(separation.w, separation.b, hidden)}<mo>=</mo><mn>0</mn>"
        rows.append(f"<mtext>the line:&nbsp;</mtext>{term('line', line)}")
    sides = np.where(images @ separation.w + separation.b > 0.0, "above 0", "below 0")
    return equations(rows) + _table(images, sides if separation.separable else np.full(4, "—"))


def _table(images: Array, sides: Array) -> str:
    heads = "".join(f'<th scope="col" class="h{k}">h{"₁₂"[k - 1]}</th>' for k in (1, 2))
    lines = []
    for name, image, target, side in zip(ROW_NAMES, images, Y[:, 0], sides, strict=True):
        numbers = "".join(f"<td>{number(float(value), 3)}</td>" for value in image)
        cells = f"<td>{name[0]}</td><td>{name[1]}</td>{numbers}<td>{target:.0f}</td><td>{side}</td>"
        lines.append(f'<tr data-term="{name}" tabindex="0">{cells}</tr>')
    return (
        f'<table><thead><tr><th scope="col">A</th><th scope="col">B</th>{heads}<th scope="col">XOR</th>'
        f'<th scope="col">the line</th></tr></thead><tbody>{"".join(lines)}</tbody></table>'
    )
