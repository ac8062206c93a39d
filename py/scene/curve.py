"""Long series made short enough to draw, with nothing lost that a reader could see."""

from __future__ import annotations

import numpy as np

from scene.marks import Array


def thinned(values: Array, columns: int = 360) -> Array:
    """Return (n, 2) points, index and value, that draw `values` (m,) as all of them would on `columns` columns.

    Each column keeps its lowest and its highest value in their order, so that no peak is lost; the first and
    the last value always stay.
    """
    count = len(values)
    if count <= 4 * columns:
        return np.column_stack([np.arange(count, dtype=float), values])
    each = count // columns
    blocks = values[: each * columns].reshape(columns, each)
    starts = np.arange(columns) * each
    extremes = np.concatenate([starts + blocks.argmin(axis=1), starts + blocks.argmax(axis=1)])
    index = np.unique(np.concatenate([extremes, [0, count - 1], np.arange(each * columns, count)]))
    return np.column_stack([index.astype(float), values[index]])
