"""The same reader's path through every figure in Chromium, Firefox and WebKit. What must come of it is worked out
natively by the same figure, and drawn natively too, to be compared with what is seen."""

from __future__ import annotations

import base64
import contextlib
import io
import time
import warnings

import numpy as np
import pytest
from PIL import Image, ImageChops

import render.mpl
from app.studio import runs
from figures import FIGURES
from figures.controls import Choice, Range, field
from scene.placement import Placement
from tests import browsers
from tests.browser.conftest import HALF_A_FORMULA, note_errors
from tests.browser.test_figures import after, controls, handles
from tests.browsers import READY
from tools import environment
from tools.posters import use_the_site_fonts

HERE = {"Chromium": True, "Firefox": browsers.firefox_path(), "WebKit": environment.webkit()}
WINDOW = (1280, 1000)
SURFACES = [(name, view) for name in ("bowl", "landscape") for view in FIGURES[name].RELIEFS]
ALIKE = 0.85
"""How like its drawing a picture has to be: browsers and matplotlib set letters a little differently."""
OWN_WAY = {"engine"}
"""Readouts that tell how something was computed, which differs natively."""

STANDS = """(name) => {
  const figure = document.getElementById(name), style = (part) => getComputedStyle(part);
  return [...figure.querySelectorAll('.poster')].every((part) => style(part).visibility === 'hidden')
    && [...figure.querySelectorAll('canvas')].every((part) => style(part).opacity === '1');
}"""
IN_VIEW = """(name, view) => {
  const canvas = document.querySelector(`#${name} canvas[data-view=${view}]`);
  canvas.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [left, top, width, height];
}"""
COPY = """(name, view) => {
  const figure = document.getElementById(name);
  const layers = ['relief', 'view'].map((layer) => figure.querySelector(`canvas[data-${layer}=${view}]`));
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [layers[1].clientWidth, layers[1].clientHeight];
  for (const layer of layers) if (layer) copy.getContext('2d').drawImage(layer, 0, 0, copy.width, copy.height);
  return copy.toDataURL();
}"""
FOCUS = "(part) => document.querySelector(part).focus()"
SAID = "(name) => document.querySelector(`#${name} .said`).textContent"
SAYS = "(name, text) => document.querySelector(`#${name} .said`).textContent === text"
SAYS_ANOTHER = "(name, text) => document.querySelector(`#${name} .said`).textContent !== text"
READS = """(name) => Object.fromEntries([...document.querySelectorAll(`#${name} output[name]`)]
  .map((output) => [output.name, output.textContent]))"""
HOLDS = "(part) => Number(document.querySelector(part).value)"
ALERTS = "() => [...document.querySelectorAll('.alert')].map((part) => part.textContent).join('')"
UNSEEN_SIGNS = """() => [...document.querySelectorAll('math mo')].filter((part) => part.checkVisibility()
  && !'\\u2061\\u2062'.includes(part.textContent) && part.getBoundingClientRect().width === 0)
  .map((part) => part.textContent)"""
MEDIA = """(now) => {
  for (const { cssRules } of document.styleSheets) for (const { media } of cssRules) if (media) {
    media.now ??= media.mediaText;
    media.mediaText = now === 'screen' ? media.now
      : media.now.replace(/\\bscreen\\b/, 'not all').replace(/not all and .*/, 'not all').replace(/\\bprint\\b/, 'all');
  }
}"""
"""Have the style sheet's rules for print hold, or again those for the screen."""
SEEN = """(parts) => [...document.querySelectorAll('figure.unfold :is(' + parts + ')')]
  .filter((part) => part.checkVisibility({ visibilityProperty: true })).length"""
NARROW = """(width) => {
  const ask = new XMLHttpRequest();
  ask.open('GET', './', false);
  ask.send();
  const page = new DOMParser().parseFromString(ask.responseText, 'text/html');
  page.querySelectorAll('script, py-script, [rel=modulepreload]').forEach((part) => part.remove());
  page.head.prepend(Object.assign(page.createElement('base'), { href: location.href.split('#')[0] }));
  const srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
  const frame = Object.assign(document.createElement('iframe'), { id: 'narrow', srcdoc });
  frame.style.cssText = `position: fixed; inset: 0 auto auto 0; border: 0; height: 640px; width: ${width}px`;
  document.body.append(frame);
}"""
OUTSIDE = """() => {
  const { document, innerWidth } = frames[0];
  document.querySelectorAll('details.more').forEach((more) => { more.open = true; });
  const parts = [...document.querySelectorAll('figure.unfold, figure.unfold :not(.formula, .formula *, .download)')];
  return [...(document.documentElement.scrollWidth > innerWidth ? ['scrolls'] : []), ...parts.filter((part) =>
    part.checkVisibility() && part.getBoundingClientRect().right > innerWidth + 0.5
  ).map((part) => [part.closest('figure').id, part.tagName, part.name ?? part.className])];
}"""
COLLIDING = """() => [...frames[0].document.querySelectorAll('figure.unfold')].flatMap((figure) => {
  const controls = [...figure.querySelectorAll(':is(.controls, .guess, .tools) :is(button, input, select, textarea)')]
    .filter((part) => part.checkVisibility());
  const boxes = controls.map((part) => part.getBoundingClientRect());
  return controls.flatMap((part, i) => controls.slice(i + 1).filter((_, k) => {
    const [a, b] = [boxes[i], boxes[i + 1 + k]];
    return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1.5;
  }).map((other) => [figure.id, part.name, other.name]));
})"""
STORED = "() => document.querySelector('#offline').textContent.includes('This article works without a network.')"
TELLS = "() => [...document.querySelectorAll('figure.unfold .said')].map((part) => part.textContent)"
LEARNS = """() => {
  const read = (name) => Number(document.querySelector(`#training output[name=${name}]`).dataset.value);
  return read('epoch') > 20 && read('loss') < 0.25;
}"""


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """Python's own server with the site, at a sub-path."""
    folder = tmp_path_factory.mktemp("engines")
    browsers.site.build(folder / browsers.SUB_PATH)
    made = browsers.Host(folder)
    yield made
    made.stop()


@pytest.fixture(scope="module", autouse=True)
def fonts(tmp_path_factory):
    """Let matplotlib set labels as the site does."""
    use_the_site_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="module", params=[name for name, here in HERE.items() if here])
def reader(request, host, playwright, chromium):
    """A reader at the article, all its figures ready."""
    problems = []
    with contextlib.ExitStack() as stack:
        if request.param == "WebKit":
            at = stack.enter_context(browsers.at_webkit(*WINDOW))
        else:
            browser = chromium
            if request.param == "Firefox":
                browser = browsers.firefox(playwright, **{"ui.prefersReducedMotion": 1})
                stack.callback(browser.close)
            size = {"width": WINDOW[0], "height": WINDOW[1]}
            context = browser.new_context(viewport=size, reduced_motion="reduce", service_workers="block")
            stack.callback(context.close)
            page = context.new_page()
            note_errors(page, problems, HALF_A_FORMULA)
            at = browsers.Reader(page)
        at.engine, at.begun = request.param, len(host.asked)
        at.goes(f"{host.address}{browsers.SUB_PATH}/")
        assert at.waits(READY, seconds=60)
        yield at
        assert at.run(ALERTS) == ""
    assert problems == []


def test_all_three_engines_are_here():
    for name, here in HERE.items():
        if not here:
            warnings.warn(environment.missing(name), stacklevel=1)
    assert sum(bool(here) for here in HERE.values()) > 1


def picture(reader, name, view):
    """What is seen where a picture stands."""
    left, top, width, height = reader.run(IN_VIEW, name, view)
    # Firefox's pictures of the window leave out, at times, what a worker has drawn; and asked for a copy of a canvas
    # while the worker draws on it, it waits for ten seconds and gives an empty one. The next is right.
    if reader.engine == "Firefox":
        copy = base64.b64decode(reader.run(COPY, name, view).partition(",")[2])
        return Image.open(io.BytesIO(copy)).convert("RGB")
    window = Image.open(io.BytesIO(reader.sees())).convert("RGB")
    return window.crop([round(at) for at in (left, top, left + width, top + height)])


def likeness(first, second):
    """How alike two pictures are from a distance: 1 the same, 0 not at all or blank."""
    ends = [np.asarray(each.resize((40, 40), Image.Resampling.BOX), float).ravel() for each in (first, second)]
    return np.corrcoef(*ends)[0, 1] if all(end.std() > 0 for end in ends) else 0.0


def differ(first, second):
    """Whether two pictures differ by more than a shade somewhere."""
    return max(high for _, high in ImageChops.difference(first, second).getextrema()) > 24


def drawn(name, state, view, size):
    """The picture as it is drawn natively, in a size."""
    figure = render.mpl.draw(FIGURES[name].scene(state)[view], *size, "light")
    out = io.BytesIO()
    figure.savefig(out, dpi=100, facecolor=figure.get_facecolor())
    return Image.open(out).convert("RGB")


def shows(reader, name, state, view, before=None):
    """Wait until the picture is seen that is drawn natively, and not that before it; return it, and the native one."""
    _, _, *size = reader.run(IN_VIEW, name, view)
    wanted, alike = drawn(name, state, view, size), []
    changes = before and likeness(wanted, before[1]) < 0.95  # above that it may be lines set to whole pixels
    end = time.monotonic() + (25 if reader.engine == "Firefox" else 5)
    while time.monotonic() < end:  # browsers paint what comes into the window when they come to it
        seen = picture(reader, name, view)
        alike.append(likeness(seen, wanted))
        if alike[-1] > ALIKE and not (changes and not differ(seen, before[0])):
            return seen, wanted
        time.sleep(0.05)
    raise AssertionError(f"{view} is like what it should be by {max(alike):.3f}, or has not changed")


def says(reader, name, state):
    """Wait until the description is that of this state."""
    text = FIGURES[name].describe(state)
    assert reader.waits(SAYS, name, text), f"it says {reader.run(SAID, name)!r}, not {text!r}"


def told(figure, state):
    """The description and the readouts of a state."""
    read = {name: text for name, (text, _) in figure.readouts(state).items() if name not in OWN_WAY}
    return figure.describe(state), read


def at_rest(figure, state):
    """The state where it stands still, as readers see it who want no motion."""
    return figure.arrived(state) if runs(figure, state) and hasattr(figure, "arrived") else state


def moves(name):
    """What can be done with one key: on which control, and what comes of it."""
    figure, start = FIGURES[name], FIGURES[name].start()
    limits = figure.limits(start) if hasattr(figure, "limits") else {}
    for control in controls(name, Range):
        before, high = getattr(start, field(control.name)), limits.get(control.name, control.high)
        steps = (("ArrowRight", before + control.step), ("ArrowLeft", before - control.step))
        for key, value in (*steps, ("End", high), ("Home", control.low)):
            if control.low <= value <= high and not control.typed:
                value = control.parse(control.write(value))
                yield control, key, at_rest(figure, after(figure, start, **{field(control.name): value}))
    for control in controls(name, Choice):
        values = [value for value, _ in control.options]
        if not control.tapped and getattr(start, field(control.name)) != values[-1]:
            following = values[values.index(getattr(start, field(control.name))) + 1]
            yield control, "ArrowDown", at_rest(figure, after(figure, start, **{field(control.name): following}))


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_seen_moved_by_the_keyboard_and_dragged(reader, name):
    figure, start = FIGURES[name], FIGURES[name].start()
    assert reader.waits(STANDS, name)
    says(reader, name, start)
    before = {view: shows(reader, name, start, view) for view, *_ in figure.VIEWS}
    words, read = told(figure, start)
    telling = [each for each in moves(name) if told(figure, each[2])[0] != words]
    changing = [each for each in telling if told(figure, each[2])[1] != read]
    control, key, state = [*changing, *telling][0]
    reader.run(FOCUS, f"#{name} :is(input, select, button)[name={control.name}]")
    reader.presses(key)
    says(reader, name, state)
    reads = {name: text for name, text in reader.run(READS, name).items() if name not in OWN_WAY}
    assert reads == told(figure, state)[1]
    for view, shown in before.items():
        shows(reader, name, state, view, shown)
    reader.run(FOCUS, f"#{name} [name=reset]")
    reader.presses("Enter")
    says(reader, name, start)
    drag(reader, name)


def drag(reader, name):
    """Drag a handle, if there is one to drag yet: its controls follow, as far as a pixel and a step let them."""
    figure, start = FIGURES[name], FIGURES[name].start()
    for view, handle, at in handles(name):
        left, top, width, height = reader.run(IN_VIEW, name, view)
        place = Placement(figure.scene(start)[view], width, height)
        x, y = place(at[None])[0]
        began = round(left + x), round(top + y)
        for to in [(began[0] + i, began[1] + j) for i, j in ((31, -23), (23, 31), (-31, 23), (-23, -31))]:
            near = [place.units(to[0] - left + i, to[1] - top + j) for i, j in NEAR]
            expected = [figure.dragged(start, handle, *at) for at in near]
            if all(figure.describe(state) != figure.describe(start) for state in expected):
                reader.drags(began, to)
                assert reader.waits(SAYS_ANOTHER, name, figure.describe(start))
                for control in controls(name, Range):
                    values = [getattr(state, field(control.name)) for state in expected]
                    holds = reader.run(HOLDS, f"#{name} input[name={control.name}]")
                    about = min(values) - 1.01 * control.step <= holds <= max(values) + 1.01 * control.step
                    assert about, (control.name, values, holds)
                return


NEAR = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
"""Pixels by which browsers differ in where the pointer is: not all of them tell parts of one."""


@pytest.mark.parametrize(("name", "view"), SURFACES)
def test_a_surface_is_turned_by_keyboard_and_pointer(reader, name, view):
    figure = FIGURES[name]
    reader.run(FOCUS, f"#{name} [name=reset]")
    reader.presses("Enter")
    says(reader, name, figure.start())
    before, _ = shows(reader, name, figure.start(), view)
    reader.run(FOCUS, f"#{name} input[name=turn]")
    reader.presses("Home")
    state = after(figure, figure.start(), turn=0)
    says(reader, name, state)
    turned, _ = shows(reader, name, state, view)
    left, top, width, height = reader.run(IN_VIEW, name, view)
    assert likeness(before, turned) < 0.95
    began = round(left + 0.5 * width), round(top + 0.9 * height)
    reader.drags(began, (began[0] + 80, began[1] - 20))
    expected = figure.turned(state, view, 80, -20)
    says(reader, name, expected)
    dragged, _ = shows(reader, name, expected, view)
    assert likeness(turned, dragged) < 0.95


def test_time_passes_and_the_network_learns(reader):
    reader.run(FOCUS, "#training [name=play]")
    reader.presses("Enter")
    assert reader.waits(LEARNS)
    reader.presses("Enter")
    assert reader.waits("() => document.querySelector('#training [name=play]').ariaPressed === 'false'")


def test_no_sign_of_a_formula_is_left_out(reader):
    assert reader.run(UNSEEN_SIGNS) == []


def test_python_starts_from_the_picture_of_its_memory(reader, host):
    if reader.engine == "WebKit":  # where the service worker, which stores all, cannot be kept out
        assert reader.waits(STORED)
    asked = [path.rpartition("/")[2] for path, _ in host.asked[reader.begun :]]
    assert asked.count("stdlib.bin") == asked.count("rest.zip")


def test_on_paper_the_pictures_stand_in_the_figures_and_nothing_to_handle(reader):
    """WebKitGTK's driver cannot print: so, in all three, the rules for print are made to hold on the screen."""
    reader.run(MEDIA, "print")
    try:
        assert reader.run(SEEN, ".controls, .guess, .tools, .poster img, button, input, select, textarea") == 0
        assert reader.run(SEEN, "canvas[data-view]") == sum(len(figure.VIEWS) for figure in FIGURES.values())
    finally:
        reader.run(MEDIA, "screen")
    assert reader.run(SEEN, ".controls") == len(FIGURES)


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_narrow_screen_nothing_is_beside_the_page_and_no_control_on_another(reader, width):
    """In a frame, as WebKitGTK's windows are never so narrow; without scripts, which do nothing to the layout."""
    reader.run(NARROW, width)
    assert reader.waits("() => frames[0]?.document.querySelectorAll('figure.unfold').length === " + str(len(FIGURES)))
    assert reader.waits("() => frames[0].document.readyState === 'complete'")
    try:
        assert reader.run(OUTSIDE) == []
        assert reader.run(COLLIDING) == []
    finally:
        reader.run("() => document.querySelector('#narrow').remove()")


def test_with_the_host_gone_webkit_shows_it_all_again(reader, host):
    if reader.engine != "WebKit":  # tests/browser/test_offline.py has the others
        return
    host.stop()
    reader.goes(f"{host.address}{browsers.SUB_PATH}/")
    assert reader.waits(READY, seconds=60)
    assert reader.run(TELLS) == [figure.describe(figure.start()) for figure in FIGURES.values()]
