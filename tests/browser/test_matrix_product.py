"""The figure `matrix-product` in a browser: played, a weight typed, and sliders that end where entries do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from figures import matrix_product
from tests.browser.conftest import ready_article

SAYS = "text => document.querySelector('#matrix-product .said').textContent === text"


@pytest.fixture(scope="module")
def page(site, chromium):
    """The article, motion unwanted: Play goes from entry to entry."""
    with ready_article(site, chromium) as page:
        page.locator("#matrix-product").scroll_into_view_if_needed()
        yield page


def put(state, **values):
    for name, value in values.items():
        state = matrix_product.changed(replace(state, **{name: value}), state)
    return state


def says(page, state):
    page.wait_for_function(SAYS, arg=matrix_product.describe(state), timeout=10_000)


def test_the_keyboard_alone_guesses_computes_and_is_told(page):
    page.click("#matrix-product [name=reset]")
    page.locator("#matrix-product input[value=positive]").focus()
    page.keyboard.press("Space")
    page.locator("#matrix-product button[name=play]").focus()
    page.keyboard.press("Enter")
    state = put(matrix_product.start(), guess="positive", time=1.0)
    says(page, state)
    assert "You guessed positive for z₁: right." in page.text_content("#matrix-product .said")


def test_a_negative_weight_with_decimals_is_typed_and_brings_its_neuron(page):
    page.click("#matrix-product [name=reset]")
    page.locator("#matrix-product input[name=w-a3]").fill("-0.37")
    says(page, put(matrix_product.start(), w_a3=-0.37))
    page.wait_for_function("() => document.querySelector('#matrix-product input[name=neurons]').value === '3'")
    assert page.locator("#matrix-product input[name=w-a3]").input_value() == "-0.37"


def test_the_sliders_end_at_the_last_entry(page):
    page.click("#matrix-product [name=reset]")
    page.locator("#matrix-product select[name=row]").select_option("all")
    for name in ("time", "entry"):
        page.wait_for_function(f"() => Number(document.querySelector('#matrix-product input[name={name}]').max) === 8")
    page.locator("#matrix-product input[name=time]").focus()
    page.keyboard.press("End")
    says(page, put(matrix_product.start(), row="all", time=8.0))
