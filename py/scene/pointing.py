"""What the pointer is at."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scene.marks import Array


def nearest(x: float, y: float, segments: Mapping[str, Array], within: float) -> str:
    """Return the name of the segment, (2, 2), nearest to a place, or nothing where none is `within` reach."""
    if not segments:
        return ""
    ends = np.stack(list(segments.values()))
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    from_start, squared = np.array([x, y]) - start, np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip((from_start * along).sum(axis=1) / squared, 0.0, 1.0)
    away = np.linalg.norm(from_start - share[:, None] * along, axis=1)
    return list(segments)[int(away.argmin())] if away.min() <= within else ""
