"""A reader types an activation of their own: it is judged, seen, travels to the other figure, and trains there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from figures import FIGURES, activations, loss_curves, training
from figures.controls import write_link
from scene.marks import Labels
from scene.placement import Placement
from tests.browser.conftest import until

FORMULA = "x * exp(-x**2)"
ALERT = "text => document.querySelector('#activations .alert').textContent.includes(text)"
SAID = "([name, text]) => document.querySelector(`#${name} .said`).textContent.includes(text)"
SAYS = "([name, text]) => document.querySelector(`#${name} .said`).textContent === text"
VALUE = "([name, text]) => document.querySelector(`#${name} [name=formula]`).value === text"


def put(name, state, **values):
    return FIGURES[name].changed(replace(state, **values), state)


def says(page, name, state):
    text = FIGURES[name].describe(state)
    page.wait_for_function(
        "([name, text]) => document.querySelector(`#${name} .said`).textContent === text", arg=[name, text]
    )


def test_a_formula_is_typed_by_key_judged_at_every_one_and_nothing_typed_is_lost(visit):
    page = visit()
    page.focus("#activations [name=formula]")
    page.keyboard.type("x*2")
    until(page, SAID, ["activations", "Yours is now x*2."])
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type(" * exp(")
    until(page, ALERT, "Here: “x * exp▸(”")
    assert "Yours is now x" in page.text_content("#activations .said"), "a good one on the way there stands"
    page.keyboard.press("Tab")
    page.focus("#activations input[name=x]")
    page.keyboard.press("ArrowRight")
    until(page, SAID, ["activations", "At x = 1.1:"])
    assert page.input_value("#activations [name=formula]") == "x * exp("
    assert "▸" in page.text_content("#activations .alert")
    page.focus("#activations [name=formula]")
    page.keyboard.press("End")
    page.keyboard.type("-x**2)")
    until(page, SAID, ["activations", f"Yours is now {FORMULA}."])
    assert page.text_content("#activations .alert") == ""
    says(page, "activations", put("activations", put("activations", activations.start(), x=1.1), formula=FORMULA))
    page.keyboard.press("Backspace")
    until(page, ALERT, "cannot be read")
    says(page, "activations", put("activations", put("activations", activations.start(), x=1.1), formula=FORMULA))


def test_a_formula_travels_to_the_other_figure_and_back(visit):
    page = visit()
    page.fill("#activations [name=formula]", "x**3")
    until(page, VALUE, ["loss-curves", "x**3"])
    until(page, SAID, ["loss-curves", "yours"])
    page.fill("#loss-curves [name=formula]", "abs(x)")
    until(page, SAID, ["activations", "Yours is now abs(x)."])
    page.fill("#loss-curves [name=formula]", "")
    until(page, SAID, ["activations", "Yours is gone."])
    until(page, VALUE, ["activations", ""])


def test_a_formula_typed_in_one_figure_is_offered_to_another_and_trains_there(visit):
    page = visit()
    page.fill("#activations [name=formula]", FORMULA)
    until(page, VALUE, ["training", FORMULA])
    says(page, "training", training.start())
    page.select_option("#training [name=activation]", "own")
    state = put("training", put("training", training.start(), formula=FORMULA), activation="own")
    says(page, "training", state)
    until(page, SAID, ["training", f"f(x) is your formula, {FORMULA}."])
    for _ in range(3):
        page.click("#training [name=step]")
        state = training.pressed(state, "step")
    says(page, "training", state)
    assert page.get_attribute("#training [name=engine]", "data-value") == "numpy"
    page.fill("#activations [name=formula]", "sin(2 * x)")
    says(page, "training", put("training", state, formula="sin(2 * x)"))
    page.fill("#activations [name=formula]", "")
    until(page, SAID, ["training", "You have typed no formula yet"])


def test_a_link_holds_the_formula_as_text_and_what_would_run_is_refused(visit):
    page = visit("#activations?formula=x%20%2A%20exp%28-x%2A%2A2%29&show=own,tanh")
    until(page, VALUE, ["loss-curves", FORMULA])
    assert page.input_value("#activations [name=formula]") == FORMULA
    start = put("activations", activations.start(), formula=FORMULA, show="tanh,own")
    says(page, "activations", start)
    ticked = "() => [...document.querySelectorAll('#activations [name=show]:checked')].map(box => box.value).join()"
    assert page.evaluate(ticked) == "tanh,own"
    page.click("#activations [name=share]")
    assert page.evaluate("() => location.hash") == "#activations?show=tanh,own&formula=x%20%2A%20exp%28-x%2A%2A2%29"
    page.evaluate("() => { location.hash = 'activations?formula=__import__(%22os%22)' }")
    until(page, ALERT, "is not allowed")
    says(page, "activations", activations.start())


def test_a_name_clicked_beside_its_curve_hides_it_and_its_tick(visit):
    page = visit()
    figure = page.locator("#activations canvas[data-view=value]")
    figure.scroll_into_view_if_needed()
    view = activations.scene(activations.start())["value"]
    box = figure.bounding_box()
    name = next(mark for mark in view.marks if isinstance(mark, Labels) and mark.texts == ("tanh",))
    x, y = Placement(view, box["width"], box["height"])(name.at)[0]
    page.mouse.click(box["x"] + x + 12, box["y"] + y)
    until(page, SAID, ["activations", "Hidden: tanh."])
    until(page, "() => !document.querySelector('#activations [name=show][value=tanh]').checked")


@pytest.mark.parametrize("values", [{}, {"formula": FORMULA, "seeds": 32}], ids=["three", "with the reader's own"])
def test_the_numbers_of_many_seeds_are_those_of_a_native_run(visit, values):
    start = loss_curves.start()
    link = write_link(replace(start, **values), start, loss_curves.CONTROLS) if values else ""
    page = visit("#loss-curves" + ("?" + link if link else ""))
    page.locator("#loss-curves").scroll_into_view_if_needed()
    page.click("#loss-curves [name=play]")
    state = put("loss-curves", put("loss-curves", start, **values), play=True)
    while state.play:
        state = loss_curves.advance(state, 0.016, 9.0, lambda: 0.0)
    until(page, SAID, ["loss-curves", "Epoch 2000 of 2000"])
    says(page, "loss-curves", state)
    assert page.inner_html("#loss-curves .formula").replace("&nbsp;", "\u00a0") == loss_curves.formula(state).replace(
        "&nbsp;", "\u00a0"
    )
    assert page.get_attribute("#loss-curves [name=engine]", "data-value") == loss_curves.readouts(state)["engine"][1]
    assert page.get_attribute("#loss-curves [name=play]", "aria-pressed") == "false"
