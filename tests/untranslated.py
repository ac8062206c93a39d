"""Run in a copy of the checkout whose texts are all in ⟦ ⟧: prints, as JSON, what a reader is told that is not.

`python -m tests.untranslated NAME…` runs these figures through the states that their controls, buttons, pictures and
time lead to, at random but always the same, and looks at all that is said and written there.
"""

import json
import random
import re
import sys

from app.studio import Actor, runs
from figures import FIGURES
from figures.controls import Button, Choice, Range, Several, Text, Toggle, settings
from scene.marks import Handles, Labels
from tools import markup, words
from unfold.formula import NAMES

STEPS = 120
TEXTS = ("", "x * tanh(x)", "x +", "sin(x) / 0", "1/x", "x ** y", "0,0,cat\n1,1,dog\n0,1,cat", "0,0,a\n1,1,b\n2,2,c")
"""What is typed: formulas and tables, good and bad."""
QUOTED = re.compile(r"“[^“”]*”|'[^']*'")
"""What the reader typed, and names in Python's way."""
CODE = re.compile(r"<div data-code=.*?</code></pre></div>", re.DOTALL)
SPOKEN = re.compile(r'(?:aria-label|alt|title)="([^"]*)"')


class Canvas:
    """A canvas that shows nothing."""

    width, height = 300.0, 300.0


class Watched:
    """A figure as the studio runs it, and what it has said that is not translated."""

    def __init__(self, name):
        self.figure = FIGURES[name]
        self.actor = Actor(self.figure, {view: Canvas() for view in self.figure.SIZES}, "")
        self.left = {}
        controls = settings(self.figure.CONTROLS).values()
        options = [value for c in controls if isinstance(c, Choice | Several) for value, _ in c.options]
        self.names = {word for text in (*options, *(c.name for c in controls)) for word in words.words(text)}
        self.names |= {word for name in NAMES for word in words.words(name)} | {"on", "off", "step"}

    def look(self):
        """Take in all that is said, written and drawn in the present state."""
        state, actor = self.actor.state, self.actor
        actor.views = self.figure.scene(state)
        self.take("description", self.figure.describe(state))
        self.take("formula", seen(self.figure.formula(state)))
        for name, (text, _) in self.figure.readouts(state).items():
            self.take(f"readout {name}", text)
        for name, view in actor.views.items():
            for text in drawn(view):
                self.take(f"picture {name}", text)
        for text in (actor.alert, *actor.drafts.values()):
            self.take("alert", text, self.names)

    def take(self, where, text, names=frozenset()):
        """Note what of a text stands in no ⟦ ⟧, but for names that a reader is to type as they are."""
        rest = QUOTED.sub(" ", re.sub(r"⟦([“”]?)[^⟦⟧]*?([“”]?)⟧", r" \1\2 ", text))
        if set(words.words(rest)) - names:
            self.left.setdefault(rest, where)

    def act(self, chance):
        """Do something that a reader can do."""
        control = chance.choice(self.figure.CONTROLS)
        kind = chance.random()
        if kind < 0.12:
            where = [chance.uniform(0, 300), chance.uniform(0, 300)]
            view = chance.choice(list(self.actor.views))
            for handle in [mark for mark in self.actor.views[view].marks if isinstance(mark, Handles)][:1]:
                self.actor.held = chance.choice(handle.names)
            for phase in ("hover", "down", "move", "up"):
                self.actor.point(view, phase, *where, 20)
        elif runs(self.figure, self.actor.state) and kind < 0.6:
            for _ in range(chance.choice((1, 5, 60))):
                if runs(self.figure, self.actor.state):
                    self.actor.state = self.figure.advance(self.actor.state, 0.1, 0.003, clock())
        elif isinstance(control, Button):
            self.actor.press(control.name)
        else:
            self.actor.set(control.name, chance.choice(values(control, chance)))


def values(control, chance):
    """Return what a control may be set to: its ends, its choices, something between, and something that is refused."""
    match control:
        case Range(low=low, high=high):
            return [
                control.write(v)
                for v in (low, high, low + control.step * chance.randrange(1 + int((high - low) / control.step)))
            ] + ["far"]
        case Choice() | Several():
            return [value for value, _ in control.options] * 3 + ["nothing of these"]
        case Toggle():
            return ["on", "off"] * 3 + ["perhaps"]
        case Text():
            return [text for text in TEXTS if text] + ["x" * (control.most + 1), ""]


def clock():
    """Return a clock that goes a millisecond a look, so that a slice of work always ends in the same place."""
    ticks = iter(range(10**9))
    return lambda: next(ticks) / 1000


def seen(html):
    """Return the text of some HTML, what is spoken for pictures included, but for the code that stands in it."""
    html = CODE.sub("", html).replace("<mi>step</mi>", "").replace("<mi>sine</mi>", "")  # a function's name
    spoken = " ".join(SPOKEN.findall(html))
    return re.sub(r"<[^>]*>", " ", html) + " " + spoken


def drawn(view):
    """Return the texts in a picture."""
    for mark in view.marks:
        if isinstance(mark, Labels):
            yield from mark.texts
    for axis in (view.x, view.y):
        yield from (text for _, text in axis.ticks)


def untranslated(name):
    """Return what a figure says that is not translated, each with where it says so."""
    chance = random.Random(name)
    watched = Watched(name)
    watched.take("page", seen(markup.figure_html(watched.figure)))
    for _ in range(STEPS):
        watched.look()
        watched.act(chance)
        if chance.random() < 0.05:
            watched.actor.press("reset")
    return watched.left


if __name__ == "__main__":
    print(json.dumps({name: untranslated(name) for name in sys.argv[1:]}, ensure_ascii=False))
