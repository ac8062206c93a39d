"""The messages between page and worker: one JSON text each, one road in and one out.

The same file runs in MicroPython on the page and in Pyodide in the worker. Canvases alone cannot be written
as JSON: they follow an `open` message as its transferred objects.

To the worker:
    open     figure, link, views {name: [width, height]}, canvases [name], ratio, theme, still (canvases follow, one for
             each name; where a name comes twice, the second is below the first, for a relief); where there may be
             more of the same figure, `figure` is a key and `name` says which it is; alone (true where it shares no
             settings with others)
    close    figure (it is gone, and its canvases with it)
    set      figure, control, value (text)
    press    figure, button
    point    figure, view, phase (down, move, up, hover or leave), x, y, reach (CSS pixels)
    term     figure, term (of the formula, under the pointer or in focus; empty for none)
    link     figure, link
    seen     figure, seen (true when any of it is in view)
    size     figure, views {name: [width, height]}, ratio
    theme    theme (light or dark), figure (all of them where it is left out)
    still    still (true when the reader asks for reduced motion)
    fonts    faces [[family, address, style]]
    hidden   hidden (true while the tab is in the background)
To the page:
    runtime  state (ready or failed), text
    loading  received, total (bytes)
    report   figure, and what has changed of: controls {name: value}, readouts {name: [text, value]},
             said, alert, formula (markup), lit (a line of code), code (the names of the
             functions in use), limits {name: the most that a slider goes to}, link, term,
             handles {view: [[x, y]]} (CSS pixels)
"""

import json

TOUCHES = ("set", "press", "point", "term")
"""Messages that come of the reader's own doing."""


def write(kind, **parts):
    """Return the message of this kind as text."""
    parts["kind"] = kind
    return json.dumps(parts)


def read(text):
    """Return the message that `text` holds, as a dict with its `kind`."""
    return json.loads(text)
