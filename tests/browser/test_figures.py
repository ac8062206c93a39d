"""Every figure as a reader handles it: by keyboard, by dragging on its pictures, by a link. What must come of it is
worked out natively by the same figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from figures import FIGURES
from figures.controls import Button, Choice, Range, Several, Text, Toggle, field
from scene.marks import Handles
from scene.placement import Placement
from tests.browser.conftest import ready_article

NAMES = [name for name in FIGURES if name != "training"]
SAYS = "([name, text]) => document.querySelector(`#${name} .said`).textContent === text"


@pytest.fixture(scope="module")
def page(site, chromium):
    """The article, all its figures ready."""
    problems = []
    with ready_article(site, chromium, problems) as page:
        page.evaluate("() => document.querySelectorAll('details.more').forEach(more => { more.open = true; })")
        yield page
    assert problems == []


@pytest.fixture
def opened(page):
    """Bring a figure into view as it opens."""

    def opened(name):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        page.click(f"#{name} [name=reset]")
        start = FIGURES[name].start()
        says(page, name, start)
        return start

    return opened


def says(page, name, state):
    """Wait until the description is that of this state."""
    text = FIGURES[name].describe(state)
    try:
        page.wait_for_function(SAYS, arg=[name, text], timeout=10_000)
    except Exception:
        raise AssertionError(f"it says {page.text_content(f'#{name} .said')!r}, not {text!r}") from None


def after(figure, before, **values):
    state = replace(before, **values)
    return figure.changed(state, before) if hasattr(figure, "changed") else state


def controls(name, kind):
    layout = FIGURES[name].LAYOUT
    folded = layout.get("more", ("", ()))[1]
    rows = (*layout.get("groups", ()), *layout.get("boxes", ()))
    loose = (*layout.get("controls", ()), *layout.get("guess", ()), *folded)
    placed = {*loose, *(name for row in rows for name in row)}
    return [control for control in FIGURES[name].CONTROLS if isinstance(control, kind) and control.name in placed]


@pytest.mark.parametrize("name", NAMES)
def test_every_control_of_a_figure_stands_in_the_page(name):
    figure = FIGURES[name]
    every = controls(name, (Range, Choice, Several, Toggle, Button, Text))
    assert {control.name for control in every} == {control.name for control in figure.CONTROLS}


@pytest.mark.parametrize(("name", "control"), [(n, c) for n in NAMES for c in controls(n, Range) if not c.typed])
def test_a_slider_is_moved_by_the_keyboard_and_the_words_keep_up(page, opened, name, control):
    start = opened(name)
    page.locator(f"#{name} input[name={control.name}]").focus()
    before = getattr(start, field(control.name))
    at_end = before + control.step > control.high + 1e-9
    page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
    value = control.parse(control.write(before + (-control.step if at_end else control.step)))
    says(page, name, after(FIGURES[name], start, **{field(control.name): value}))
    shown = page.text_content(f"#{name} output[for={name}-{control.name}]")
    assert shown == control.write(value)


@pytest.mark.parametrize(("name", "control"), [(n, c) for n in NAMES for c in controls(n, Choice) if not c.tapped])
def test_every_choice_is_shown_and_told(page, opened, name, control):
    state = opened(name)
    for value, _ in control.options:
        page.locator(f"#{name} select[name={control.name}]").select_option(value)
        state = after(FIGURES[name], state, **{field(control.name): value})
        says(page, name, state)


@pytest.mark.parametrize(("name", "control"), [(n, c) for n in NAMES for c in controls(n, Several)])
def test_every_tick_of_a_legend_is_taken_away_and_put_back_by_the_keyboard(page, opened, name, control):
    state = opened(name)
    for value, _ in control.options:
        page.locator(f"#{name} input[name={control.name}][value={value}]").focus()
        for _ in range(2):
            page.keyboard.press("Space")
            ticked = control.flipped(getattr(state, field(control.name)), value)
            state = after(FIGURES[name], state, **{field(control.name): ticked})
            says(page, name, state)


def handles(name):
    figure = FIGURES[name]
    for view_name, view in figure.scene(figure.start()).items():
        for mark in view.marks:
            if isinstance(mark, Handles):
                for at, handle in zip(mark.at, mark.names, strict=True):
                    yield view_name, handle, at


@pytest.mark.parametrize(("name", "view", "handle", "at"), [(n, *h) for n in NAMES for h in handles(n)])
def test_a_handle_is_dragged_and_moves_its_controls(page, opened, name, view, handle, at):
    start = opened(name)
    figure = FIGURES[name]
    canvas = page.locator(f"#{name} canvas[data-view={view}]")
    canvas.scroll_into_view_if_needed()  # a figure may be taller than the window
    box = canvas.bounding_box()
    place = Placement(figure.scene(start)[view], box["width"], box["height"])
    x, y = place(at[None])[0]
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    to, expected = next(
        (to, state)
        for to in ((x + 31, y - 23), (x + 23, y + 31), (x - 31, y + 23), (x - 23, y - 31))
        if figure.describe(state := figure.dragged(start, handle, *place.units(*to))) != figure.describe(start)
    )
    page.mouse.move(box["x"] + to[0], box["y"] + to[1])  # at once: what is rounded on the way would add up
    page.mouse.up()
    for control in controls(name, Range):
        if getattr(expected, field(control.name)) != getattr(start, field(control.name)):
            shown = f"#{name} input[name={control.name}]"
            page.wait_for_function(
                "([shown, value, step]) => Math.abs(document.querySelector(shown).value - value) <= 1.01 * step",
                arg=[shown, float(getattr(expected, field(control.name))), control.step],
            )
    assert page.text_content(f"#{name} .said") != figure.describe(start)


@pytest.mark.parametrize("name", NAMES)
def test_no_number_on_the_page_is_not_a_number(page, opened, name):
    opened(name)
    text = page.text_content(f"#{name}")
    assert not {"NaN", "nan", "inf", "undefined", "None"} & set(text.replace("(", " ").replace(")", " ").split())


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_nothing_scrolls_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 1000})
    assert wide <= 0
