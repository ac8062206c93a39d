"""The worker, as the page has it: what is sent before PyScript has made it waits. MicroPython, on the page."""

import asyncio

import here
from messages import write

LOOK = 0.01  # seconds

worker = None  # once PyScript has made it
waiting = []  # what it is to be sent then


def send(*message):
    """Send a message to the worker, with what it takes along; until Python runs there, it waits its turn."""
    if worker:
        worker.postMessage(*message)
    else:
        waiting.append(message)


def post(kind, **parts):
    """Send a message of text alone."""
    send(write(kind, **parts))


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
