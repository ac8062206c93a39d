"""Runs the figures: takes messages, lets time pass, has them drawn and reports what changed.

No browser in here: canvases, clock and the road to the page are handed in, so this runs and is tested
natively. The worker calls `receive` for each message, `frame` once a frame while `frame` says there is more to do,
and `tell` after each.
"""

import math
import traceback
from dataclasses import replace

from app import messages
from figures.controls import BadValueError, Button, Text, field, read_link, settings, with_values, write_link
from scene.marks import Handles
from scene.placement import Placement

SLICE = 0.008
"""Seconds a frame that training may take in all: an event that comes meanwhile has to wait for it."""
PICTURE_EVERY = 0.025
"""Seconds between pictures of what works by itself: every other frame, so that what the reader does meanwhile finds the
road to the screen free (a frame still on its way there costs the next one 16 ms). What only moves has one a frame."""
LONGEST_ELAPSED = 0.1
"""Seconds that may pass between two slices at most: after a pause training goes on, it does not catch up."""
READOUT_EVERY = 0.05
SAID_EVERY = 1.5
"""Seconds between reports while something runs: numbers as fast as they can be read, sentences as they can be heard."""


class Actor:
    """One figure on stage: its state, its canvases, and what the page was last told.

    `key` is what the page calls it: its name, or another where the page has it more than once. `shares` says whether
    settings that figures have in common are in common for this one.
    """

    def __init__(self, figure, canvases, link, key="", theme="light", shares=True):
        self.figure = figure
        self.canvases = canvases
        self.key = key or figure.NAME
        self.theme = theme
        self.shared = getattr(figure, "SHARED", ()) if shares else ()
        self.start = figure.start()
        self.state = self.start
        self.alert = ""
        self.drafts = {}
        self.seen = True
        self.dirty = self.asked = True
        self.untold = False
        self.told = {}
        self.worked_at = None
        self.drawn_at = self.readouts_at = self.said_at = -1e9
        self.broken = ""
        self.views = {}
        self.held = self.turning = None
        self.linked = self.take_link(link)

    def guarded(self, action, *arguments):
        """Do something for this figure; an error in it ends nothing but this figure's present state."""
        try:
            action(*arguments)
        except Exception as problem:
            traceback.print_exc()
            self.broken = f"{type(problem).__name__}: {problem}"[:200]
            self.state = self.start
            self.told = {}
            self.dirty = self.asked = True

    def stale(self):
        """The picture on the screen is none any more: the next frame draws, in view or, one after the other, out of it.

        Whoever prints prints all of them.
        """
        self.dirty = self.asked = True
        self.drawn_at = -1e9

    def take_link(self, link):
        """Take a link's settings and return them: what it does not name has its default; what is refused is said."""
        values, refused = read_link(link, self.figure.CONTROLS)
        self.state = self.changed(with_values(self.figure.start(), values), self.start)
        self.alert, self.drafts = " ".join(refused), {}
        self.dirty = self.asked = True
        return values

    def changed(self, state, before):
        """Return what the figure makes of a state whose settings have changed."""
        return self.figure.changed(state, before) if hasattr(self.figure, "changed") else state

    def set(self, name, text):
        """Set a control and return whether it could be: a value that is not allowed leaves the state and is said."""
        control = settings(self.figure.CONTROLS).get(name)
        try:
            if control is None:
                raise BadValueError("control", name, ", ".join(settings(self.figure.CONTROLS)))
            value = control.parse(text)
        except BadValueError as problem:
            if isinstance(control, Text):
                self.drafts[name] = str(problem)
            else:
                self.alert = str(problem)
                self.told.pop("controls", None)
        else:
            self.put(name, value)
            self.alert = ""
            return True
        self.dirty = self.asked = True
        return False

    def put(self, name, value):
        """Change the state to have this value, which is allowed."""
        before = self.state
        self.state = self.changed(replace(before, **{field(name): value}), before)
        self.drafts.pop(name, None)
        self.dirty = self.asked = True

    def press(self, name):
        """Press a button; `reset` is every figure's: back to the state it opened in."""
        if name == "reset":
            self.state, self.drafts = self.figure.start(), {}
        elif any(isinstance(control, Button) and control.name == name for control in self.figure.CONTROLS):
            self.state = self.figure.pressed(self.state, name)
        self.alert = ""
        self.dirty = self.asked = True

    def point(self, view, phase, x, y, reach):
        """Follow the pointer over a picture: handles are dragged; a figure may also follow it, or take a press.

        A figure has `dragged(state, handle, x, y)`, `hovered(state, view, x, y)` (None for both when it leaves),
        `pressed_at(state, view, x, y)` and `turned(state, view, dx, dy)`, for a press on no handle that moves, as far
        as it needs them; x and y are in the view's units, dx and dy are pixels.
        """
        canvas, shown = self.canvases[view], self.views.get(view)
        if shown is None or canvas.width < 1 or canvas.height < 1:
            return
        place = Placement(shown, canvas.width, canvas.height)
        figure, state, units = self.figure, self.state, place.units(x, y)
        if phase == "down":
            self.held = nearest_handle(shown, place, x, y, reach)
            self.turning = None if self.held or not hasattr(figure, "turned") else (x, y)
            if not self.held and hasattr(figure, "pressed_at"):
                state = figure.pressed_at(state, view, *units)
        elif phase == "move" and self.held:
            state = figure.dragged(state, self.held, *units)
        elif phase == "move" and self.turning:
            before_x, before_y = self.turning
            self.turning = (x, y)
            state = figure.turned(state, view, x - before_x, y - before_y)
        elif phase == "up":
            self.held = self.turning = None
        elif not self.held and hasattr(figure, "hovered"):
            # Over a handle the pointer is about to take hold: the figure sees it leave.
            gone = phase == "leave" or nearest_handle(shown, place, x, y, reach)
            state = figure.hovered(state, view, *((None, None) if gone else units))
        if state is not self.state:
            self.state, self.alert = state, ""
            self.dirty = self.asked = True

    def term(self, name):
        """Light a term of the formula, if the figure has terms."""
        if hasattr(self.state, "term"):
            self.state = replace(self.state, term=name)
            self.dirty = self.asked = True

    def handles(self):
        """Return where the handles stand on each picture, in CSS pixels."""
        found = {}
        for name, canvas in self.canvases.items():
            view = self.views[name]
            place = Placement(view, canvas.width, canvas.height)
            at = [place(mark.at) for mark in view.marks if isinstance(mark, Handles)]
            if at:
                found[name] = [[round(float(x)), round(float(y))] for part in at for x, y in part]
        return found

    def report(self, now):
        """Return the parts of a report that differ from what the page was last told; rarer while running."""
        figure, state = self.figure, self.state
        running = runs(figure, state)
        parts = {
            "alert": " ".join(part for part in (self.alert, *self.drafts.values()) if part),
            # A text that is refused stays in its box, to be put right; the State has the last good one.
            "controls": {
                name: control.write(getattr(state, field(name)))
                for name, control in settings(figure.CONTROLS).items()
                if name not in self.drafts
            },
            "link": write_link(state, self.start, figure.CONTROLS),
            "handles": self.handles(),
        }
        for part in ("lit", "code", "limits"):
            if hasattr(figure, part):
                parts[part] = getattr(figure, part)(state)
        if hasattr(state, "term"):
            parts["term"] = state.term
        if not running or now - self.readouts_at >= READOUT_EVERY:
            self.readouts_at = now
            parts["readouts"] = figure.readouts(state)
            parts["formula"] = figure.formula(state)
        if not running or now - self.said_at >= SAID_EVERY:
            self.said_at = now
            parts["said"] = figure.describe(state)
        news = {name: part for name, part in parts.items() if self.told.get(name) != part}
        for name in news.keys() & {"controls", "readouts"}:  # of these only what differs: each costs the page a search
            told = self.told.get(name, {})
            news[name] = {one: value for one, value in parts[name].items() if told.get(one) != value}
        self.told.update({name: parts[name] for name in news})
        return news


def runs(figure, state):
    """Return whether time changes this state."""
    return hasattr(figure, "running") and figure.running(state)


def moving(figure):
    """Return whether time only moves what this figure shows: it knows where the move ends, and has no work to do."""
    return hasattr(figure, "arrived")


def nearest_handle(view, place, x, y, reach):
    """Return the name of the handle within `reach` pixels of a place on the picture, the nearest; None if none is."""
    best, name = reach, None
    for mark in view.marks:
        if isinstance(mark, Handles):
            for (at_x, at_y), handle in zip(place(mark.at), mark.names, strict=True):
                distance = math.hypot(at_x - x, at_y - y)
                if distance <= best:
                    best, name = distance, handle
    return name


class Studio:
    """All figures of a page.

    `make_canvas(offscreen)` wraps a canvas (it has `resize` and `draw`), `make_canvas(offscreen, below)` one with
    another below it, for a relief; `send(text)` speaks to the page, `clock()` gives seconds.
    """

    def __init__(self, figures, make_canvas, send, clock):
        self.figures = figures
        self.make_canvas = make_canvas
        self.send = send
        self.clock = clock
        self.actors = {}
        self.shared = {}
        self.inbox = []
        self.still = False
        self.hidden = False
        self.drawn_at = -1e9

    def receive(self, message, offscreens=()):
        """Keep a message for the next frame. Of settings, or moves, that follow one another the last one counts."""
        latest = self.inbox[-1][0] if self.inbox else {}
        same = ("kind", "figure", "control", "view", "phase")
        follows = all(latest.get(part) == message.get(part) for part in same)
        if follows and (message["kind"] == "set" or message.get("phase") in ("move", "hover")):
            self.inbox.pop()
        self.inbox.append((message, offscreens))

    def frame(self):
        """Handle what has come in, then have each figure drawn or let time pass for it; return whether to go on.

        `tell` is to be called after it, when the pictures are on their way.
        A frame of a figure at work is for its picture or for its work, not for both: an event never waits long.
        """
        now = self.clock()
        inbox, self.inbox = self.inbox, []
        for message, offscreens in inbox:
            self._handle(message, offscreens)
        touched = any(message["kind"] in messages.TOUCHES for message, _ in inbox)
        on_stage = [actor for actor in self.actors.values() if actor.seen and not self.hidden]
        runners = [actor for actor in on_stage if runs(actor.figure, actor.state)]
        waiting = [actor for actor in self.actors.values() if actor.asked and actor not in on_stage]
        for actor in [*on_stage, *waiting[:1], *(set(self.actors.values()) - set(on_stage) - set(waiting))]:
            # Out of view nothing is drawn but the first picture, which stands ready when the reader gets there, and
            # what the reader's own doing asks for: one a frame, after those in view.
            moves = actor in runners and moving(actor.figure)
            if moves and not touched:
                actor.guarded(self._advance, actor, now, SLICE)
            if actor.asked or (actor.dirty and actor in on_stage and (moves or now - actor.drawn_at >= PICTURE_EVERY)):
                actor.guarded(self._show, actor, now)
            elif actor in runners and not moves and not touched:
                actor.guarded(self._advance, actor, now, SLICE / len(runners))
            if actor not in runners:
                actor.worked_at = None
            elif actor.worked_at is None:
                actor.worked_at = now
        return len(waiting) > 1 or any(actor.dirty or runs(actor.figure, actor.state) for actor in on_stage)

    def _handle(self, message, offscreens):
        handler = getattr(self, "_" + message["kind"])
        actor = self.actors.get(message.get("figure"))
        if actor:
            actor.guarded(handler, message, offscreens)
        elif message["kind"] == "open" or "figure" not in message:  # what is about a figure that is gone, is gone too
            handler(message, offscreens)

    def _advance(self, actor, now, budget):
        elapsed = min(now - (actor.worked_at or now), LONGEST_ELAPSED)
        actor.worked_at = now
        if self.still and moving(actor.figure):
            actor.state = actor.figure.arrived(actor.state)
        else:
            actor.state = actor.figure.advance(actor.state, elapsed, budget, self.clock)
        actor.dirty = True

    def _tell_broken(self, actor):
        alert = f"This figure met an error ({actor.broken}) and went back to where it opened; the others go on."
        actor.broken = ""
        actor.alert = actor.told["alert"] = alert
        self.send(messages.write("report", figure=actor.key, alert=alert))

    def _show(self, actor, now):
        actor.dirty = actor.asked = False
        actor.drawn_at = now
        actor.views = actor.figure.scene(actor.state)
        for name, view in actor.views.items():
            if name in actor.canvases:
                actor.canvases[name].draw(view, actor.theme)
        actor.untold = True
        self.drawn_at = self.clock()

    def tell(self):
        """Report what is drawn: words after pictures, which need not wait for them on their way to the screen."""
        for actor in self.actors.values():
            if actor.untold:
                actor.untold = False
                actor.guarded(self._report, actor)
            if actor.broken:
                self._tell_broken(actor)

    def _report(self, actor):
        news = actor.report(actor.drawn_at)
        if news:
            self.send(messages.write("report", figure=actor.key, **news))

    def _open(self, message, offscreens):
        key = message["figure"]
        figure = self.figures[message.get("name", key)]
        layers = {name: [] for name in message["views"]}
        for name, offscreen in zip(message.get("canvases", layers), offscreens, strict=True):
            layers[name].append(offscreen)
        canvases = {name: self.make_canvas(*offscreens) for name, offscreens in layers.items()}
        self.still = message["still"]
        shares = not message.get("alone", False)
        actor = self.actors[key] = Actor(figure, canvases, message["link"], key, message["theme"], shares)
        for name, value in self.shared.items():
            if name in actor.shared and name not in actor.linked:
                actor.put(name, value)
        self._share(actor, actor.linked)
        self._size(message, ())

    def _close(self, message, _):
        for canvas in self.actors.pop(message["figure"]).canvases.values():
            canvas.close()

    def _set(self, message, _):
        actor = self.actors[message["figure"]]
        if actor.set(message["control"], message["value"]):
            self._share(actor, (message["control"],))

    def _share(self, giver, names):
        """Hand what has been set in one figure to every other that shares it, and to those that open later."""
        for name in set(names) & set(giver.shared):
            self.shared[name] = value = getattr(giver.state, field(name))
            for actor in self.actors.values():
                if name in actor.shared and getattr(actor.state, field(name)) != value:
                    actor.guarded(actor.put, name, value)

    def _press(self, message, _):
        self.actors[message["figure"]].press(message["button"])

    def _point(self, message, _):
        self.actors[message["figure"]].point(*(message[part] for part in ("view", "phase", "x", "y", "reach")))

    def _term(self, message, _):
        self.actors[message["figure"]].term(message["term"])

    def _link(self, message, _):
        actor = self.actors[message["figure"]]
        self._share(actor, actor.take_link(message["link"]))

    def _seen(self, message, _):
        actor = self.actors[message["figure"]]
        actor.seen = message["seen"]

    def _size(self, message, _):
        actor = self.actors[message["figure"]]
        for name, (width, height) in message["views"].items():
            actor.canvases[name].resize(width, height, message["ratio"])
        actor.stale()

    def _theme(self, message, _):
        named = message.get("figure")
        for actor in self.actors.values():
            if named in (None, actor.key):
                actor.theme = message["theme"]
                actor.stale()

    def _still(self, message, _):
        self.still = message["still"]

    def _hidden(self, message, _):
        self.hidden = message["hidden"]

    def redraw(self):
        """Have every figure drawn again at the next frame: colours or fonts have changed."""
        for actor in self.actors.values():
            actor.stale()
