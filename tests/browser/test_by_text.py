"""Each challenge is solved as by a reader who sees no picture: the keys are chosen from the figure's words alone."""

from __future__ import annotations

import re

import pytest

from figures import FIGURES
from tests.browser.conftest import ready_article, until

SETTLED = """([name, before, most]) => new Promise(done => {
  const said = document.querySelector(`#${name} .said`), from = performance.now();
  let last = said.textContent, same = 0;
  const look = () => {
    const now = said.textContent, late = performance.now() - from > most;
    same = now === last ? same + 1 : 0; last = now;
    late || (now !== before && same > 2) ? done(now) : requestAnimationFrame(look);
  };
  look();
})"""
"""Resolves when the words have changed and stand still, or after so many milliseconds."""
SAYS = "([name, words]) => new RegExp(words).test(document.querySelector(`#${name} .said`).textContent)"
UP, DOWN = "ArrowRight", "ArrowLeft"


class Reader:
    """Somebody at a figure with a keyboard and its words."""

    def __init__(self, page, name):
        self.page, self.name = page, name
        self.moves = 0

    @property
    def said(self):
        """What the figure says of itself."""
        return self.page.text_content(f"#{self.name} .said")

    def press(self, control, key, times=1):
        """Go to a control, press a key, hear what the figure says then. It must not take for ever."""
        self.moves += 1
        assert self.moves < 150, f"no end of it: {self.said}"
        before = self.said
        self.page.focus(f"#{self.name} :is(input, select, button)[name={control}]")
        for _ in range(times):
            self.page.keyboard.press(key)
        self.page.evaluate(SETTLED, [self.name, before, 700])

    def bring(self, control, goal):
        """Bring a slider to a value that the words gave."""
        slider = self.page.locator(f"#{self.name} input[name={control}]")
        steps = round((number(goal) - float(slider.input_value())) / float(slider.get_attribute("step")))
        if steps:
            self.press(control, UP if steps > 0 else DOWN, abs(steps))

    def wait(self, words):
        """Wait until it says so."""
        until(self.page, SAYS, [self.name, words])


def number(text):
    """A number as the words write it, with a true minus sign."""
    return float(text.replace("−", "-"))


def gate(reader):
    while wrong := re.search(r"(\d)(\d) gives \d \(should be (\d)\)", reader.said):
        for control, counts in (("w1", wrong[1]), ("w2", wrong[2]), ("b", "1")):
            if counts == "1":
                reader.press(control, UP if wrong[3] == "1" else DOWN, 10)


def one_line(reader):
    while "A line can do better" in reader.said:
        reader.press("angle", DOWN, 10)


def two_lines(reader):
    while needs := re.search(r"(h.(?: and h.)?) must say 1 to", reader.said):
        for k, name in enumerate(("h₁", "h₂"), 1):
            if name in needs[1]:
                reader.press(f"offset-{k}", DOWN, 10)


def fit_line(reader):
    reader.press("challenge", "Space")
    assert "the target is hidden" in reader.said
    while "Solved" not in reader.said:
        for control in ("w", "b"):
            for key, back in ((UP, DOWN), (DOWN, UP)):
                reader.press(control, key)
                while "better" in reader.said and "Solved" not in reader.said:
                    reader.press(control, key)
                if "Solved" not in reader.said:
                    reader.press(control, back)


def tangent(reader):
    for key in (UP, DOWN):
        heard = ""
        while heard != reader.said and "The whole derivative" not in reader.said:
            heard = reader.said
            reader.press("x", key, 10)


def bowl(reader):
    lowest = re.search(r"The lowest place is at w1 = (\S+) and w2 = (\S+)\. ", reader.said)
    reader.bring("w1", lowest[1])
    reader.bring("w2", lowest[2])


def gradient_field(reader):
    reader.press("drop", "Space")
    reader.wait("After .* steps")
    while "lies still at the bottom" not in reader.said:
        reader.press("learning-rate", DOWN if "too high" in reader.said else UP, 3)
        reader.press("drop", "Space")
        reader.wait("After .* steps")


def step_function(reader):
    while "Still to try: a nudge too small" in reader.said:
        reader.press("nudge", DOWN)
    reader.bring("z", re.search(r"Still to try: z = (\S+) with", reader.said)[1])
    while "Still to try" in reader.said:
        reader.press("nudge", DOWN)


def sigmoid(reader):
    while way := re.search(r"go to the (left|right)", reader.said):
        reader.press("z", DOWN if way[1] == "left" else UP, 3)


def layer_steps(reader):
    while "One line parts 01 and 10" not in reader.said:
        reader.press("forward", "Space")


def hidden_by_hand(reader):
    reader.press("hint", "ArrowDown", 2)
    while "No line parts them" in reader.said:
        for verb, name in re.findall(r"(raise|lower) (b.)", reader.said):
            reader.press("bias-1" if name == "b₁" else "bias-2", UP if verb == "raise" else DOWN, 5)


def training(reader):
    reader.press("play", "Space")
    reader.wait("4 of 4 answers are right")
    reader.press("play", "Space")


def circles(reader):
    reader.press("hidden", UP)
    assert "3 tanh neurons" in reader.said
    reader.press("play", "Space")
    reader.wait("120 of the 120 points are right")


SOLVERS = {
    solve.__name__.replace("_", "-"): solve
    for solve in (
        *(gate, one_line, two_lines, fit_line, tangent, bowl, gradient_field, step_function, sigmoid, layer_steps),
        *(hidden_by_hand, training, circles),
    )
}
DONE = "name => document.querySelector(`#${name} output[name=solved]`).dataset.value === 'true'"


@pytest.fixture(scope="module")
def page(site, chromium):
    """The article, all its figures ready, for a reader who asks for no motion."""
    with ready_article(site, chromium, service_workers="block") as page:
        yield page


def test_every_figure_with_something_to_solve_is_solved_here():
    assert {name for name, figure in FIGURES.items() if "solved" in figure.readouts(figure.start())} == set(SOLVERS)


@pytest.mark.parametrize("name", SOLVERS)
def test_the_words_alone_lead_to_the_solution(page, name):
    page.locator(f"#{name}").scroll_into_view_if_needed()
    assert not page.evaluate(DONE, name)
    reader = Reader(page, name)
    SOLVERS[name](reader)
    assert page.evaluate(DONE, name), reader.said
