"""What a network's layers do to the plane, in words: from their weights and activations, for the network on show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scene.mathml import answer_equation, equations, layer_equations, meaning
from scene.passage import MOVES, Passage, layer_at, neurons_named
from unfold.network import Network
from unfold.transforms import Fate, fate

VERBS = {
    "project": (f"projects", f"project"), "fold": (f"folds", f"fold"), "flatten": (f"flattens", f"flatten"),
}  # fmt: skip
"""What one layer does, and what several do."""
GUESSES = (("never", f"never"), ("can", "some can"))
"""What the reader may guess of whether two points of the plane ever meet: values and words."""


def fates(net: Network) -> list[Fate]:
    """Return what each hidden layer does to the space that it is given."""
    return [fate(W, f) for W, f in zip(net.weights[:-1], net.activations[:-1], strict=True)]


def fate_told(net: Network, layer: int) -> str:
    """Return in words what hidden layer number `layer`, from 1, does to the space that it is given."""
    return fates(net)[layer - 1].sentence.replace("-", "\u2212")


def whole(net: Network) -> bool:
    """Return whether no hidden layer can let two points meet: each keeps all dimensions, and only rises or falls."""
    return not any(one.projected or one.folded or one.flattened for one in fates(net))


def verdict(net: Network) -> str:
    """Return in a sentence whether the hidden layers together fold, flatten or project the plane, and which do.

    It is certain where the first layer does it, to the whole plane. What comes to a later layer may miss its folds.
    """
    found = fates(net)
    if whole(net):
        return "No layer folds, flattens or projects: the plane is bent, and no two of its points ever meet."
    sure = [W.shape[1] == one.rank or one.projected for W, one in zip(net.weights[:-1], found, strict=True)]
    does = [
        "project" if one.projected else "fold" if one.folded else "flatten" if one.flattened else "" for one in found
    ]
    parts = []
    for verb, (one_does, several_do) in VERBS.items():
        for certain in (True, False):
            layers = [k for k, one in enumerate(does, 1) if one == verb and sure[k - 1] == certain]
            if layers:
                several = len(layers) > 1
                which = f"layers {_listed(layers)}" if several else f"layer {layers[0]}"
                words = several_do if several else one_does
                parts.append(f"{which} {words if certain else f'may {several_do}'}")
    text = "; ".join(parts)
    meet = "there are points of the plane that meet" if does[0] and sure[0] else "points of the plane can meet"
    return f"{text[0].upper()}{text[1:]}: {meet}."


def meeting_told(net: Network, guess: str, told: bool) -> str:
    """Return in words whether points meet, if it may be `told`, and what came of the reader's guess, if any."""
    if not told:
        return "Will points meet? At the end of the way it is told."
    judged = f"right" if (guess == "never") == whole(net) else "here it is the other way"
    guessed = f" You guessed {dict(GUESSES)[guess]}: {judged}." if guess else ""
    return verdict(net) + guessed


def meeting_shown(net: Network, told: bool) -> str:
    """Return the same in three words, for a readout."""
    return ("no points meet" if whole(net) else "points can meet") if told else "will points meet?"


def where_told(time: float, layers: int, short: bool = False) -> str:
    """Return in words, few where `short`, which move of which layer is under way at a time, or has just been made."""
    layer, move = layer_at(time, layers)
    if time == 0.0:
        return f"inputs" if short else "The plane of inputs, before the first layer."
    if short:
        return f"layer {layer}: {MOVES[move]}"
    return f"{'After' if time == int(time) else 'In'} the {MOVES[move]} of layer {layer} of {layers}."


def lens_told(passage: Passage, time: float) -> str:
    """Return how the space is seen, where it is not seen whole."""
    layer = min(int(np.ceil(time / len(MOVES))), passage.layers)
    if passage.chosen:
        neurons = _listed(neurons_named([k + 1 for k in passage.chosen]))
        return f" Of its {passage.width} neurons {neurons} are shown." if layer else ""
    if passage.width <= 3 or not layer:
        return ""
    kept = 100 * passage.lenses[layer].keep
    return f" Of {passage.width} dimensions the three principal components are shown, {kept:.0f}% of the spread."


def _listed(items: Sequence[object]) -> str:
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def at_work(net: Network, layer: int, ends: bool) -> str:
    """Return the equations of a layer, from 1, and of the output too where the way `ends`, as MathML with numbers."""
    at = layer - 1
    rows = layer_equations(net.weights[at], net.biases[at], net.activations[at], layer)
    if ends:
        rows.append(answer_equation(net.weights[-1], net.biases[-1], net.activations[-1], layer))
    return equations(rows) + meaning(net.activations[at])
