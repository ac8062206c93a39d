# Runs in the worker: times scene and draw of the figures named in NAMES, and leaves the numbers as JSON.
import json
import time

import js
import numpy as np

from figures import FIGURES
from render.canvas2d import Canvas

ROUNDS = 200


def numbers(times):
    return [float(np.median(times)) * 1e3, float(np.quantile(times, 0.95)) * 1e3]


found = {}
for name in NAMES:  # noqa: F821 (set by what runs this)
    figure = FIGURES[name]
    state = figure.start()
    canvases = {}
    for view, (width, height) in figure.SIZES.items():
        layers = 2 if view in getattr(figure, "RELIEFS", ()) else 1
        canvases[view] = Canvas(None, *(js.OffscreenCanvas.new(1, 1) for _ in range(layers)))
        canvases[view].resize(width, height, 2)
    scenes, draws, both = [], [], []
    for _ in range(ROUNDS):
        if hasattr(figure, "advance"):
            state = figure.advance(state, 0.02, 0.004, time.perf_counter)
        if hasattr(figure, "RELIEFS"):
            state = figure.turned(state, figure.RELIEFS[0], 4.0, 0.0)
        begin = time.perf_counter()
        scene = figure.scene(state)
        middle = time.perf_counter()
        for view, canvas in canvases.items():
            canvas.draw(scene[view], "light")
        end = time.perf_counter()
        scenes.append(middle - begin)
        draws.append(end - middle)
        both.append(end - begin)
    found[name] = {"scene": numbers(scenes), "draw": numbers(draws), "both": numbers(both)}
json.dumps(found)
