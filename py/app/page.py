"""The page: MicroPython on the main thread. It moves events and text, and never computes.

It is imported before there is a reader: MicroPython's memory is pictured with it (tools/shipped.py). With a reader it
begins, in small steps, so that the page answers in between. When `begin` returns, the first figure's controls are
alive; only then is the worker started (assets/early.mjs), and the rest goes on beside that.
"""

import asyncio

import engine
import here
import offline
from figure import Figure
from messages import read
from reports import fail, show

FONTS = (  # beside the style sheet
    (r"Instrument Sans", "fonts/sans.woff2", "normal"),
    (r"Source Serif 4", "fonts/serif-italic.woff2", "italic"),
)
FIGURES = r"figure.unfold[id]"
BEGINNINGS = ("scroll", "pointermove", "pointerdown", "keydown", "focusin")  # what a reader begins with
BREATH, WHILE = 0.001, 0.01  # seconds: to let the page go on, and to look again
SOON = 30  # looks
REST = 300  # milliseconds that the reader does nothing
COMING = r"[data-laid=place] main > :not(.there)"  # by a link, while more of the article comes (assets/early.mjs)
TOP = 40  # pixels from the window's upper edge, in which what a link leads to stands at first

figures = {}
taken_in = []
tasks = []  # kept, or asyncio may drop them half-way
resting = True  # until the reader begins
problem = ""
astray = 0  # pixels, less than one, that the reader's place has been moved: browsers round


def address(file):
    """Return the whole address of a file beside the style sheet, for the worker, which has another base."""
    return here.window.URL.new(file, here.document.querySelector("link[rel=stylesheet]").href).href


def failed(event):
    """The worker met an error that nobody took: before Python runs, that is its end."""
    if here.html.dataset.runtime != "ready":
        broken(getattr(event, "message", None) or "no reason given")


def became(state):
    """Tell every document that has a figure here how Python is."""
    here.html.dataset.runtime = state
    for figure in figures.values():
        figure.html.dataset.runtime = state


def broken(reason):
    """Python did not start: say so in every figure; the text, the posters and the page stay."""
    global problem
    problem = str(reason)[:160]
    became("failed")
    for figure in figures.values():
        fail(figure, problem)


def begun(event=None):
    """The reader has begun: only now may what is out of view be wanted. Browsers scroll too, if what is above comes."""
    global resting
    if resting and not (event and event.type == "scroll" and at_link()):
        resting = False
        tasks.append(asyncio.create_task(open_all()))


async def drawn():
    """Wait until the page is drawn as it is now; one that is out of sight is drawn when it is looked at again."""
    await here.window.Promise.new(lambda go, _: here.window.requestAnimationFrame(go))


def in_view():
    """Return what the reader has before them: a figure, or else a paragraph; None if there is neither just now."""
    for figure in figures.values():
        if figure.pictures.seen:
            return figure.element
    found = here.document.elementFromPoint(here.window.innerWidth / 2, here.window.innerHeight / 2)
    return found and found.closest(r".part > *")


def lay_out(elements, *how):
    """Lay out parts of the article or pieces of them, and keep the reader's place: not every browser does, and Firefox
    no more after many times."""
    global astray
    seen = in_view()
    due = seen and seen.getBoundingClientRect().top - astray
    for element in elements:
        element.classList.add(*how)
    if seen:
        astray = seen.getBoundingClientRect().top - due
        if abs(astray) >= 1:
            here.window.scrollBy(0, round(astray))
            astray = seen.getBoundingClientRect().top - due


async def open_all():
    """Lay out the article and open one figure after the other, when those in view have had Python first."""
    while here.html.dataset.runtime == "starting" or here.document.querySelector(COMING):
        await asyncio.sleep(WHILE)
    before = []
    for element in here.document.querySelectorAll(r".part, .part > *"):
        figure = figures.get(element.id)
        # What stands before a figure is laid out by itself, or the reader would be held up. So is a part: if that which
        # is being read changed together with some above it, the browser would lose the reader's place.
        if not (figure or element.matches(".part")):
            before.append(element)
            continue
        lay_out(before, "laid")
        before = []
        await engine.rested(REST)  # or what the reader does would wait for a figure that nobody sees
        await drawn()
        if figure and not figure.pictures.opened:  # its pictures first, then the rest of it: two frames
            lay_out([element], "laid")
            await drawn()
            figure.post("seen", seen=False)
        lay_out([element], "laid", "whole")
        await drawn()
    lay_out(before, "laid")


def relinked(_):
    """The address has new settings for a figure: show them."""
    figure = figures.get(linked())
    if figure:
        figure.relinked()
        figure.element.scrollIntoView()


def linked():
    """Return which figure the address leads to, or what else it does."""
    return here.window.location.hash[1:].partition("?")[0]


def at_link():
    """Return whether what the address leads to stands where the browser has put it: its reader has done nothing yet."""
    there = here.document.getElementById(linked())
    return there and 0 <= there.getBoundingClientRect().top < TOP


def received(event):
    """Take a message from the worker."""
    data = event.data
    if not isinstance(data, str):
        return
    message = read(data)
    if message["kind"] == "report":
        if message["figure"] in figures:  # a frame may have gone since
            show(figures[message["figure"]], message)
    elif message["kind"] == "runtime":
        if message["state"] == "failed":
            broken(message["text"])
        else:
            became(message["state"])
    elif message["kind"] == "loading":
        if message["received"] >= message["total"]:
            here.html.dataset.downloaded = ""
        for figure in [each for each in figures.values() if each.pictures.seen]:
            figure.element.querySelector("progress.download").value = message["received"] / message["total"]


def take_in(guest):
    """Take in the figure of a frame, this one or another beside it: all of them on a page share one runtime."""
    element = guest.document.querySelector(FIGURES)
    key = f"{element.id} {len(taken_in)}"
    taken_in.append(key)
    figures[key] = Figure(element, key)
    figures[key].pictures.open()
    if problem:
        broken(problem)

    def gone(event):
        if not event.persisted and figures.pop(key, None):
            engine.post("close", figure=key)

    guest.addEventListener("pagehide", gone)


def listen():
    """Send on what all figures have in common."""
    engine.post("fonts", faces=[[family, address(file), style] for family, file, style in FONTS])
    for media in (here.dark, here.paper):
        media.addEventListener("change", lambda _: [figure.rethemed() for figure in figures.values()])
    here.still.addEventListener("change", lambda event: engine.post("still", still=event.matches))
    here.document.addEventListener("visibilitychange", lambda _: engine.post("hidden", hidden=here.document.hidden))


async def take_up_rest(first):
    """Take up the article's other figures, when the worker has begun, which takes the longest of all, or is not about
    to; then open the first."""
    for _ in range(SOON):
        if engine.worker:
            break
        await asyncio.sleep(WHILE)
    for element in here.document.querySelectorAll(FIGURES):
        if element.id not in figures:
            figures[element.id] = Figure(element, element.id)
            await asyncio.sleep(WHILE)  # a frame or so for each, and what the reader does comes between
    if problem:
        broken(problem)  # of which those taken up since have not heard
    listen()
    here.window.addEventListener("hashchange", relinked)
    first.element.classList.add("laid")
    await asyncio.sleep(WHILE)  # to lay it out and to open it are two tasks
    first.pictures.open()
    await asyncio.sleep(BREATH)
    tasks.append(asyncio.create_task(offline.start()))
    for event in BEGINNINGS:
        here.document.addEventListener(event, begun)
    if here.window.scrollY and not at_link():
        begun()


def begin():
    """Begin with the first figure: a frame's only one, or else that which the address leads to."""
    tasks.append(asyncio.create_task(engine.meet(received, failed)))
    if here.framed:
        take_in(here.window)
        for guest in here.window.unfold.guests:
            take_in(guest)
        here.window.unfold.arrive = take_in
        listen()
        return
    there = here.document.getElementById(linked())
    chosen = there and there.matches(FIGURES)
    element = there if chosen else here.document.querySelector(FIGURES)
    first = figures[element.id] = Figure(element, element.id)
    tasks.append(asyncio.create_task(take_up_rest(first)))
