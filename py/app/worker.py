"""The worker: Pyodide with numpy owns the figures and their canvases, and speaks to the page in messages."""

import asyncio
import time

import js
from polyscript import xworker  # PyScript looks for this very name among the globals
from pyodide.ffi import create_proxy, to_js

from app import messages
from app.studio import Studio
from figures import FIGURES
from render.canvas2d import Canvas, use_own_fonts

PAUSE = 0.006
"""Seconds between a picture and the next that an event asks for: events may come in swarms."""

waiting = False
hurrying = False
tasks = []  # kept here, or asyncio may drop them half-way


def make_canvas(*offscreens):
    """Return a figure's canvas, which may ask for everything to be drawn again."""
    return Canvas(redraw, *offscreens)


def redraw():
    """Draw everything again."""
    studio.redraw()
    wake()


def wake():
    """Ask for a frame, if none is on its way."""
    global waiting
    if not waiting:
        waiting = True
        js.requestAnimationFrame(on_frame)


@create_proxy
def on_frame(_time):
    """A frame of the screen has come."""
    global waiting
    waiting = False
    run()


def hurry():
    """Run a frame as soon as may be: no later, for the screen's next frame may be 16 ms away."""
    global hurrying
    rest = studio.drawn_at + PAUSE - time.perf_counter()
    if rest <= 0.0:
        run()
    elif not hurrying:
        hurrying = True
        js.setTimeout(on_time, 1000.0 * rest)


@create_proxy
def on_time():
    """The pause between two pictures is over."""
    global hurrying
    hurrying = False
    if studio.inbox:
        run()


def run():
    """Run one frame now; ask for the next while there is something to do."""
    more = studio.frame()
    js.setTimeout(tell, 0)  # a task of its own: the pictures leave at the end of this one
    if more:
        wake()


@create_proxy
def tell():
    """Report what the last frame has drawn."""
    studio.tell()


def received(event):
    """Take a message from the page: text, or text with the canvases it is about."""
    data = event.data
    if isinstance(data, str):
        message, canvases = messages.read(data), ()
    else:
        message, canvases = messages.read(data.text), list(data.canvases)
    if message["kind"] == "fonts":
        tasks.append(asyncio.ensure_future(load_fonts(message["faces"])))
    else:
        studio.receive(message, canvases)
        if message["kind"] in messages.TOUCHES:
            hurry()
        else:
            wake()


async def load_fonts(faces):
    """Load the page's fonts here too, since a worker has none of its own, and draw again with them."""
    for family, source, style in faces:
        options = to_js({"style": style, "weight": "400 700"}, dict_converter=js.Object.fromEntries)
        face = await js.FontFace.new(family, f"url({source})", options).load()
        js.self.fonts.add(face)
    use_own_fonts()
    redraw()


studio = Studio(FIGURES, make_canvas, xworker.postMessage, time.perf_counter)
xworker.onmessage = received
xworker.postMessage(messages.write("runtime", state="ready", text=""))
