"""The worker, as the page has it: what is sent before PyScript has made it waits. MicroPython, on the page."""

import asyncio
import time

import here
from messages import TOUCHES, write

LOOK = 0.01  # seconds

worker = None  # once PyScript has made it
waiting = []  # what it is to be sent then
touched_at = None  # milliseconds, by a clock that begins anew now and then


def send(*message):
    """Send a message to the worker, with what it takes along; until Python runs there, it waits its turn."""
    if worker:
        worker.postMessage(*message)
    else:
        waiting.append(message)


def post(kind, **parts):
    """Send a message of text alone."""
    global touched_at
    if kind in TOUCHES:
        touched_at = time.ticks_ms()
    send(write(kind, **parts))


async def rested(rest):
    """Wait until the reader has done nothing to a figure for so many milliseconds."""
    while touched_at is not None and time.ticks_diff(time.ticks_ms(), touched_at) < rest:
        await asyncio.sleep(LOOK)


async def meet(received, failed):
    """Wait for the worker, which PyScript makes at a moment of its own, and hand it what has come up meanwhile.

    From then on `received` gets its messages, and `failed` the errors that nobody takes there.
    """
    global worker
    script = here.document.querySelector("py-script[worker]")
    while not getattr(script, "xworker", None):
        await asyncio.sleep(LOOK)
    worker = script.xworker
    worker.onmessage = received
    worker.onerror = failed
    while waiting:
        worker.postMessage(*waiting.pop(0))
