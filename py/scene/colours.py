"""The palette: one meaning a colour, in the light and in the dark.

Class 0 and a negative weight are blue, class 1 and a positive weight orange; each hidden neuron has a hue and a
dash of its own; `act` (crimson) is what the reader holds. The style sheet's custom properties are these same
tables; a test keeps them so.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

LIGHT: Mapping[str, str] = {
    "paper": "#fcfbf8",
    "panel": "#ffffff",
    "ink": "#1c1e22",
    "soft": "#5b6068",
    "rule": "#e2dfd8",
    "tint": "#f3f1ec",
    "zero": "#1f62ab",
    "one": "#b4570a",
    "h1": "#00806a",
    "h2": "#8a3ffc",
    "h3": "#a8326e",
    "h4": "#6b6a00",
    "h5": "#0a6e8f",
    "h6": "#8c4a3c",
    "h7": "#4b5bb5",
    "h8": "#4f6b3a",
    "act": "#b3123f",
    "good": "#1a7f37",
    "zero-fill": "#2668b2",
    "one-fill": "#da7418",
}
DARK: Mapping[str, str] = {
    "paper": "#14161b",
    "panel": "#1b1e24",
    "ink": "#e9e6df",
    "soft": "#a2a6ae",
    "rule": "#2d3139",
    "tint": "#20242b",
    "zero": "#7fb3ec",
    "one": "#f5a355",
    "h1": "#3fd0b0",
    "h2": "#bd98ff",
    "h3": "#f08abf",
    "h4": "#c9c552",
    "h5": "#5cc3e6",
    "h6": "#dda08f",
    "h7": "#9fabf2",
    "h8": "#a3c985",
    "act": "#ff7d9c",
    "good": "#5fd07a",
    "zero-fill": "#5896de",
    "one-fill": "#f09642",
}
THEMES: Mapping[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK}

HIDDEN_DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (9.0, 5.0),
    (2.0, 4.0),
    (12.0, 4.0, 2.0, 4.0),
    (5.0, 3.0),
    (16.0, 5.0),
    (2.0, 3.0, 8.0, 3.0),
    (6.0, 3.0, 2.0, 3.0, 2.0, 3.0),
)
"""How each hidden neuron's line is drawn, so that nobody needs the hue: lengths of dash and gap in pixels."""


def rgb(colour: str) -> NDArray[np.float64]:
    """Return red, green and blue, (3,), 0 to 255, of "#rrggbb"."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], float)


def _class_table(theme: str) -> NDArray[np.uint8]:
    """Return 256 colours from class 0 to class 1, opaque: the paper's own tone in the middle, where it is undecided."""
    colours = THEMES[theme]
    middle = np.array([255.0, 255.0, 255.0]) if theme == "light" else rgb(colours["tint"])
    at = np.linspace(-1.0, 1.0, 256)[:, None]
    ends = np.where(at < 0, rgb(colours["zero-fill"]), rgb(colours["one-fill"]))
    strength = 0.84 * np.abs(at) ** 0.8
    table = middle + strength * (ends - middle)
    return np.column_stack([np.rint(table), np.full(256, 255.0)]).astype(np.uint8)


CLASS_TABLES = {theme: _class_table(theme) for theme in THEMES}


def class_colours(values: NDArray[np.float64], theme: str) -> NDArray[np.uint8]:
    """Return the colours, (..., 4) red green blue alpha, of answers between 0 (class 0) and 1 (class 1)."""
    index = np.clip(values * 255.0 + 0.5, 0.0, 255.0).astype(np.uint8)
    return CLASS_TABLES[theme][index]


def _heat_table(theme: str) -> NDArray[np.uint8]:
    """Return 256 colours from low (dark) to high (light), lightness rising evenly: it is read without hue too."""
    stops = np.array([[38, 34, 66], [66, 62, 116], [84, 104, 148], [118, 152, 172], [176, 200, 196], [238, 236, 216]])
    if theme == "dark":
        stops = stops * 0.82
    at, places = np.linspace(0.0, 1.0, 256), np.linspace(0.0, 1.0, len(stops))
    table = np.column_stack([np.interp(at, places, channel) for channel in stops.T])
    return np.column_stack([np.rint(table), np.full(256, 255.0)]).astype(np.uint8)


HEAT_TABLES = {theme: _heat_table(theme) for theme in THEMES}


def heat_colours(values: NDArray[np.float64], low: float, high: float, theme: str) -> NDArray[np.uint8]:
    """Return the colours, (..., 4), of numbers from `low` (dark) to `high` (light); beyond them the ends' own."""
    index = np.clip((values - low) / (high - low) * 255.0 + 0.5, 0.0, 255.0).astype(np.uint8)
    return HEAT_TABLES[theme][index]
