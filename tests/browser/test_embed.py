"""Figures on somebody's blog, on another origin: what its reader sees, what it pays, and what the blog can do."""

from __future__ import annotations

import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import TimeoutError

from tests import browsers
from tests.browser.conftest import note_errors, until

READY_FIGURE = "figure.unfold[data-state=ready]"
HOSTILE = """* { box-sizing: content-box !important; font: 40px cursive !important; color: red !important }
iframe, button, img { display: none; width: 10px !important; opacity: 0 } p { text-transform: uppercase }"""
LIGHT, DARK = (255, 255, 255), (27, 30, 36)
"""The panel's colour in each."""


class Blog:
    """Somebody's server: pages by their paths, each with its content security policy."""

    def __init__(self):
        self.pages = {}
        self.server = browsers.pages(self.pages)

    def put(self, body, head="", policy=""):
        """Publish a page; return its path."""
        path = f"/{len(self.pages)}.html"
        page = '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Blog</title>'
        page += head
        self.pages[path] = (f"{page}<body><h1>A blog</h1>{body}<p id=end>The end</p></body></html>", policy)
        return path


@pytest.fixture(scope="module")
def blog():
    made = Blog()
    with browsers.running(made.server):
        made.address = f"http://127.0.0.1:{made.server.server_port}"
        yield made


@pytest.fixture
def read(site, blog, chromium):
    """Publish something on the blog and read it: `read(html, browser=…, head=…, policy=…, **context options)`."""
    contexts, problems = [], []

    def opened(body, browser=None, head="", policy="", script="async", **options):
        context = (browser or chromium).new_context(**{"viewport": {"width": 800, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.asked = []
        page.on("response", lambda answer: page.asked.append(answer))
        note_errors(page, problems)
        tag = f'<script {script} src="{site}assets/embed.js"></script>' if script else ""
        page.goto(blog.address + blog.put(body, head + tag, policy))
        return page

    opened.problems = problems
    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def embed(name, ident="one", **attributes):
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<unfold-figure name="{name}" id="{ident}"{more}></unfold-figure>'


def running(page, ident="one"):
    """The document of a figure, once Python runs there."""
    page.wait_for_selector(f"#{ident} iframe", state="attached")
    frame = page.query_selector(f"#{ident} iframe").content_frame()
    frame.wait_for_selector(READY_FIGURE)
    return frame


HOW_IT_IS = """() => { const figure = document.querySelector('figure.unfold'), { dataset } = document.documentElement;
  const text = (role) => figure.querySelector(`[role=${role}]`).textContent;
  return [figure.dataset.state, dataset.runtime, unfold.owns, figure.getBoundingClientRect().top, text('status'),
    text('alert')]; }"""


def move(frame, control):
    """Move a slider one step up, as a reader does; return what it then says."""
    slider = frame.locator(f"input[name={control}]")
    slider.evaluate("slider => slider.scrollIntoView()")
    before = frame.text_content(".said")
    slider.evaluate("slider => { slider.stepUp(); slider.dispatchEvent(new Event('input', { bubbles: true })); }")
    try:
        # By the clock: a frame of another origin's that is out of view has no animation frames.
        frame.wait_for_function(
            "before => document.querySelector('.said').textContent !== before", arg=before, polling=50
        )
    except TimeoutError as problem:
        problem.add_note(f"{control} stands at {slider.input_value()}; the figure: {frame.evaluate(HOW_IT_IS)}")
        raise
    return frame.text_content(".said")


def corner(frame, view):
    """The colour near the corner of a figure's picture."""
    return tuple(
        frame.evaluate(
            """view => { const canvas = document.querySelector(`canvas[data-view=${view}]`);
            const copy = new OffscreenCanvas(canvas.clientWidth, canvas.clientHeight).getContext("2d");
            copy.drawImage(canvas, 0, 0, canvas.clientWidth, canvas.clientHeight);
            return [...copy.getImageData(3, canvas.clientHeight - 3, 1, 1).data].slice(0, 3); }""",
            view,
        )
    )


def owners(page):
    return [frame.evaluate("unfold.owns") for frame in page.frames if "/embed/" in frame.url]


def test_until_the_reader_touches_it_a_figure_costs_at_most_15_kb(read, site):
    names = re.findall(r'"([\w-]+)": \["', text_at(site + "assets/embed.js"))
    assert len(names) == 21
    for theme in ("light", "dark"):
        page = read("".join(embed(name, f"e-{name}") for name in names), color_scheme=theme)
        until(
            page,
            "() => [...document.querySelectorAll('unfold-figure')].every(({ shadowRoot }) => "
            "shadowRoot.querySelector('img').complete)",
        )
        sizes = {answer.url: len(answer.body()) for answer in page.asked if answer.url.startswith(site)}
        script = next(size for url, size in sizes.items() if url.endswith("embed.js"))
        posters = [size for url, size in sizes.items() if url.endswith(f"-{theme}.webp")]
        assert len(posters) == 21
        assert len(sizes) == 22, "more was asked for than posters and the script"
        assert script + max(posters) <= 15_000
        assert len(page.frames) == 1


def text_at(address):
    with urlopen(address) as answer:
        return answer.read().decode()


def test_a_press_starts_it_and_it_fits_its_place_and_nothing_moves_when_python_comes(read):
    for width in (360, 700):
        page = read(
            f'<div style="width: {width}px; margin: auto">{embed("two-lines")}</div>',
            viewport={"width": 900, "height": 900},
        )
        page.click("#one button")
        page.wait_for_function("() => document.querySelector('#one').shadowRoot.querySelector('.here')")
        frame = page.query_selector("#one iframe").content_frame()
        frame.wait_for_selector("h3")
        before = page.locator("#end").bounding_box()
        frame.wait_for_selector(READY_FIGURE)
        assert page.locator("#end").bounding_box() == before, "the text below moved when Python came"
        box = page.locator("#one iframe").bounding_box()
        assert box["width"] == width
        inside = frame.evaluate(
            "() => [document.documentElement.scrollWidth, document.querySelector('main').clientHeight]"
        )
        assert inside[0] <= width
        assert abs(inside[1] - box["height"]) < 2


def test_its_height_follows_what_is_in_it(read):
    page = read(embed("training", start=""))
    frame = running(page)
    before = page.locator("#one").bounding_box()["height"]
    frame.evaluate("() => document.querySelector('details.code').open = false")
    until(page, "before => document.querySelector('#one').clientHeight < before - 100", before)
    before = page.locator("#one").bounding_box()["height"]
    page.set_viewport_size({"width": 340, "height": 900})
    until(page, "before => document.querySelector('#one').clientHeight > before + 100", before)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 340


def test_it_tells_its_state_and_takes_on_another(read):
    head = """<script>seen = []; addEventListener("unfold-change", ({ target, detail }) =>
    seen.push([target.id, detail.name, detail.state]))</script>"""
    page = read(embed("gate", state="w1=2&amp;b=-1", hide="w2,step", start=""), head=head)
    frame = running(page)
    assert frame.text_content("output[for=gate-w1]") == "2.0"
    assert not frame.is_visible("input[name=w2]")
    assert not frame.is_visible("button[name=step]")
    assert page.evaluate("seen") == []
    move(frame, "w1")
    until(page, "() => seen.length === 1")
    assert page.evaluate("seen") == [["one", "gate", "w1=2.1&b=-1.0"]]
    assert page.evaluate("document.querySelector('#one').state") == "w1=2.1&b=-1.0"
    page.evaluate("document.querySelector('#one').setAttribute('state', 'gate=or')")
    frame.wait_for_function("() => document.querySelector('.said').textContent.startsWith('OR')")
    assert frame.text_content("output[for=gate-w1]") == "-1.0", "what a new state does not name has its default"
    assert not frame.is_visible("input[name=w2]")
    page.evaluate("document.querySelector('#one').removeAttribute('hide')")
    frame.wait_for_selector("input[name=w2]")
    until(page, "() => seen.at(-1)[2] === 'gate=or'")


def test_what_is_not_allowed_is_named_with_what_is(read):
    page = read(
        embed("two-linez")
        + embed("gate", "two", theme="blue")
        + embed("gate", "three", state="w1=99&amp;w9=1", hide="w8", start="")
    )
    said = page.locator("#one [role=alert]").text_content()
    assert said.startswith("name: “two-linez” is not allowed here. Allowed: gate, one-line, two-lines,")
    assert (
        page.locator("#two [role=alert]").text_content() == "theme: “blue” is not allowed here. Allowed: light, dark."
    )
    alert = running(page, "three").text_content(".alert")
    assert "w1: “99” is not allowed here. Allowed: a number from -4 to 4. The default is used." in alert
    assert "w9: “1” is not allowed here. Allowed: one of the controls gate, w1," in alert
    assert "hide: “w8” is not allowed here. Allowed: gate, w1, w2, b, play, step," in alert
    page.evaluate("document.querySelector('#one').setAttribute('name', 'two-lines')")
    page.wait_for_selector("#one button")
    assert page.locator("#one [role=alert]").text_content() == ""


def test_it_is_light_or_dark_as_the_page_around_it(read):
    body = embed("gate", "follows", start="") + embed("gate", "light", theme="light", start="")
    page = read(
        body + f'<div style="color-scheme: dark">{embed("gate", "within", start="")}</div>', color_scheme="light"
    )
    frames = {ident: running(page, ident) for ident in ("follows", "light", "within")}
    seen = {ident: corner(frame, "plane") for ident, frame in frames.items()}
    assert seen == {"follows": LIGHT, "light": LIGHT, "within": DARK}
    page.emulate_media(color_scheme="dark")
    frames["follows"].wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    panel = "() => getComputedStyle(document.querySelector('figure')).backgroundColor"
    assert frames["follows"].evaluate(panel) == "rgb(27, 30, 36)"
    assert frames["light"].evaluate(panel) == "rgb(255, 255, 255)"
    for _ in range(100):
        if corner(frames["follows"], "plane") == DARK:
            break
        page.wait_for_timeout(50)
    assert [corner(frames[ident], "plane") for ident in ("follows", "light", "within")] == [DARK, LIGHT, DARK]
    page.evaluate("document.documentElement.style.colorScheme = 'light'")
    frames["follows"].wait_for_function("() => document.documentElement.dataset.theme === 'light'")


def test_the_poster_is_dark_where_the_page_is(read):
    page = read(embed("gate"), head="<style>:root { color-scheme: dark }</style>", color_scheme="light")
    page.wait_for_selector("#one img")
    assert page.get_attribute("#one img", "src").endswith("gate-dark.webp")
    page.evaluate("document.documentElement.style.colorScheme = 'light'")
    until(page, "() => document.querySelector('#one').shadowRoot.querySelector('img').src.endsWith('gate-light.webp')")


def test_the_page_cannot_style_it_nor_does_it_touch_the_page(read):
    plain = read(embed("gate"))
    look = """() => ['b', 'i', 'button', 'img'].map((name) => {
      const at = document.querySelector('#one').shadowRoot;
      const style = getComputedStyle(at.querySelector(name));
      return [style.font, style.color, style.display, style.opacity, style.textTransform, style.padding]; })"""
    globals_of = "() => Object.keys(window).length"
    plain.wait_for_selector("#one button")
    hostile = read(embed("gate"), head=f"<style>{HOSTILE}</style>")
    hostile.wait_for_selector("#one button")
    assert hostile.evaluate(look) == plain.evaluate(look)
    bare = read("<p>", script="")
    assert plain.evaluate(globals_of) - bare.evaluate(globals_of) in (0, 1)  # an element's id is a global: #one
    assert hostile.evaluate("() => document.styleSheets.length") == 1
    hostile.click("#one button")
    frame = running(hostile)
    box = hostile.locator("#one iframe").bounding_box()
    assert box["width"] == hostile.locator("#one").bounding_box()["width"] > 500
    assert hostile.evaluate("() => getComputedStyle(document.querySelector('#one iframe')).opacity") == "1"
    assert frame.evaluate("() => getComputedStyle(document.querySelector('h3')).fontSize") == "18px"


def test_it_works_under_a_strict_content_security_policy(read, site):
    origin = site.split("/somewhere")[0]
    policy = f"default-src 'none'; script-src {origin}; img-src {origin}; frame-src {origin}"
    policy += "; require-trusted-types-for 'script'"
    page = read(embed("gate"), policy=policy)
    page.wait_for_function("() => document.querySelector('#one').shadowRoot.querySelector('img').naturalWidth > 0")
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('#one').shadowRoot.querySelector('b')).fontSize")
        == "18px"
    )
    page.click("#one button")
    assert "w₁ is −0.9" in move(running(page), "w1")


def test_a_policy_that_keeps_the_frame_out_is_named(read, site):
    origin = site.split("/somewhere")[0]
    page = read(embed("gate"), policy=f"script-src {origin} 'unsafe-eval'; frame-src 'none'", head="")
    page.clock.install()
    page.click("#one button")
    page.clock.fast_forward(21_000)
    page.wait_for_selector("#one a")
    assert f"Does this page's frame-src allow {origin}?" in page.text_content("#one [role=alert]")
    read.problems[:] = [problem for problem in read.problems if "frame-src" not in problem]


def shared_and_parted(page):
    """Four figures, two of them the same, share one Python; each goes on when another one goes, the owner too."""
    frames = {ident: running(page, ident) for ident in ("a", "b", "c", "d")}
    assert sorted(owners(page)) == [False, False, False, True]
    assert "w₁ is 2.1" in move(frames["a"], "w1")
    assert "w₁ is −2.9" in move(frames["b"], "w1")
    assert "w₁ is 2.1" in frames["a"].text_content(".said"), "what is set in one figure is set in no other"
    remove = "ident => document.getElementById(ident).remove()"
    owner = next(ident for ident in frames if frames[ident].evaluate("unfold.owns"))
    guest = "d" if owner != "d" else "c"
    page.evaluate(remove, guest)
    assert "w₁ is 2.2" in move(frames["a"], "w1")
    page.evaluate(remove, owner)
    rest = [ident for ident in frames if ident not in (owner, guest)]
    for ident in rest:
        frames[ident].wait_for_selector("html[data-runtime=starting]")
    for ident in rest:
        frames[ident].wait_for_selector(READY_FIGURE)
    assert sorted(owners(page)) == [False, True]
    # Each goes on from where it was.
    next_step = {"a": ("w1", "w₁ is 2.3"), "b": ("w1", "w₁ is −2.8"), "c": ("x", "x = 1.1")}  # of `d` nothing is left
    for ident in rest:
        control, said = next_step[ident]
        assert said in move(frames[ident], control)


SHARING = (
    embed("gate", "a", state="w1=2", start="")
    + embed("gate", "b", state="w1=-3", start="")
    + embed("tangent", "c", start="")
    + embed("bowl", "d", start="")
)


def test_all_figures_of_a_page_share_one_python_and_none_breaks_when_another_goes(read):
    shared_and_parted(read(SHARING))


def test_they_share_and_part_in_firefox_too(read, firefox):
    if firefox:
        shared_and_parted(read(SHARING, browser=firefox))
        read.problems[:] = [problem for problem in read.problems if "404" not in problem]


SET_EARLY = """async (values) => {
  const root = document.documentElement;
  await new Promise((orphaned) => {
    if (document.querySelector('figure.unfold').dataset.state === 'poster') orphaned();
    else new MutationObserver(orphaned).observe(root, { attributeFilter: ['data-runtime'] });
  });
  const state = document.querySelector('figure.unfold').dataset.state;
  for (const [name, value] of Object.entries(values)) {
    const control = document.querySelector(`[name=${name}]`);
    if (control.tagName === 'BUTTON') {
      control.click();
      continue;
    }
    control.value = value;
    control.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return state;
}"""


def set_between(page, values):
    """Take the owner of two figures away, set or press in the other before Python has it; return its id and frame."""
    frames = {ident: running(page, ident) for ident in ("a", "b")}
    owner, rest = sorted(frames, key=lambda ident: not frames[ident].evaluate("unfold.owns"))
    frames[rest].evaluate(f"(values) => {{ globalThis.early = ({SET_EARLY})(values); }}", values)
    page.evaluate("ident => document.getElementById(ident).remove()", owner)
    assert frames[rest].evaluate("early") == "poster"
    frames[rest].wait_for_selector(READY_FIGURE)
    return rest, frames[rest]


def test_what_the_reader_sets_between_one_python_and_the_next_is_kept(read):
    page = read(embed("gate", "a", state="w2=2&hide=b", start="") + embed("gate", "b", state="w2=2&hide=b", start=""))
    _, frame = set_between(page, {"w1": 3.5, "gate": "or"})
    said = frame.text_content(".said")
    assert said.startswith("OR")
    assert "w₁ is 3.5, w₂ is 2.0" in said
    assert frame.input_value("input[name=w1]") == "3.5"
    assert not frame.is_visible("input[name=b]")


def test_what_the_reader_presses_between_one_python_and_the_next_is_done(read):
    page = read(embed("one-line", "a", start="") + embed("one-line", "b", start=""))
    rest, frame = set_between(page, {"curve": "pressed"})
    assert frame.text_content("button[name=curve]") == "Back to the line"
    until(page, "ident => document.getElementById(ident).state.includes('curve=on')", rest)


def test_a_figure_that_is_moved_in_its_page_goes_on_with_its_state(read):
    page = read(embed("gate", start=""))
    move(running(page), "w1")
    until(page, "() => document.querySelector('#one').state === 'w1=-0.9'")
    page.evaluate("() => document.body.prepend(document.querySelector('#one'))")
    frame = running(page)
    assert "w₁ is −0.9" in frame.text_content(".said")


def test_the_script_may_stand_twice_and_be_a_module(read):
    page = read(embed("gate", start=""), script='type="module"')
    running(page)
    again = page.evaluate("""() => new Promise((done) => { const first = document.querySelector('script[src]');
      const second = Object.assign(document.createElement('script'), { src: first.src, onload: () => done(true) });
      document.body.append(second); })""")
    assert again


def test_a_plain_frame_needs_no_script(read, site):
    address = f"{site}embed.html?figure=gate&amp;w1=2#b=-1&amp;hide=w2"
    page = read(f'<iframe src="{address}" title="A figure" width="700" height="900"></iframe>', script="")
    page.wait_for_function("() => frames.length === 1")
    frame = page.frames[1]
    frame.wait_for_url("**/embed/gate.html*")
    frame.wait_for_selector(READY_FIGURE)
    assert [frame.text_content(f"output[for=gate-{name}]") for name in ("w1", "b")] == ["2.0", "-1.0"]
    assert not frame.is_visible("input[name=w2]")
    wrong = read(f'<iframe src="{site}embed.html?figure=gait" title="A figure"></iframe>', script="")
    frame = wrong.frames[1]
    assert "figure: gait is not allowed here. Allowed: gate, one-line," in frame.text_content(".missing").replace(
        "“", ""
    )


def test_the_code_that_the_article_copies_shows_the_figure_as_it_is_there(visit, read, site):
    page = visit("#gate?w1=3", permissions=["clipboard-read", "clipboard-write"])
    page.click("#gate [name=embed]")
    until(page, "() => document.querySelector('#gate .note').textContent === 'Embed code copied'")
    code = page.evaluate("navigator.clipboard.readText()")
    assert f'src="{site}assets/embed.js"' in code
    assert '<unfold-figure name="gate" state="w1=3.0"></unfold-figure>' in code
    other = read(code, script="")
    other.click("unfold-figure button")
    other.wait_for_selector("iframe")
    frame = other.query_selector("iframe").content_frame()
    frame.wait_for_selector(READY_FIGURE)
    assert frame.text_content("output[for=gate-w1]") == "3.0"


def test_the_gallery_shows_every_figure_and_the_article_leads_there(visit):
    page = visit()
    page.click("footer a[href$='gallery.html']")
    page.wait_for_selector("unfold-figure[name=layers] button")
    assert page.locator("unfold-figure button").count() == 21
    for name in ("gate", "training"):
        page.click(f"unfold-figure[name={name}] button")
        page.wait_for_selector(f"unfold-figure[name={name}] iframe")
    for frame in page.frames[1:]:
        frame.wait_for_selector(READY_FIGURE)
    assert sorted(owners(page)) == [False, True]
