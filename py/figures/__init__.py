"""The figures, one module each: a State, its controls, and from a state a scene and a description."""

from importlib import import_module
from types import ModuleType

NAMES = (
    "gate",
    "one-line",
    "two-lines",
    "diagram",
    "fit-line",
    "tangent",
    "bowl",
    "gradient-field",
    "chain-rule",
    "matrix-product",
    "linear-map",
    "step-function",
    "sigmoid",
    "layer-steps",
    "hidden-by-hand",
    "training",
    "loss-curves",
    "landscape",
    "activations",
    "circles",
    "layers",
)
"""All figures, in the order of the article; the module of `one-line` is one_line."""

FIGURES: dict[str, ModuleType] = {name: import_module(f"figures.{name.replace('-', '_')}") for name in NAMES}
"""The figures' modules by name, in the order of the article."""
