"""Layers of two neurons that are worth a look, and the activations they may have, with names for a reader."""

from __future__ import annotations

PRESETS = {
    "leaning": (2.0, -4.0, 4.0, -2.0, -0.5, 5.5),
    "gates": (4.0, -4.0, 4.0, -4.0, -2.0, 6.0),
    "turn": (0.0, 4.0, -4.0, 0.0, 2.0, -2.0),
    "mirror": (4.0, 2.0, -2.0, -4.0, -1.0, 1.0),
    "alike": (4.0, 4.0, 4.0, 4.0, -2.0, -2.0),
}
"""Layers worth a look: the weights A to h1, A to h2, B to h1, B to h2, then the biases of h1 and h2."""
PRESET_NAMES = (
    ("leaning", "OR and NAND, leaning"), ("gates", "OR and NAND, straight"), ("turn", "a quarter turn"),
    ("mirror", "turned over"), ("alike", "two alike"), ("own", "your own"),
)  # fmt: skip
ACTIVATION_NAMES = (
    ("sigmoid", "sigmoid"), ("tanh", "tanh"), ("relu", "ReLU"), ("mish", "Mish"), ("identity", f"none"),
)  # fmt: skip
