"""How figures stand on pages and in print, and that what is guessed in one leaves the others alone."""

from __future__ import annotations

import pytest

from figures import FIGURES
from figures.controls import Choice
from tests.browser.conftest import READY, until
from tests.unit.test_labels import PAGES, sizes

MEASURED = """() => [...document.querySelectorAll('canvas[data-view]')].map(canvas =>
  [canvas.closest('figure').id, canvas.dataset.view, canvas.clientWidth, canvas.clientHeight])"""
WIDER = """() => [...document.querySelectorAll('main *')].filter(part => !part.closest('figure, .equation')
  && part.getBoundingClientRect().right > innerWidth).map(part => part.outerHTML.slice(0, 200))"""
BESIDE = """() => [...document.querySelectorAll('figure.unfold')].flatMap(figure =>
  [...figure.querySelectorAll('.controls :is(button, input, select, textarea)')]
    .filter(control => control.offsetParent && control.type !== 'file')
    .flatMap(control => [0, document.body.scrollHeight].map(from => {
      scrollTo(0, from);
      control.blur();
      control.focus();
      const { left, top, width, height } = control.getBoundingClientRect();
      const there = document.elementFromPoint(left + width / 2, top + height / 2);
      const shares = [...figure.querySelectorAll('.picture')].map(picture => {
        const box = picture.getBoundingClientRect();
        return (Math.min(box.bottom, innerHeight) - Math.max(box.top, 0)) / box.height;
      });
      return [figure.id, control.name, Math.max(...shares), !!there && control.parentElement.contains(there)];
    })))"""
WHOLE = """name => [...document.querySelectorAll(`#${name} .picture`)].map(picture => {
  const { top, bottom } = picture.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
})"""
CUT_OFF = """() => {
  const pen = document.createElement('canvas').getContext('2d');
  const lists = [...document.querySelectorAll('select')].filter(list => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(list);
    pen.font = font;
    const room = list.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    return Math.max(...[...list.options].map(option => pen.measureText(option.text).width)) > room + 0.5;
  });
  const formulas = [...document.querySelectorAll('.formula')].filter(part => part.scrollWidth > part.clientWidth);
  return [...lists, ...formulas].map(part => [part.closest('figure').id, part.name ?? part.className]);
}"""
GUESSED = "name => document.querySelectorAll(`#${name} .guess input:checked`).length === 1"
HANDLING = "button, input, select, textarea, progress"


@pytest.mark.parametrize("page_width", PAGES)
def test_every_picture_has_the_size_in_which_its_labels_keep_clear(visit, page_width):
    page = visit(viewport={"width": page_width, "height": 1000})
    for name, view, width, height in page.evaluate(MEASURED):
        expected = sizes(FIGURES[name], view)[PAGES.index(page_width)]
        assert (width, height) == pytest.approx(expected, abs=1.5), (name, view)


@pytest.mark.parametrize("page_width", [320, 390])
def test_no_part_of_the_text_is_wider_than_a_phone(visit, page_width):
    page = visit(viewport={"width": page_width, "height": 800}, wait=False)
    assert page.evaluate(WIDER) == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844)])
def test_on_a_phone_a_picture_is_in_sight_and_not_in_the_way_whichever_control_is_moved(visit, width, height):
    page = visit(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    page.evaluate("() => document.querySelectorAll('details.more').forEach(more => { more.open = true; })")
    found = page.evaluate(BESIDE)
    assert {name for name, *_ in found} == set(FIGURES)
    assert [each for each in found if each[2] < 0.9] == []
    assert [each for each in found if not each[3]] == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (430, 900)])
def test_on_a_phone_all_three_surfaces_are_seen_while_they_are_turned(visit, width, height):
    page = visit(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    for name in ("log", "directions", "reach", "turn", "tilt"):
        page.locator(f"#landscape [name={name}]").focus()
        seen = page.evaluate(WHOLE, "landscape")
        assert seen == [True] * len(FIGURES["landscape"].VIEWS), name


@pytest.mark.parametrize("width", [320, 390, 640])
def test_on_a_phone_no_choice_of_a_list_and_no_formula_is_cut_off(visit, width):
    page = visit(viewport={"width": width, "height": 800})
    page.evaluate("() => document.querySelectorAll('details.more').forEach(more => { more.open = true; })")
    assert page.evaluate(CUT_OFF) == []


def test_a_guess_in_one_figure_leaves_those_in_others(visit):
    page = visit(reduced_motion="reduce")
    guessing = [name for name, figure in FIGURES.items() if guess_of(figure)]
    assert len(guessing) > 2
    for name in guessing:
        page.locator(f"#{name}").scroll_into_view_if_needed()
        page.click(f"#{name} .guess label:last-child")
        until(page, GUESSED, name)
    page.keyboard.press("Enter")  # sends no form
    for name in guessing:
        assert page.evaluate(GUESSED, name), name
    assert page.evaluate(READY)


def guess_of(figure):
    return any(isinstance(control, Choice) and control.tapped for control in figure.CONTROLS)


@pytest.mark.parametrize("scripts", [True, False])
def test_in_print_the_pictures_stand_in_the_figures_and_nothing_to_handle(visit, scripts):
    page = visit(java_script_enabled=scripts, wait=scripts)
    page.emulate_media(media="print")
    pictures = page.locator("canvas[data-view]" if scripts else ".poster img")
    assert pictures.count() == sum(len(figure.VIEWS) for figure in FIGURES.values())
    assert all(picture.is_visible() for picture in pictures.all())
    if scripts:
        assert not any(poster.is_visible() for poster in page.locator(".poster img").all())
    assert not any(part.is_visible() for part in page.locator(HANDLING).all())
