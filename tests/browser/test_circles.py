"""A reader's paths through the figure `circles`: three neurons lift the ring; points by keyboard, by paste, by file."""

from __future__ import annotations

import pytest

FIGURE = "#circles"
SAID = "words => document.querySelector('#circles .said').textContent.includes(words)"
ALERT = "words => document.querySelector('#circles .alert').textContent.includes(words)"
PASTED = "x,y,label\n0.5,0.5,in\n-0.5,0.25,out\n-0.75,-0.5,out\n"


@pytest.fixture
def page(visit):
    page = visit()
    page.locator(FIGURE).scroll_into_view_if_needed()
    return page


def said(page, words):
    page.wait_for_function(SAID, arg=words, timeout=20_000)


def press(page, name, key="Enter"):
    page.locator(f"{FIGURE} [name={name}]").first.focus()
    page.keyboard.press(key)


def test_with_three_neurons_it_lifts_the_inside_and_the_space_can_be_turned(page):
    press(page, "hidden", "ArrowRight")
    said(page, "3 tanh neurons, epoch 0")
    press(page, "play")
    said(page, "After the hidden layer a plane parts the classes.")
    press(page, "play")
    before = page.input_value(f"{FIGURE} [name=turn]")
    box = page.locator(f"{FIGURE} canvas[data-view=hidden]").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 90)
    page.mouse.up()
    page.wait_for_function(f"before => document.querySelector('{FIGURE} [name=turn]').value !== before", arg=before)


def test_with_two_it_fails_and_is_told_that_it_must(page):
    page.select_option(f"{FIGURE} [name=speed]", "most")
    press(page, "play")
    said(page, "Two tanh neurons cannot part these points, whatever their weights: that is proved.")


def test_points_are_painted_taken_back_and_erased_with_the_keyboard_alone(page):
    page.locator(f"{FIGURE} details.more summary").focus()
    page.keyboard.press("Enter")
    press(page, "clear")
    said(page, "No points yet")
    for _ in range(4):
        press(page, "x", "ArrowRight")
    press(page, "put")
    said(page, "there are 1 blue and 0 orange points")
    press(page, "pen", "ArrowDown")
    press(page, "y", "ArrowRight")
    press(page, "put")
    said(page, "The orange pen is at (0.20, 0.05); there are 1 blue and 1 orange points.")
    assert page.input_value(f"{FIGURE} [name=csv]") == "x,y,blue|orange\n0.2,0.0,blue\n0.2,0.05,orange\n"
    press(page, "undo")
    said(page, "there are 1 blue and 0 orange points")
    press(page, "pen", "ArrowDown")
    press(page, "put")
    said(page, "No points yet")


def test_a_press_on_the_plane_paints(page):
    page.locator(f"{FIGURE} details.more summary").click()
    page.click(f"{FIGURE} [name=paint]")
    said(page, "there are 60 blue and 60 orange points")
    page.locator(f"{FIGURE} canvas[data-view=plane]").click(position={"x": 60, "y": 60})
    said(page, "there are 61 blue and 60 orange points")


def test_a_pasted_text_is_taken_and_a_bad_one_refused_by_its_row_with_nothing_lost(page):
    page.locator(f"{FIGURE} details.more summary").click()
    box = page.locator(f"{FIGURE} [name=csv]")
    box.fill(PASTED)
    box.blur()
    said(page, "of the 3 points are right")
    box.fill(PASTED.replace("-0.75", "nothing"))
    box.blur()
    page.wait_for_function(ALERT, arg='csv: row 4, column 1 ("x"): "nothing" is not a number')
    press(page, "step")
    said(page, "epoch 1: ")
    assert "of the 3 points are right" in page.text_content(f"{FIGURE} .said")  # what was there is there still
    assert "nothing" in box.input_value()  # and so is what is to be put right
    box.fill(PASTED + "0.1,0.1,in\n")
    box.blur()
    said(page, "of the 4 points are right")
    assert page.text_content(f"{FIGURE} .alert") == ""


def test_a_file_is_opened(page, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("100;1;a\n200;2;b\n300;3;a\n400;1;b\n500;5;a\n")
    page.locator(f"{FIGURE} details.more summary").click()
    page.set_input_files(f"{FIGURE} input[type=file]", path)
    said(page, "of the 5 points are right")
    assert page.input_value(f"{FIGURE} [name=csv]").startswith("100;1;a")
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\x00\x01\x02")
    page.set_input_files(f"{FIGURE} input[type=file]", bad)
    page.wait_for_function(ALERT, arg="csv: row 1, column 1")
    assert "of the 5 points are right" in page.text_content(f"{FIGURE} .said")
