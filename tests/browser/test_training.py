"""Back and forth in a run of training, by slider, keyboard and on the loss curve."""

from __future__ import annotations

from tests.browser.conftest import EPOCH_IS, EPOCH_OVER, readout, until

PAUSED = "() => document.querySelector('#training [name=play]').textContent === 'Play'"


def trained(page):
    """Play and pause; return the epoch that the run has come to."""
    page.click("#training [name=play]")
    until(page, EPOCH_OVER, 600)
    page.click("#training [name=play]")
    until(page, PAUSED)
    until(page, "() => document.querySelector('#training .said').textContent.includes('4 of 4')")
    return int(readout(page, "epoch"))


def test_the_slider_goes_back_in_the_run_by_keyboard_and_playing_on_is_the_same_run(visit):
    page = visit("#training?speed=1000")
    end = trained(page)
    loss = readout(page, "loss")
    slider = page.locator("#training [name=epoch-shown]")
    assert slider.get_attribute("max") == str(end)
    slider.press("ArrowLeft")
    until(page, EPOCH_IS, end - 1)
    slider.press("Home")
    until(page, EPOCH_IS, 0)
    assert readout(page, "solved") == "false"
    assert f"of {end} so far" in page.text_content("#training .said")
    page.click("#training [name=play]")
    until(page, EPOCH_OVER, 300)
    page.click("#training [name=play]")
    until(page, PAUSED)
    slider.press("End")
    until(page, EPOCH_IS, int(slider.get_attribute("max")))
    page.evaluate(
        """end => { const slider = document.querySelector('#training [name=epoch-shown]');
                    slider.value = end; slider.dispatchEvent(new Event('input', {bubbles: true})); }""",
        end,
    )
    until(page, EPOCH_IS, end)
    assert readout(page, "loss") == loss


def test_a_press_on_the_loss_curve_goes_to_the_epoch_there_and_its_dot_can_be_drawn(visit):
    page = visit("#training?speed=1000")
    end = trained(page)
    canvas = page.locator("#training canvas[data-view=loss]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()

    def at(share):
        return box["x"] + 40 + share * (box["width"] - 54), box["y"] + box["height"] / 3

    page.mouse.click(*at(0.5))
    until(page, "most => Number(document.querySelector('#training [name=epoch-shown]').value) < most", 0.6 * end)
    there = int(readout(page, "epoch"))
    assert abs(there - 0.5 * end) <= end / 50
    page.click("#training [name=rewind]")
    until(page, EPOCH_IS, 0)
    first, end = end, trained(page)
    # The dot stands at the end of the curve, near the floor; the run before, which stays faint, may reach farther.
    right, floor = at(end / max(first, end))[0], box["y"] + box["height"] - 26
    page.mouse.move(right, floor)
    page.mouse.down()
    page.mouse.move(at(0.25)[0], floor, steps=6)
    until(page, "most => Number(document.querySelector('#training [name=epoch-shown]').value) < most", 0.4 * end)
    page.mouse.up()
    there = int(readout(page, "epoch"))
    page.click("#training [name=log]")
    assert page.get_attribute("#training [name=log]", "aria-pressed") == "true"
    assert readout(page, "epoch") == str(there)


def test_an_optimizer_brings_the_lines_of_its_rule(visit):
    page = visit()
    assert not page.is_visible("#training [data-code=adam]")
    page.select_option("#training [name=optimizer]", "adam")
    page.wait_for_selector("#training [data-code=adam]")
    page.select_option("#training [name=speed]", "line")
    while not (page.get_attribute("#training", "data-lit") or "").startswith("adam:"):
        before = page.get_attribute("#training", "data-lit")
        page.click("#training [name=step]")
        until(page, "before => document.querySelector('#training').dataset.lit !== before", before)
    assert page.locator("#training [data-code=adam] .line[data-lit]").count() == 1
