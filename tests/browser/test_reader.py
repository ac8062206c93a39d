"""A reader's path through the training figure: open, play, watch, rewind, and every control."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import EPOCH_IS, EPOCH_OVER, LOSS_UNDER, pixel, readout, until

CENTRE_OF_01 = (0.207, 0.207)
BETWEEN_00_AND_11 = (0.5, 0.5)


def kind(colour):
    """What a colour of the surface says: class 0 is bluish, class 1 is orange."""
    red, _, blue, _ = colour
    return "one" if red > blue + 25 else "zero" if blue > red + 25 else "undecided"


def whole_path(page):
    """Open, play until solved, rewind to the same start, play again to the same curve."""
    start = readout(page, "loss")
    assert page.text_content("#training [role=status].said").startswith("A new network with 2 hidden tanh neurons")
    page.click("#training [name=play]")
    assert page.get_attribute("#training [name=play]", "aria-pressed") == "true"
    until(page, LOSS_UNDER, 0.05)
    page.click("#training [name=play]")
    until(page, "() => document.querySelector('#training [name=play]').getAttribute('aria-pressed') === 'false'")
    until(page, "() => document.querySelector('#training .said').textContent.includes('4 of 4')")
    assert readout(page, "correct") == "4"
    assert readout(page, "solved") == "true"
    solved_at = re.search(r"epoch (\d+)", page.text_content("#training .badge"))[1]
    page.click("#training [name=rewind]")
    until(page, EPOCH_IS, 0)
    assert readout(page, "loss") == start
    assert readout(page, "solved") == "false"
    losses = []
    for epoch in (1, 2, 3):
        page.click("#training [name=step]")
        until(page, EPOCH_IS, epoch)
        losses.append(readout(page, "loss"))
    page.click("#training [name=rewind]")
    until(page, EPOCH_IS, 0)
    for epoch, loss in enumerate(losses, start=1):
        page.click("#training [name=step]")
        until(page, EPOCH_IS, epoch)
        assert readout(page, "loss") == loss
    page.select_option("#training [name=speed]", "1000")
    page.click("#training [name=play]")
    until(page, LOSS_UNDER, 0.05)
    assert f"epoch {solved_at}" in page.text_content("#training .badge")


def test_a_reader_opens_plays_sees_it_learn_rewinds_and_gets_the_same_run(visit):
    page = visit()
    assert page.get_attribute("html", "data-runtime") == "ready"
    whole_path(page)


def test_the_same_path_in_firefox(visit, firefox):
    if firefox:
        whole_path(visit(browser=firefox))


def test_the_page_can_be_read_before_any_python(visit):
    page = visit(wait=False)
    page.wait_for_selector("h1")
    page.wait_for_selector("main > :last-child")  # the rest comes after the first screenful
    assert page.is_visible("#gate .poster img")
    assert page.get_attribute("html", "data-runtime") == "starting"
    assert page.is_visible("#training .poster img")
    assert page.evaluate("() => [...document.querySelectorAll('#training img')].every(image => image.alt.length > 20)")
    assert page.is_enabled("#training [name=play]")
    boxes = """() => [...document.querySelectorAll('h2, figure, .picture')]
      .map(e => JSON.stringify(e.getBoundingClientRect()))"""
    # Lays out all of it, as following a link does; a font that had not been needed may come a moment later.
    page.evaluate("() => { delete document.documentElement.dataset.laid; document.body.offsetHeight; }")
    page.evaluate("() => document.fonts.ready.then(() => {})")
    before = page.evaluate(boxes)
    page.wait_for_selector("figure#gate[data-state=ready]")
    assert page.get_attribute("#training", "data-state") == "loading", "nobody has begun: what is far away can wait"
    page.mouse.move(200, 200)
    page.wait_for_selector("figure#training[data-state=ready]")
    assert page.evaluate(boxes) == before, "the layout moved when Python came"
    page.wait_for_selector("#training .poster img", state="hidden")


SIZES = [{"width": 390, "height": 844}, {"width": 1280, "height": 1000}, {"width": 1920, "height": 1400}]
NOTE_MOVES = """() => {
  globalThis.moved = [];
  new PerformanceObserver((list) => moved.push(...list.getEntries().map(({ value }) => value)))
    .observe({ type: "layout-shift", buffered: true });
}"""
BOXES = "LayoutObjects"
"""What Chromium calls the boxes, and texts, of all that is laid out."""
LAID_OUT = "(which) => document.querySelector(which).checkVisibility({ contentVisibilityAuto: true })"


@pytest.mark.parametrize("size", SIZES)
def test_nothing_that_is_read_moves_while_the_page_starts(visit, size):
    page = visit(wait=False, viewport=size)
    page.evaluate(NOTE_MOVES)
    page.wait_for_selector("figure#gate[data-state=ready]")
    assert page.evaluate("moved") == []


def test_the_rest_of_the_article_comes_even_if_the_script_that_shows_it_does_not(site, chromium):
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/early.js", lambda route: route.abort())
    page.goto(site, wait_until="commit")
    page.wait_for_selector("h1")
    page.wait_for_selector("main > :last-child", timeout=10_000)
    assert page.is_visible("#training .poster img")
    context.close()


def test_controls_are_passed_by_only_until_what_is_done_to_them_is_noted(site, chromium, visit):
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/early.js", lambda route: route.abort())
    page.goto(site, wait_until="commit")
    page.wait_for_selector("#gate [name=step]")
    focused = "() => document.activeElement.closest('.controls') !== null"
    page.focus("#gate [name=step]")
    assert not page.evaluate(focused), "nothing would come of what is done to it"
    context.close()
    page = visit(wait=False, held="**/page.bin")
    page.wait_for_function("() => document.documentElement.dataset.laid === 'near'")
    assert page.get_attribute("#gate", "data-state") == "poster"
    page.focus("#gate [name=step]")
    assert page.evaluate(focused)
    assert page.evaluate("() => document.querySelectorAll('[inert]').length") == 0


def test_a_link_to_a_place_finds_the_whole_article_at_once(visit):
    page = visit("#harder", wait=False)
    assert page.is_visible("main > :last-child")
    assert 0 <= page.locator("#harder").bounding_box()["y"] < 200


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("link", ["#layers", "#training?log=on", "#harder"])
def test_who_comes_by_a_link_has_that_first_and_keeps_it_where_it_is(visit, link, size):
    page = visit(link, wait=False, held="**/page.bin", viewport=size)
    page.evaluate(NOTE_MOVES)
    page.wait_for_selector("main > :not(.there)", state="detached")
    there = page.locator(link.partition("?")[0])
    before = there.bounding_box()["y"]
    assert 0 <= before < 40
    assert page.evaluate(LAID_OUT, link.partition("?")[0])
    assert not page.evaluate(LAID_OUT, "#two-lines figcaption"), "what is far from there can wait"
    page.unroute("**/page.bin")
    page.wait_for_selector("figure[data-state=ready]", state="attached")
    assert page.locator("main .laid").count() == 1, "the others wait for the reader to begin"
    page.mouse.move(200, 200)
    page.wait_for_selector("main > :last-child.laid", state="attached")
    assert page.evaluate(LAID_OUT, "#two-lines figcaption")
    assert abs(there.bounding_box()["y"] - before) < 3, "browsers round, here and there"
    assert page.evaluate("moved") == []
    wide = there.bounding_box()["width"]
    page.evaluate("() => { delete document.documentElement.dataset.laid; }")  # as following a link does
    assert there.bounding_box()["width"] == wide
    if "log" in link:
        assert page.get_attribute("#training [name=log]", "aria-pressed") == "true"


def test_who_comes_by_a_link_stays_there_in_firefox(visit, firefox):
    if firefox:
        page = visit("#training", wait=False, browser=firefox)
        page.wait_for_selector("#training[data-state=ready]")
        page.mouse.move(200, 200)
        page.wait_for_selector("main > :last-child.laid", state="attached")
        assert 0 <= page.locator("#training").bounding_box()["y"] < 40


def test_a_link_leads_to_its_place_even_if_the_script_that_shows_it_does_not_come(site, chromium):
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/early.js", lambda route: route.abort())
    page.goto(site + "#training", wait_until="commit")
    page.wait_for_function("() => !('laid' in document.documentElement.dataset)", timeout=10_000)
    assert 0 <= page.locator("#training").bounding_box()["y"] < 40
    context.close()


def test_a_link_to_nothing_shows_the_article(visit):
    page = visit("#nothing", wait=False)
    page.wait_for_function("() => document.documentElement.dataset.laid === 'near'")
    assert page.is_visible("h1")
    page.wait_for_selector("figure#gate[data-state=ready]", state="attached")


def test_a_link_followed_before_python_runs_leads_to_its_place_and_stays_there(visit):
    page = visit(wait=False)
    page.wait_for_function("() => document.documentElement.dataset.laid === 'near'")
    height = page.evaluate("() => document.documentElement.scrollHeight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_attribute("html", "data-runtime") == "starting"
    assert page.evaluate("() => document.documentElement.scrollHeight") != height, "all of it is laid out now"
    assert 0 <= page.locator("#training").bounding_box()["y"] < 200
    page.wait_for_selector("#training[data-state=ready]")
    assert 0 <= page.locator("#training").bounding_box()["y"] < 200


def test_who_comes_back_has_the_whole_article_at_once(visit):
    page = visit("#circles")
    page.evaluate("() => scrollBy(0, 300)")
    before = page.locator("#circles").bounding_box()["y"]
    page.reload()
    assert page.evaluate(LAID_OUT, "#two-lines figcaption")
    page.wait_for_selector("#circles[data-state=ready]", state="attached")
    assert "laid" not in page.evaluate("() => ({ ...document.documentElement.dataset })")
    assert abs(page.locator("#circles").bounding_box()["y"] - before) < 3


def test_who_has_gone_on_from_a_link_is_not_called_back(visit):
    page = visit(wait=False, held="**/page.bin")
    page.wait_for_function("() => document.documentElement.dataset.laid === 'near'")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("scrollY") > 0
    page.evaluate("() => scrollTo(0, 0)")
    page.wait_for_function("() => performance.now() > 3500")  # when a start that hangs is given up
    assert page.evaluate("scrollY") == 0


def test_scrolling_before_python_runs_shows_the_text_where_the_reader_is(visit):
    page = visit(wait=False)
    page.wait_for_function("() => document.documentElement.dataset.laid === 'near'")
    middle = ".part:nth-of-type(13) > p:nth-of-type(2)"
    page.evaluate("(which) => document.querySelector(which).scrollIntoView({ block: 'center' })", middle)
    page.wait_for_function(LAID_OUT, arg=middle)
    before = page.locator(middle).bounding_box()
    assert page.get_attribute("html", "data-runtime") == "starting"
    page.mouse.move(200, 200)
    page.wait_for_selector("main > :last-child.laid", state="attached")
    after = page.locator(middle).bounding_box()
    assert abs(after["y"] - before["y"]) < 2, "what is laid out above moves nothing that is read"
    assert abs(after["height"] - before["height"]) < 2


def test_no_figure_out_of_view_is_opened_while_the_reader_is_at_one(visit):
    page = visit(wait=False)
    page.wait_for_selector("#gate[data-state=ready]", state="attached")
    page.focus("#gate [name=w1]")

    def drag(frames):
        for turn in range(frames):
            page.keyboard.press("ArrowLeft" if turn % 2 else "ArrowRight")
            page.evaluate("() => new Promise(requestAnimationFrame)")

    opened = "() => document.querySelectorAll('figure[data-state=ready]').length"
    drag(20)
    before = page.evaluate(opened)
    assert before < 5
    drag(120)
    assert page.evaluate(opened) == before
    page.wait_for_selector("figure:not([data-state=ready])", state="detached")


def test_boxes_and_lists_are_of_a_form_that_searches_and_enter_leads_nowhere(visit, site):
    page = visit(wait=False)
    forms = page.evaluate("""() => Array.from(
      document.querySelectorAll("select, textarea, [type=number], [type=text]"), ({ form }) => form?.action)""")
    assert len(forms) > 50
    assert {str(form).rpartition("/")[2] for form in forms} == {"search"}
    page.goto(f"{site}embed/fit-line.html")  # has one box alone: Enter in it would send the form
    page.wait_for_selector("figure[data-state=ready]", state="attached")
    address = page.url
    page.fill("[name=seed]", "5")
    page.press("[name=seed]", "Enter")
    for key in "12":
        page.press("[name=seed]", key)
    page.wait_for_function("() => document.querySelector('[name=seed]').value === '512'")
    assert page.url == address


def test_what_stands_beside_a_slider_that_the_browser_restored_is_its_value(site, chromium):
    page = chromium.new_page()
    page.add_init_script("""addEventListener("DOMContentLoaded", () => {
      document.querySelector("#gate [name=w1]").value = "1.5";
    })""")
    page.goto(f"{site}#gate?w1=1.5")
    page.wait_for_selector("#gate[data-state=ready]", state="attached")
    assert page.input_value("#gate [name=w1]") == "1.5"
    assert page.text_content("output[for=gate-w1]") == "1.5"
    page.close()


def test_a_list_that_is_changed_has_nothing_laid_out_but_its_figure(visit):
    page = visit(wait=False, held="**/wasm.bin")
    page.wait_for_selector("html[data-laid=near] #gate[data-state=loading]", state="attached")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")

    def boxes():
        for _ in range(20):  # frames, in which the browser may look for what it could fill in
            page.evaluate("() => new Promise(requestAnimationFrame)")
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return next(each["value"] for each in metrics if each["name"] == BOXES)

    page.locator("#gate [name=gate]").scroll_into_view_if_needed()
    before = boxes()
    for gate in ("or", "nand"):
        page.select_option("#gate [name=gate]", gate)
        assert 100 < boxes() < before + 20
    assert not page.locator("#settings").is_visible()


def test_what_is_set_before_python_runs_is_honoured(visit):
    page = visit(wait=False, held="**/wasm.bin")
    page.wait_for_selector("figure#training[data-state=loading]")
    page.locator("#training [name=hidden]").fill("4")
    page.click("#training [name=play]")
    assert page.text_content("#training [name=play]") == "Pause"
    assert page.text_content("#training output[for=training-hidden]") == "4"
    assert page.get_attribute("figure#training", "data-state") == "loading"
    page.unroute("**/wasm.bin")
    until(page, EPOCH_OVER, 20)
    assert "4 hidden tanh neurons" in page.text_content("#training .said")
    assert page.text_content("#training [name=play]") == "Pause"


def test_what_is_done_before_anything_listens_is_done_when_it_does(site, chromium):
    context = chromium.new_context(service_workers="block", viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    held = []
    page.route("**/page.bin", lambda route: held.append(route))
    page.goto(site + "#training?hidden=3&rate=0.2", wait_until="domcontentloaded")
    page.locator("#training [name=hidden]").fill("5")
    page.click("#training [name=play]")
    assert page.get_attribute("#training", "data-state") == "poster"
    until(page, "() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/micropython/'))")
    for route in held:
        route.continue_()
    until(page, "() => document.querySelector('#training .said').textContent.includes('5 hidden tanh neurons')")
    until(page, EPOCH_OVER, 20)
    assert page.text_content("#training output[for=training-hidden]") == "5"
    assert page.text_content("#training [name=play]") == "Pause"
    context.close()


def test_the_picture_shows_what_the_network_answers(visit):
    page = visit("#training?speed=1000&play=on")
    until(page, LOSS_UNDER, 0.002)
    page.click("#training [name=play]")
    until(page, "() => document.querySelector('#training [name=play]').getAttribute('aria-pressed') === 'false'")
    near = [(0.207 + 0.06, 0.207 - 0.06), (0.793 - 0.06, 0.793 + 0.06)]
    assert [kind(pixel(page, "surface", *at)) for at in near] == ["one", "one"]
    far = [(0.207 - 0.06, 0.793 + 0.06), (0.793 + 0.06, 0.207 - 0.06)]
    assert [kind(pixel(page, "surface", *at)) for at in far] == ["zero", "zero"]


NEURONS_IN_FORMULA = """count => {
  const terms = [...document.querySelectorAll("#training .formula [data-term^=h]")].map(({ dataset }) => dataset.term);
  return new Set(terms).size === count;
}"""


def test_a_slider_moved_by_mouse_and_by_keys_changes_the_network(visit):
    page = visit()
    slider = page.locator("#training [name=hidden]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.18, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 9, box["y"] + box["height"] / 2, steps=12)
    page.mouse.up()
    until(page, NEURONS_IN_FORMULA, 8)
    assert "8 hidden tanh neurons" in page.text_content("#training .said")
    slider.press("Home")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    until(page, NEURONS_IN_FORMULA, 3)
    assert page.text_content("#training output[for=training-hidden]") == "3"


def test_everything_can_be_done_by_keyboard_alone(visit):
    page = visit()
    page.focus("#training [name=play]")
    page.keyboard.press("Space")
    until(page, EPOCH_OVER, 5)
    page.keyboard.press("Space")
    until(page, "() => document.querySelector('#training [name=play]').textContent === 'Play'")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.name") == "step"
    order = []
    for _ in range(7):
        page.keyboard.press("Tab")
        order.append(page.evaluate("() => document.activeElement.name"))
    assert order == ["rewind", "speed", "activation", "formula", "hidden", "learning-rate", "seed"]
    page.keyboard.press("ArrowUp")
    until(page, EPOCH_IS, 0)
    page.focus("#training [name=guess]")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.querySelector('#training [name=guess]:checked').value") == "400"


def test_touch_works(visit):
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.tap("#training [name=step]")
    until(page, EPOCH_IS, 1)
    page.tap("#training label:has([name=guess][value='400'])")
    assert page.is_checked("#training [name=guess][value='400']")


@pytest.mark.parametrize(
    ("link", "message", "control", "default"),
    [
        (
            "#training?learning-rate=banana",
            "learning-rate: “banana” is not allowed here. Allowed: a number from 0.1 to 10. The default is used.",
            "learning-rate",
            "1.0",
        ),
        (
            "#training?hidden=99",
            "hidden: “99” is not allowed here. Allowed: a whole number from 1 to 8. The default is used.",
            "hidden",
            "2",
        ),
        (
            "#training?activation=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
            "activation: “<img src=x onerror=alert(1)>” is not allowed here. "
            "Allowed: tanh, sigmoid, relu, mish, sine, own. The default is used.",
            "activation",
            "tanh",
        ),
    ],
)
def test_a_bad_link_gets_a_message_and_the_default(visit, link, message, control, default):
    page = visit(link)
    assert page.text_content("#training [role=alert]") == message
    assert page.input_value(f"#training [name={control}]") in (default, default.removesuffix(".0"))
    assert "2 hidden tanh neurons" in page.text_content("#training .said")


def test_a_link_sets_the_controls_and_sharing_gives_it_back(visit):
    page = visit("#training?hidden=3&seed=8&activation=sigmoid&learning-rate=2.5&hide=guess")
    assert page.input_value("#training [name=hidden]") == "3"
    assert page.input_value("#training [name=activation]") == "sigmoid"
    assert page.input_value("#training [name=learning-rate]") == "2.5"
    assert "3 hidden sigmoid neurons" in page.text_content("#training .said")
    assert not page.is_visible("#training .guess")
    page.select_option("#training [name=activation]", "tanh")
    until(page, "() => document.querySelector('#training .said').textContent.includes('3 hidden tanh')")
    page.click("#training [name=share]")
    until(page, "() => location.hash.includes('?hidden=3') || location.hash.includes('learning-rate')")
    query = set(page.evaluate("() => location.hash").removeprefix("#training?").split("&"))
    assert query == {"hidden=3", "seed=8", "learning-rate=2.5"}
    page.click("#training [name=reset]")
    until(page, "() => document.querySelector('#training [name=hidden]').value === '2'")
    assert page.input_value("#training [name=seed]") == "5"


def test_a_number_typed_out_of_range_is_told_and_nothing_is_lost(visit):
    page = visit()
    page.click("#training [name=step]")
    until(page, EPOCH_IS, 1)
    page.fill("#training [name=seed]", "4000")
    until(page, "() => document.querySelector('#training .alert').textContent !== ''")
    message = "seed: “4000” is not allowed here. Allowed: a whole number from 0 to 999."
    assert page.text_content("#training .alert") == message
    assert readout(page, "epoch") == "1"
    page.fill("#training [name=seed]", "9")
    until(page, EPOCH_IS, 0)
    until(page, "() => document.querySelector('#training .alert').textContent === ''")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wasm.bin", "Python could not be started here, so this figure stays a picture (wasm.bin"),
        ("page.bin", "The page's own Python could not be started, so this figure stays a picture (page.bin"),
    ],
)
def test_when_python_cannot_start_the_page_says_so_and_stays_readable(site, chromium, name, said):
    context = chromium.new_context()
    page = context.new_page()
    page.route(f"**/{name}", lambda route: route.fulfill(status=404, body="gone"))
    page.goto(site)
    page.wait_for_selector("figure#training[data-state=error]")
    assert page.get_attribute("html", "data-runtime") == "failed"
    alert = page.text_content("#training [role=alert]")
    assert alert == f"{said}: the server answers 404). Loading the page again may help."
    assert page.is_visible("#training .poster img")
    context.close()


@pytest.mark.parametrize("kept", [0.5, 0])
def test_of_a_file_of_the_pages_own_that_is_damaged_the_reader_is_told_its_name(site, chromium, kept):
    context = chromium.new_context(service_workers="block")
    page = context.new_page()

    def damage(route):
        data = route.fetch().body()
        route.fulfill(body=data[: int(kept * len(data))] or b"something else")

    page.route("**/page.bin", damage)
    page.goto(site)
    page.wait_for_selector("figure#training[data-state=error]")
    assert "stays a picture (page.bin did not come whole: " in page.text_content("#training [role=alert]")
    assert page.is_visible("#training .poster img")
    context.close()


def test_line_by_line_lights_the_line_that_runs(visit):
    page = visit("#training?speed=line")
    lit = []
    while readout(page, "epoch") == "0" and len(lit) < 60:
        page.click("#training [name=step]")
        until(page, "before => document.querySelector('#training').dataset.lit !== before", lit[-1] if lit else "")
        lit.append(page.get_attribute("#training", "data-lit"))
        assert page.locator("#training .line[data-lit]").count() == 1
        assert page.get_attribute("#training .line[data-lit]", "data-line") == lit[-1]
    assert "layer_values" in page.text_content(f"#training [data-line='{lit[0]}']")
    assert any("rate * dw" in page.text_content(f"#training [data-line='{line}']") for line in lit)
    assert readout(page, "epoch") == "1"


def test_out_of_view_nothing_trains(visit):
    page = visit("#training?speed=100")
    page.locator("#training [name=play]").scroll_into_view_if_needed()
    page.click("#training [name=play]")
    until(page, EPOCH_OVER, 10)
    page.evaluate("() => scrollTo(0, 0)")
    page.set_viewport_size({"width": 1280, "height": 400})
    # The figure's last word before it left; then nothing more comes, however many frames the page draws.
    stands = """() => new Promise(done => {
      let last = null, same = 0;
      const look = () => {
        const now = document.querySelector('#training output[name=epoch]').dataset.value;
        same = now === last ? same + 1 : 0; last = now;
        same > 45 ? done(Number(now)) : requestAnimationFrame(look);
      };
      look();
    })"""
    epoch = page.evaluate(stands)
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.locator("#training [name=play]").scroll_into_view_if_needed()
    until(page, EPOCH_OVER, epoch + 5)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_follows_the_readers_light_or_dark(visit, scheme):
    page = visit(color_scheme=scheme)
    page.locator("#training canvas[data-view=loss]").scroll_into_view_if_needed()
    other = "dark" if scheme == "light" else "light"
    ground = pixel(page, "loss", 0.98, 0.02)
    assert (min(ground[:3]) > 250) == (scheme == "light")
    page.emulate_media(color_scheme=other)
    until(
        page,
        """([light]) => {
          const canvas = document.querySelector('#training canvas[data-view=loss]');
          const copy = new OffscreenCanvas(10, 10).getContext('2d');
          copy.drawImage(canvas, 0, 0, 10, 10);
          return (copy.getImageData(9, 0, 1, 1).data[0] > 200) === light;
        }""",
        [other == "light"],
    )


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
def test_nothing_scrolls_sideways_and_every_picture_keeps_its_pixels(visit, width):
    page = visit(viewport={"width": width, "height": 900}, device_scale_factor=2)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll('figure :is(button, select, input, .guess span)')]
          .filter(e => e.type !== 'radio' && e.offsetParent)
          .map(e => [e.name, e.offsetWidth, e.offsetHeight]).filter(([, w, h]) => w < 24 || h < 24)"""
    )
    assert small == []
    # Every figure's, once its picture has come over from the worker. (Surfaces below the pictures may have fewer pixels
    # where no graphics processor draws them.)
    until(
        page,
        """() => [...document.querySelectorAll('.picture canvas[data-view]')].every(canvas =>
          Math.abs(canvas.width - 2 * canvas.clientWidth) <= 1 &&
          Math.abs(canvas.height - 2 * canvas.clientHeight) <= 1)""",
    )
