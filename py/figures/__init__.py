"""The figures, one module each: a State, its controls, and from a state a scene and a description."""

from collections.abc import Iterator, Mapping
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


class Figures(Mapping[str, ModuleType]):
    """The figures' modules by name, in the order of the article; each is imported when it is first asked for."""

    def __getitem__(self, name: str) -> ModuleType:
        """Return a figure's module; raise KeyError where there is no such figure."""
        if name not in NAMES:
            raise KeyError(name)
        return import_module(f"figures.{name.replace('-', '_')}")

    def __iter__(self) -> Iterator[str]:
        """Return the names."""
        return iter(NAMES)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(NAMES)


FIGURES = Figures()
