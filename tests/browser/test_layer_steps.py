"""A reader's path through `layer-steps`: play, pause, scrub, a link to an instant, and all of it by the keyboard."""

from __future__ import annotations

from dataclasses import replace

from figures import layer_steps
from tests.browser.conftest import until

TIME_OVER = "least => Number(document.querySelector('#layer-steps [name=time]').value) > least"
RESTS = "() => document.querySelector('#layer-steps [name=play]').getAttribute('aria-pressed') === 'false'"
SETTLED = """() => {
  const now = document.querySelector('#layer-steps output[name=move]').dataset.value;
  const same = globalThis.told === now;
  globalThis.told = now;
  return same;
}"""
SAYS = "text => document.querySelector('#layer-steps .said').textContent === text"
PIXELS = """() => {
  const canvas = document.querySelector("#layer-steps canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  return [...copy.getImageData(0, 0, canvas.width, canvas.height).data];
}"""
SAME_PICTURE = f"before => ({PIXELS})().every((value, k) => Math.abs(value - before[k]) < 40)"
"""Thin lines differ by a few levels from one drawing of the same picture to the next."""


def says(page, **values):
    state = layer_steps.start()
    for name, value in values.items():
        state = layer_steps.changed(replace(state, **{name: value}), state)
    until(page, SAYS, layer_steps.describe(state))


def test_it_plays_to_the_end_and_can_be_scrubbed_back_and_forth_to_the_same_picture(visit):
    page = visit("#layer-steps?time=1")
    says(page, time=1.0)
    before = page.evaluate(PIXELS)
    page.click("#layer-steps [name=play]")
    until(page, TIME_OVER, 1.2)
    until(page, RESTS)
    says(page, time=3.0)
    assert page.get_attribute("#layer-steps output[name=solved]", "data-value") == "true"
    # A picture is on its way to the screen when its words are there: it is waited for.
    for time, same in ((1.0, True), (2.5, False), (1.0, True)):
        page.fill("#layer-steps input[name=time]", f"{time:g}")
        says(page, time=time)
        until(page, f"before => ({SAME_PICTURE})(before) === {str(same).lower()}", before)


def test_pause_holds_it_where_it_is(visit):
    page = visit("#layer-steps")
    page.click("#layer-steps [name=play]")
    until(page, TIME_OVER, 0.2)
    page.click("#layer-steps [name=play]")
    until(page, RESTS)
    # The button knows at once, the figure a frame later: when the same time is told twice in a row, it rests.
    page.wait_for_function(SETTLED, polling=300)
    time = float(page.get_attribute("#layer-steps output[name=move]", "data-value"))
    assert 0.2 < time < 3.0
    says(page, time=time)


def test_without_motion_and_by_the_keyboard_alone_it_goes_from_stop_to_stop(visit):
    page = visit("#layer-steps", reduced_motion="reduce")
    page.focus("#layer-steps [name=play]")
    for stop in (1.0, 2.0, 3.0):
        page.keyboard.press("Enter")
        says(page, time=stop)
        until(page, RESTS)
    page.focus("#layer-steps [name=back]")
    page.keyboard.press("Enter")
    says(page, time=2.0)
    page.focus("#layer-steps [name=forward]")
    page.keyboard.press("Enter")
    says(page, time=3.0)


def test_a_link_leads_to_an_instant_of_a_readers_own_layer(visit):
    page = visit("#layer-steps?time=2.35&row=10&preset=own&w11=-1.5&activation=tanh")
    says(page, row="10", activation="tanh", time=2.35, w11=-1.5)
    assert page.input_value("#layer-steps [name=time]") == "2.35"
    assert page.input_value("#layer-steps [name=preset]") == "own"
