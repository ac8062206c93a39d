"""The shape of an arrow, in pixels, for every renderer."""

from __future__ import annotations

import numpy as np

from scene.marks import Array


def shafts_and_heads(tails: Array, tips: Array, head: float) -> tuple[Array, Array]:
    """Return the shafts, (n, 2, 2), and the heads, (n, 3, 2), of arrows from `tails`, (n, 2), to `tips`, (n, 2).

    All in pixels. A head is `head` long, but never longer than its arrow; an arrow of no length has neither.
    """
    along = tips - tails
    length = np.hypot(along[:, 0], along[:, 1])
    seen = length > 1e-9
    tails, tips, along, length = tails[seen], tips[seen], along[seen], length[seen]
    unit = along / length[:, None]
    size = np.minimum(head, length)[:, None]
    across = np.column_stack([-unit[:, 1], unit[:, 0]]) * size * 0.45
    base = tips - unit * size
    return np.stack([tails, base + unit * size * 0.3], axis=1), np.stack([tips, base + across, base - across], axis=1)
