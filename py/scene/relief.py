"""A surface over the plane, seen from any side: the mark, the camera, and what a flat renderer paints of it.

The surface stands in a box, -1 to 1 across and along, over a floor. The camera is orthographic: parallel lines stay
parallel, and nothing shrinks with distance, so that heights can be compared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scene.chains import joined
from scene.colours import HEAT_TABLES
from scene.contours import contour
from scene.marks import Array, Axis, Lines, Points, Regions

FLOOR, LOWEST, HIGHEST = -0.8, -0.3, 0.8
"""Heights in the box: of the floor, of the surface's `low` and of its `high`."""
AXIS = Axis(-1.66, 1.66)
"""The axis, across and up, of a view that holds a relief seen from any side."""
MARGIN = (24.0, 12.0, 0.0, 12.0)
"""Its margins: room for the numbers on the left, and as much above and below as makes it square again."""
LIGHT = np.array([-0.4, 0.64, 0.656])
"""Where the light comes from, seen by the reader: from the left, from above, and from the front."""
SHADES = {"light": (0.66, 1.04, 0.8), "dark": (0.66, 1.26, 0.8)}
"""By theme, of a colour: what shows in the shade, what where the light falls straight; and the lower side's share."""
ON_SURFACE = {"light": "panel", "dark": "soft"}
"""The colour of contours, and of what is behind the surface, by theme: light, for what is low is dark."""
STEPS, TOUCHING = np.linspace(0.0, 1.0, 40), 0.012
"""Steps of a line of sight through the box, and how near to the surface, in the box, counts as on it."""


@lru_cache(maxsize=16)
def camera(turn: float, tilt: float) -> Array:
    """Return the rotation, (3, 3), from the box to the reader: rows across, up and towards the reader.

    `turn` and `tilt` are degrees. At turn 0 the x axis points right and the y axis away; a greater turn carries what
    is near to the right. At tilt 0 the floor is seen edge-on, at 90 from above. It is kept: it cannot be written to.
    """
    a, t = math.radians(turn), math.radians(tilt)
    away = np.array([math.sin(a), math.cos(a), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    rows = np.array(
        [
            [math.cos(a), -math.sin(a), 0.0],
            math.cos(t) * up + math.sin(t) * away,
            math.sin(t) * up - math.cos(t) * away,
        ]
    )
    rows.flags.writeable = False
    return rows


def project(points: Array, turn: float, tilt: float) -> tuple[Array, Array]:
    """Return where points of the box, (..., 3), are seen, (..., 2), and how far towards the reader each is, (...)."""
    seen = points @ camera(turn, tilt).T
    return seen[..., :2], seen[..., 2]


class Quads(NamedTuple):
    """A surface cut into flat pieces, the farthest first.

    `corners` is (n, 4, 2), in the view's units; `heights` are shares of the whole, `light` is how straight the light
    falls, 0 to 1, and `lower` says whether the lower side is seen: (n,) each.
    """

    corners: Array
    heights: Array
    light: Array
    lower: NDArray[np.bool_]

    def colours(self, theme: str) -> NDArray[np.uint8]:
        """Return each piece's red, green and blue, (n, 3)."""
        table = HEAT_TABLES[theme][np.clip(self.heights * 255.0 + 0.5, 0.0, 255.0).astype(np.uint8), :3]
        shade, lit, below = SHADES[theme]
        light = (shade + (lit - shade) * self.light) * np.where(self.lower, below, 1.0)
        shaded: NDArray[np.uint8] = np.clip(table * light[:, None] + 0.5, 0.0, 255.0).astype(np.uint8)
        return shaded


@dataclass(frozen=True, eq=False)
class Terrain:
    """A surface's numbers, all that does not change while it is turned: make it once and keep it.

    `values` is (rows, columns), at the places `y` (rows,) and `x` (columns,), evenly spaced. Heights run from `low`
    to `high`; what is beyond is drawn at the end. `every` is the height between two contours, 0 for none.
    """

    values: Array
    x: Array
    y: Array
    low: float
    high: float
    every: float = 0.0

    def boxed(self, points: Array) -> Array:
        """Return the places in the box of points (..., 3): x, y and value. A value of -inf stands on the floor."""
        scale, shift = self._into_box
        box: Array = points * scale + shift
        box[..., 2] = np.minimum(np.maximum(box[..., 2], FLOOR), HIGHEST)
        return box

    @cached_property
    def _into_box(self) -> tuple[Array, Array]:
        """What places are multiplied by, and what is then added, to come into the box: (3,) each."""
        low = np.array([self.x[0], self.y[0], self.low])
        high = np.array([self.x[-1], self.y[-1], self.high])
        box_low, box_high = np.array([-1.0, -1.0, LOWEST]), np.array([1.0, 1.0, HIGHEST])
        scale = (box_high - box_low) / (high - low)
        return scale, box_low - low * scale

    @property
    def floor(self) -> float:
        """The value that stands as high as the floor, below `low`: where a line down to it ends."""
        return self.low - (self.high - self.low) * (LOWEST - FLOOR) / (HIGHEST - LOWEST)

    @cached_property
    def vertices(self) -> Array:
        """The surface's points in the box, (rows, columns, 3)."""
        across, along = np.meshgrid(self.x, self.y)
        return self.boxed(np.stack([across, along, np.maximum(self.values, self.low)], axis=-1))

    @cached_property
    def normals(self) -> Array:
        """The directions, (rows, columns, 3), of length 1, in which the surface faces up."""
        rows, columns = self.values.shape
        along, across = np.gradient(self.vertices[..., 2], 2.0 / (rows - 1), 2.0 / (columns - 1))
        directions = np.stack([-across, -along, np.ones_like(across)], axis=-1)
        normals: Array = directions / np.linalg.norm(directions, axis=-1, keepdims=True)
        return normals

    @cached_property
    def contours(self) -> tuple[Array, ...]:
        """The lines of equal height on the surface, each (n, 3) in the box."""
        found = []
        first, end = (self.low // self.every + 1, self.high // self.every + 1) if self.every else (0, 0)
        for level in self.every * np.arange(first, end):
            for line in joined(contour(self.values, self.x, self.y, float(level))):
                found.append(self.boxed(np.column_stack([line, np.full(len(line), level)])))
        return tuple(found)

    @cached_property
    def _cells(self) -> Array:
        """What makes up the height in each cell of the grid: 1, x, y and x y, with x and y 0 to 1 in it; (cells, 4)."""
        z = self.vertices[..., 2]
        here, across, along = z[:-1, :-1], z[:-1, 1:] - z[:-1, :-1], z[1:, :-1] - z[:-1, :-1]
        return np.stack([here, across, along, z[1:, 1:] - here - across - along], axis=-1).reshape(-1, 4)

    def heights(self, x: Array, y: Array) -> Array:
        """Return the surface's height in the box over places in the box, `x` and `y` of one shape."""
        rows, columns = self.values.shape
        u, i = _in_cells(x, columns - 1)
        v, j = _in_cells(y, rows - 1)
        parts = self._cells.take(j * (columns - 1) + i, axis=0)
        height: Array = parts[..., 0] + u * parts[..., 1] + v * (parts[..., 2] + u * parts[..., 3])
        return height


def _in_cells(at: Array, count: int) -> tuple[Array, NDArray[np.intp]]:
    """Return where in its cell of `count` each place is, 0 to 1, and in which, for places from -1 to 1 in the box."""
    along = np.minimum(np.maximum((at + 1.0) * (count / 2.0), 0.0), float(count))
    cell = np.minimum(along.astype(np.intp), count - 1)
    return along - cell, cell


@dataclass(frozen=True, eq=False)
class Relief:
    """A surface in a box, seen from `turn` and `tilt` (degrees), with contours on the floor.

    `paths` and `points` are Lines and Points with three coordinates each, x, y and value, which stand before the
    surface, dashed or hollow where it hides them; a value of -inf stands on the floor. The view's axes are AXIS.
    """

    terrain: Terrain
    turn: float
    tilt: float
    paths: tuple[Lines, ...] = ()
    points: tuple[Points, ...] = ()

    def flat(self, points: Array) -> Array:
        """Return where points of x, y and value, (..., 3), are seen: (..., 2) in the view's units."""
        return project(self.terrain.boxed(points), self.turn, self.tilt)[0]

    def hidden(self, box: Array) -> NDArray[np.bool_]:
        """Return whether the surface hides each of the places `box`, (n, 3) in the box: (n,).

        It does where the line of sight goes through it: where it is above the surface here and below it there.
        """
        sight = camera(self.turn, self.tilt)[2]
        # How far the line goes along each axis until it leaves the box; one at a right angle to an axis never does.
        ends = np.where(sight > -1e-12, (1.0, 1.0, HIGHEST), (-1.0, -1.0, -np.inf))
        far = np.maximum(((ends - box) / np.where(np.abs(sight) < 1e-12, 1e-12, sight)).min(axis=1), 0.0)
        x, y, z = np.ascontiguousarray(box.T)[..., None] + sight[:, None, None] * (far[:, None] * STEPS)
        gap = z - self.terrain.heights(x, y)
        through: NDArray[np.bool_] = (gap.max(axis=1) > TOUCHING) & (gap.min(axis=1) < -TOUCHING)
        return through

    def under(self) -> tuple[Regions | Lines, ...]:
        """Return the flat marks behind the surface: the floor and the contours on it."""
        corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])
        down = np.array([1.0, 1.0, 0.0]), np.array([0.0, 0.0, FLOOR])
        ways = [np.insert(corners, 2, FLOOR, axis=1), *(way * down[0] + down[1] for way in self.terrain.contours)]
        edge, *contours = self._flat(ways)
        return Regions((edge,), "tint", 1.0), Lines((edge,), "rule", 1.5), Lines(tuple(contours), "soft", 1.0)

    def over(self, theme: str) -> tuple[Lines | Points, ...]:
        """Return the flat marks before the surface: the paths and the points, changed where it hides them."""
        marks: list[Lines | Points] = []
        paths, places = [path for mark in self.paths for path in mark.paths], [mark.at for mark in self.points]
        whole = [*paths, *places]
        box = _cut(self.terrain.boxed(np.concatenate(whole or [np.empty((0, 3))])), [len(part) for part in whole])
        dots = box[len(paths) :]
        parts, hidden = self._parted(box[: len(paths)], dots)
        for mark in self.paths:
            pieces = [parts.pop(0) for _ in mark.paths]
            colour, halo = (ON_SURFACE[theme], False) if mark.colour == "ink" else (mark.colour, mark.halo)
            behind, seen = (tuple(piece for parted in pieces for piece in parted[side]) for side in (1, 0))
            marks.append(Lines(behind, colour, 0.75 * mark.width, (2.0, 3.0), halo))
            marks.append(Lines(seen, mark.colour, mark.width, mark.dash, mark.halo))
        for point, at, away in zip(self.points, self._flat(dots), hidden, strict=True):
            look = point.shape, point.radius
            marks.append(Points(at[away], point.stroke, *look, point.colour, point.stroke_width))
            marks.append(Points(at[~away], point.colour, *look, point.stroke, point.stroke_width))
        return tuple(marks)

    def contours_seen(self, theme: str) -> Lines:
        """Return the contours on the surface, where they are seen: for renderers that do not draw them with it."""
        parts, _ = self._parted(list(self.terrain.contours), [])
        return Lines(tuple(piece for seen, _ in parts for piece in seen), ON_SURFACE[theme], 0.75)

    def _flat(self, ways: list[Array]) -> list[Array]:
        """Return the flat ways, (n, 2), of ways in the box, (n, 3)."""
        flat = project(np.concatenate(ways or [np.empty((0, 3))]), self.turn, self.tilt)[0]
        return _cut(flat, [len(way) for way in ways])

    def _parted(
        self, ways: list[Array], dots: list[Array]
    ) -> tuple[list[tuple[list[Array], list[Array]]], list[NDArray[np.bool_]]]:
        """Return for each way in the box its flat pieces that are seen and that are hidden; and which dots are."""
        asked = [(way[1:] + way[:-1]) / 2.0 for way in ways] + dots
        hidden = _cut(self.hidden(np.concatenate(asked or [np.empty((0, 3))])), [len(part) for part in asked])
        found = []
        for flat, behind in zip(self._flat(ways), hidden, strict=False):
            parts: tuple[list[Array], list[Array]] = ([], [])
            starts = [0, *(np.flatnonzero(behind[1:] != behind[:-1]) + 1), len(behind)]
            for first, last in pairwise(starts):
                if last > first:
                    parts[int(behind[first])].append(flat[first : last + 1])
            found.append(parts)
        return found, hidden[len(ways) :]


def _cut(rows: NDArray[Any], lengths: list[int]) -> list[NDArray[Any]]:
    """Return the rows in parts of these lengths."""
    ends = list(accumulate(lengths))
    return [rows[end - length : end] for length, end in zip(lengths, ends, strict=True)]


def painted(relief: Relief) -> Quads:
    """Return the surface as quads from back to front, for a renderer that fills one after another."""
    terrain, view = relief.terrain, camera(relief.turn, relief.tilt)
    vertices, normals = terrain.vertices, terrain.normals
    flat = vertices @ view[:2].T
    corners = np.stack([flat[:-1, :-1], flat[:-1, 1:], flat[1:, 1:], flat[1:, :-1]], axis=2).reshape(-1, 4, 2)

    def middle(field: Array) -> Array:
        total = field[:-1, :-1] + field[:-1, 1:] + field[1:, 1:] + field[1:, :-1]
        mean: Array = total.reshape(-1, *field.shape[2:]) / 4.0
        return mean

    centre, normal = middle(vertices), middle(normals)
    lower = normal @ view[2] < 0.0
    light = np.maximum(np.where(lower, -1.0, 1.0) * (normal @ (LIGHT @ view)), 0.0)
    heights = np.clip((centre[:, 2] - LOWEST) / (HIGHEST - LOWEST), 0.0, 1.0)
    # Over a plane, what is farther along the floor never hides what is nearer: no depth of corners needed.
    order = np.argsort(centre[:, :2] @ view[2, :2])
    return Quads(corners[order], heights[order], light[order], lower[order])
