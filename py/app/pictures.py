"""The pictures of a figure, as the page has them: canvases that the worker draws on. MicroPython, on the page."""

import here
from engine import send
from jsffi import to_js
from messages import write

PHASES = {
    "pointerdown": "down",
    "pointermove": "move",
    "pointerup": "up",
    "pointercancel": "up",
    "pointerleave": "leave",
}
MOUSE, FINGER = 16, 30  # pixels from a handle that still take hold of it


class Pictures:
    """The canvases of one figure, and the pointer on them."""

    def __init__(self, figure):
        self.figure = figure
        self.window = figure.window  # its own: another frame's observers see nothing while that is out of view
        element = figure.element
        self.canvases = {canvas.dataset.view: canvas for canvas in element.querySelectorAll("canvas[data-view]")}
        self.reliefs = {canvas.dataset.relief: canvas for canvas in element.querySelectorAll("canvas[data-relief]")}
        self.handles = {}
        self.opened = self.seen = False
        for canvas in element.querySelectorAll("canvas[data-pointed]"):
            for event in PHASES:
                canvas.addEventListener(event, self.pointed)
            canvas.addEventListener("touchstart", self.touched, to_js({"passive": False}))

    def pointed(self, event):
        """The pointer is over a picture that follows it: pressed, moving, let go or gone."""
        canvas = event.currentTarget
        phase = PHASES[event.type]
        reach = FINGER if event.pointerType == "touch" else MOUSE
        if phase == "down":
            canvas.setPointerCapture(event.pointerId)
        elif phase == "move" and not event.buttons:
            phase = "hover"
            canvas.style.cursor = "grab" if self.at_handle(canvas, event.offsetX, event.offsetY, reach) else ""
        place = {"x": event.offsetX, "y": event.offsetY, "reach": reach}
        self.figure.post("point", view=canvas.dataset.view, phase=phase, **place)

    def touched(self, event):
        """A finger that comes down on a handle drags it; anywhere else it scrolls the page."""
        canvas, finger = event.currentTarget, event.touches[0]
        box = canvas.getBoundingClientRect()
        if self.at_handle(canvas, finger.clientX - box.left, finger.clientY - box.top, FINGER):
            event.preventDefault()

    def at_handle(self, canvas, x, y, reach):
        """Return whether a handle is in reach of a place on a canvas."""
        return any((a - x) ** 2 + (b - y) ** 2 <= reach * reach for a, b in self.handles.get(canvas.dataset.view, ()))

    def open(self):
        """Hand the canvases to the worker, once: their sizes are asked for, and so the figure is laid out now."""
        if self.opened:
            return
        self.opened = True
        pairs = list(self.canvases.items()) + list(self.reliefs.items())
        offscreens = [canvas.transferControlToOffscreen() for _, canvas in pairs]
        text = write(
            "open",
            figure=self.figure.key,
            name=self.figure.name,
            alone=self.figure.alone,
            link=self.figure.settings(),
            views=self.sizes(),
            canvases=[name for name, _ in pairs],  # a dict's order is not kept here
            ratio=self.window.devicePixelRatio,
            theme=self.figure.drawn,
            still=here.still.matches,
        )
        send(to_js({"text": text, "canvases": offscreens}), to_js(offscreens))

    def watch(self):
        """Tell the worker when the figure's size changes and when it comes into view or leaves it."""
        window = self.window
        self.observers = [window.ResizeObserver.new(self.resized), window.IntersectionObserver.new(self.crossed)]
        for canvas in self.canvases.values():
            self.observers[0].observe(canvas)
        self.observers[1].observe(self.figure.element)
        window.addEventListener("resize", self.resized)

    def crossed(self, entries, *_):
        """The figure has come into view or left it."""
        for entry in entries:  # the last one is how it stands now
            self.seen = entry.isIntersecting
        if self.seen or self.opened:
            self.figure.post("seen", seen=self.seen)

    def sizes(self):
        """Return the size of each canvas in CSS pixels."""
        return {name: [canvas.clientWidth, canvas.clientHeight] for name, canvas in self.canvases.items()}

    def resized(self, *_):
        """The canvases have another size, or the device another pixel ratio."""
        if self.opened:
            self.figure.post("size", views=self.sizes(), ratio=self.window.devicePixelRatio)
