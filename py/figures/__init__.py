"""The figures, one module each: a State, its controls, and from a state a scene and a description."""

from figures import training

FIGURES = {figure.NAME: figure for figure in (training,)}
"""All figures by name, in the order of the article."""
