"""The studio with stand-ins for canvases, clock and page: messages in, pictures and reports out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from app import messages
from app.studio import READOUT_EVERY, SAID_EVERY, Studio
from figures import FIGURES
from figures.controls import Range, Text
from scene.marks import Axis, Handles, View
from unfold.formula import activation


class Canvas:
    def __init__(self, offscreen, below=None):
        self.offscreen, self.below, self.size, self.drawn = offscreen, below, None, []
        self.width = self.height = 0.0
        self.closed = False

    def close(self):
        self.closed = True

    def resize(self, *size):
        self.size = size
        self.width, self.height, _ = size

    def draw(self, view, theme):
        self.drawn.append((view, theme))


class Page:
    """A page with the training figure open; its clock runs only when told to."""

    def __init__(self, link="", theme="light"):
        self.now = 0.0
        self.reports = []
        self.studio = Studio(FIGURES, Canvas, lambda text: self.reports.append(messages.read(text)), self.clock)
        views = {"surface": [300, 300], "loss": [200, 100], "network": [200, 180]}
        self.say("open", link=link, views=views, ratio=2, theme=theme, still=False, offscreens=("s", "l", "n"))

    def clock(self):
        self.now += 1e-5
        return self.now

    def say(self, kind, offscreens=(), **parts):
        self.studio.receive(messages.read(messages.write(kind, figure="training", **parts)), offscreens)

    def frame(self, seconds=0.016):
        self.now += seconds
        more = self.studio.frame()
        self.studio.tell()
        return more

    @property
    def actor(self):
        return self.studio.actors["training"]

    def latest(self, part):
        return next(report[part] for report in reversed(self.reports) if part in report)


def test_opening_draws_every_view_once_and_reports_everything():
    page = Page()
    assert page.frame() is False
    assert {name: len(canvas.drawn) for name, canvas in page.actor.canvases.items()} == {
        "surface": 1,
        "loss": 1,
        "network": 1,
    }
    assert page.actor.canvases["surface"].size == (300, 300, 2)
    report = page.reports[0]
    assert report["kind"] == "report"
    assert report["figure"] == "training"
    assert report["readouts"]["epoch"] == ["0", "0"]
    assert report["said"].startswith("A new network with 2 hidden tanh neurons")
    assert report["controls"]["learning-rate"] == "1.0"


def test_canvases_go_to_the_pictures_they_are_named_for_and_a_second_one_below_the_first():
    studio = Studio(FIGURES, Canvas, lambda text: None, lambda: 0.0)
    opened = {"figure": "tangent", "link": "", "views": {"curve": [300, 300], "slopes": [300, 300]}, "ratio": 1}
    names = ["slopes", "curve", "slopes"]
    studio.receive({"kind": "open", "theme": "light", "still": False, "canvases": names, **opened}, ("s", "c", "below"))
    studio.frame()
    found = studio.actors["tangent"].canvases
    assert {name: (canvas.offscreen, canvas.below) for name, canvas in found.items()} == {
        "slopes": ("s", "below"),
        "curve": ("c", None),
    }


def test_settings_that_follow_one_another_are_taken_once_the_last_one_counts():
    page = Page()
    page.frame()
    for value in ("3", "4", "7"):
        page.say("set", control="hidden", value=value)
    assert len(page.studio.inbox) == 1
    page.frame()
    assert page.actor.state.hidden == 7
    assert len(page.actor.canvases["surface"].drawn) == 2


def test_presses_between_settings_keep_their_order():
    page = Page()
    page.frame()
    page.say("set", control="seed", value="1")
    page.say("press", button="step")
    page.say("set", control="seed", value="2")
    assert len(page.studio.inbox) == 3
    page.frame()
    assert page.actor.state.seed == 2
    assert page.actor.state.epoch == 0


def test_play_trains_frame_by_frame_until_pause():
    page = Page()
    page.frame()
    page.say("set", control="play", value="on")
    assert page.frame() is True
    for _ in range(60):
        assert page.frame() is True
    trained = page.actor.state.epoch
    assert 80 <= trained <= 110  # 100 epochs a second for about a second
    page.say("set", control="play", value="off")
    assert page.frame() is False
    assert page.actor.state.epoch == trained
    assert page.latest("readouts")["epoch"][1] == str(trained)
    assert f"Epoch {trained} " in page.latest("said")


def test_what_was_set_before_python_ran_is_honoured():
    page = Page(link="hidden=3&seed=8")
    page.say("set", control="hidden", value="5")
    page.say("set", control="play", value="on")
    for _ in range(3):  # a picture, work, a picture
        page.frame()
    assert (page.actor.state.hidden, page.actor.state.seed, page.actor.state.play) == (5, 8, True)
    assert page.actor.state.epoch > 0


def test_a_figure_out_of_view_neither_trains_nor_draws():
    page = Page()
    page.say("set", control="play", value="on")
    page.frame()
    page.frame()
    page.say("seen", seen=False)
    assert page.frame() is False
    trained, drawn = page.actor.state.epoch, len(page.actor.canvases["surface"].drawn)
    assert page.frame(5.0) is False
    assert (page.actor.state.epoch, len(page.actor.canvases["surface"].drawn)) == (trained, drawn)
    page.say("seen", seen=True)
    assert page.frame(5.0) is True
    assert page.actor.state.epoch - trained <= 11  # it goes on, it does not catch up


def test_what_the_reader_does_shows_even_while_the_figure_is_out_of_view():
    page = Page()
    page.frame()
    page.say("seen", seen=False)
    page.say("theme", theme="dark")  # and what the reader's screen asks for: whoever prints prints all
    page.frame()
    assert len(page.actor.canvases["surface"].drawn) == 2
    page.say("set", control="hidden", value="3")
    page.frame()
    assert len(page.actor.canvases["surface"].drawn) == 3
    assert "3 hidden" in page.latest("said")


def test_a_hidden_tab_runs_nothing():
    page = Page()
    page.say("set", control="play", value="on")
    page.frame()
    page.say("hidden", hidden=True)
    assert page.frame() is False
    trained = page.actor.state.epoch
    page.frame(1.0)
    assert page.actor.state.epoch == trained


def test_a_running_figures_frames_are_for_its_picture_or_its_work_and_the_readers_doing_is_drawn_first():
    page = Page()
    page.say("set", control="play", value="on")
    drawn, trained = [], []
    for _ in range(8):
        page.frame()
        drawn.append(len(page.actor.canvases["surface"].drawn))
        trained.append(page.actor.state.epoch)
    assert drawn == [1, 1, 2, 2, 3, 3, 4, 4]
    assert trained[0] == 0
    assert all(now > before for before, now in zip(trained[::2], trained[1::2], strict=True))
    assert trained[1:-1:2] == trained[2::2]
    page.say("set", control="learning-rate", value="2")
    page.frame()
    assert len(page.actor.canvases["surface"].drawn) == 5
    assert page.actor.state.epoch == trained[-1]


def test_a_bad_value_is_told_and_changes_nothing():
    page = Page(link="learning-rate=banana&seed=7")
    page.frame()
    assert page.latest("alert") == (
        "learning-rate: “banana” is not allowed here. Allowed: a number from 0.1 to 10. The default is used."
    )
    assert page.actor.state.learning_rate == 1.0
    assert page.actor.state.seed == 7
    page.say("set", control="hidden", value="9")
    page.frame()
    assert page.latest("alert") == "hidden: “9” is not allowed here. Allowed: a whole number from 1 to 8."
    assert page.latest("controls")["hidden"] == "2"
    page.say("set", control="hidden", value="3")
    page.frame()
    assert page.latest("alert") == ""


def test_a_text_that_is_refused_is_not_taken_out_of_the_reader_s_hands():
    reports = []
    studio = Studio(FIGURES, Canvas, lambda text: reports.append(messages.read(text)), lambda: 0.0)

    def say(kind, offscreens=(), **parts):
        studio.receive(messages.read(messages.write(kind, figure="circles", **parts)), offscreens)
        studio.frame()
        studio.tell()
        return reports[-1]

    views = {"plane": [300, 300], "hidden": [300, 300]}
    say("open", link="", views=views, ratio=2, theme="light", still=False, offscreens=("p", "h"))
    assert say("set", control="csv", value="1,2,a\n0,0,b\n")["controls"]["csv"] == "1,2,a\n0,0,b\n"
    refused = say("set", control="csv", value="1,2,a\n0,zero,b\n")
    assert refused["alert"] == 'csv: row 2, column 2: "zero" is not a number; a number such as 1.5 is allowed.'
    assert "csv" not in refused.get("controls", {})
    assert studio.actors["circles"].state.csv == "1,2,a\n0,0,b\n"


def test_an_error_in_a_figure_is_told_and_the_figure_goes_on_from_its_start(monkeypatch):
    page = Page()
    page.frame()
    page.say("set", control="hidden", value="3")
    page.frame()

    def breaks(*_):
        raise ZeroDivisionError("seven")

    with monkeypatch.context() as patch:
        patch.setattr(page.actor.figure, "pressed", breaks)
        page.say("press", button="step")
        page.frame()
    assert "ZeroDivisionError: seven" in page.latest("alert")
    assert page.actor.state.hidden == 2
    page.say("press", button="step")
    page.frame()
    assert page.latest("readouts")["epoch"] == ["1", "1"]
    assert page.latest("alert") == ""


def test_reports_hold_only_what_changed_and_come_no_faster_than_they_can_be_read():
    page = Page()
    page.frame()
    page.reports.clear()
    page.say("theme", theme="dark")
    page.frame()
    assert page.reports == []
    assert page.actor.canvases["loss"].drawn[-1][1] == "dark"
    page.say("set", control="play", value="on")
    for _ in range(100):
        page.frame()
    seconds = 100 * 0.0161
    assert sum("readouts" in report for report in page.reports) <= seconds / READOUT_EVERY + 2
    assert sum("said" in report for report in page.reports) <= seconds / SAID_EVERY + 2


def test_reset_goes_back_to_where_the_figure_opened():
    page = Page(link="hidden=4")
    page.say("press", button="step")
    page.frame()
    assert page.latest("link") == "hidden=4&epoch-shown=1"
    page.say("press", button="reset")
    page.frame()
    assert page.actor.state.hidden == 2
    assert page.actor.state.epoch == 0
    assert page.latest("link") == ""


@dataclass(frozen=True)
class Held:
    """The smallest figure with something to take hold of: a point, its two coordinates as controls, and a term."""

    x: float = 0.5
    y: float = 0.5
    over: tuple[float, float] | None = None
    term: str = ""


class Plane:
    """A figure over the square from 0 to 1 that is dragged, hovered over and pressed."""

    NAME = "plane"
    CONTROLS = (Range("x", "x", 0.0, 1.0, 0.01), Range("y", "y", 0.0, 1.0, 0.01))

    def start(self):
        return Held()

    def scene(self, state):
        handles = Handles(np.array([[state.x, state.y]]), ("point",))
        return {"view": View((handles,), Axis(0.0, 1.0), Axis(0.0, 1.0))}

    def dragged(self, state, handle, x, y):
        assert handle == "point"
        return replace(state, x=min(max(x, 0.0), 1.0), y=min(max(y, 0.0), 1.0))

    def hovered(self, state, view, x, y):
        return replace(state, over=None if x is None else (x, y))

    def pressed_at(self, state, view, x, y):
        return replace(state, x=x, y=y)

    def readouts(self, state):
        return {}

    def formula(self, state):
        return ""

    def describe(self, state):
        return f"The point is at {state.x}, {state.y}."


@pytest.fixture
def plane():
    page = Page.__new__(Page)
    page.now, page.reports = 0.0, []
    page.studio = Studio({"plane": Plane()}, Canvas, lambda text: page.reports.append(messages.read(text)), lambda: 0.0)
    views = {"view": [100, 100]}
    opened = {"figure": "plane", "link": "", "views": views, "ratio": 1, "theme": "light", "still": False}
    page.studio.receive(messages.read(messages.write("open", **opened)), [object()])
    page.studio.frame()
    page.studio.tell()
    return page


def test_figures_out_of_view_are_drawn_one_a_frame_after_those_in_view():
    reports = []
    figures = {name: Plane() for name in ("a", "b", "c")}
    for name, figure in figures.items():
        figure.NAME = name
    studio = Studio(figures, Canvas, lambda text: reports.append(messages.read(text)["figure"]), lambda: 0.0)
    for name in figures:
        opened = {"figure": name, "link": "", "views": {"view": [9, 9]}, "ratio": 1, "theme": "light", "still": False}
        studio.receive({"kind": "open", **opened}, [object()])
        studio.receive({"kind": "seen", "figure": name, "seen": name == "c"})
    more = []
    for _ in range(3):
        more.append(studio.frame())
        studio.tell()
        more.append(sorted(reports))
    assert more == [True, ["a", "c"], False, ["a", "b", "c"], False, ["a", "b", "c"]]


def test_a_control_whose_end_depends_on_others_is_told_its_end_when_that_changes(plane):
    figure = plane.studio.figures["plane"]
    figure.limits = lambda state: {"y": state.x}
    for value in ("0.3", "0.3", "0.6"):
        plane.studio.receive({"kind": "set", "figure": "plane", "control": "x", "value": value})
        plane.studio.frame()
        plane.studio.tell()
    assert [report["limits"] for report in plane.reports if "limits" in report] == [{"y": 0.3}, {"y": 0.6}]


def point(page, phase, x, y, reach=16):
    parts = {"figure": "plane", "view": "view", "phase": phase, "x": x, "y": y, "reach": reach}
    page.studio.receive(messages.read(messages.write("point", **parts)))
    page.studio.frame()
    page.studio.tell()
    return page.studio.actors["plane"].state


def test_a_handle_is_dragged_from_wherever_it_is_in_reach_and_let_go(plane):
    assert plane.reports[0]["handles"] == {"view": [[50, 50]]}
    point(plane, "down", 58, 45)
    state = point(plane, "move", 20, 30)
    assert (state.x, state.y) == pytest.approx((0.2, 0.7))
    assert plane.reports[-1]["handles"] == {"view": [[20, 30]]}
    assert plane.reports[-1]["controls"] == {"x": "0.20", "y": "0.70"}
    assert point(plane, "move", 500, -40) == replace(state, x=1.0, y=1.0)
    point(plane, "up", 500, -40)
    assert point(plane, "move", 10, 10).x == 1.0


def test_a_press_beside_every_handle_is_the_figures_own(plane):
    state = point(plane, "down", 80, 50)
    assert (state.x, state.y) == pytest.approx((0.8, 0.5))
    assert point(plane, "move", 10, 10).x == state.x


def test_the_pointer_is_followed_and_its_leaving_told(plane):
    assert point(plane, "hover", 25, 75).over == pytest.approx((0.25, 0.25))
    assert point(plane, "leave", 0, 0).over is None


def test_a_term_of_the_formula_is_lit_for_as_long_as_it_is_pointed_at(plane):
    plane.studio.receive({"kind": "term", "figure": "plane", "term": "w1"})
    plane.studio.frame()
    plane.studio.tell()
    assert plane.reports[-1]["term"] == "w1"
    plane.studio.receive({"kind": "term", "figure": "plane", "term": ""})
    plane.studio.frame()
    plane.studio.tell()
    assert plane.reports[-1]["term"] == ""


def test_of_moves_that_follow_one_another_the_last_one_counts(plane):
    for x in (10, 20, 30):
        plane.studio.receive({"kind": "point", "figure": "plane", "view": "view", "phase": "hover", "x": x, "y": 0})
    assert [message["x"] for message, _ in plane.studio.inbox] == [30]


class Gliding(Plane):
    def running(self, state):
        return state.x < 1.0

    def advance(self, state, elapsed, budget, clock):
        return replace(state, x=min(state.x + 0.1, 1.0))

    def arrived(self, state):
        return replace(state, x=1.0)


def gliding(still):
    studio = Studio({"plane": Gliding()}, Canvas, lambda text: None, lambda: 0.0)
    opened = {"figure": "plane", "views": {"view": [100, 100]}, "ratio": 1, "theme": "light", "still": still}
    studio.receive({"kind": "open", "link": "", **opened}, [object()])
    return studio


@pytest.mark.parametrize(("still", "x"), [(False, 0.6), (True, 1.0)])
def test_where_the_reader_wants_no_motion_a_figure_goes_from_rest_to_rest(still, x):
    studio = gliding(still)
    studio.frame()
    assert studio.actors["plane"].state.x == pytest.approx(x)


def test_what_only_moves_is_moved_and_drawn_in_every_frame_until_it_has_arrived():
    studio = gliding(still=False)
    for k in range(1, 7):
        going = studio.frame()
        drawn = studio.actors["plane"].canvases["view"].drawn
        assert len(drawn) == k
        assert studio.actors["plane"].state.x == pytest.approx(min(0.5 + 0.1 * k, 1.0))
    assert not going
    studio.frame()
    assert len(drawn) == 6


@dataclass(frozen=True)
class Written(Held):
    formula: str = ""


class Writing(Plane):
    CONTROLS = (*Plane.CONTROLS, Text("formula", "Your formula", activation, 200))

    def start(self):
        return Written()


@pytest.fixture
def writing(plane):
    plane.studio.figures["plane"] = Writing()
    opened = {"figure": "plane", "views": {"view": [9, 9]}, "ratio": 1, "theme": "light", "still": False}
    plane.studio.receive({"kind": "open", "link": "", **opened}, [object()])
    return plane


def write(page, text, control="formula"):
    page.studio.receive({"kind": "set", "figure": "plane", "control": control, "value": text})
    page.studio.frame()
    page.studio.tell()
    return page.studio.actors["plane"].state


def latest(page, part):
    return next(report[part] for report in reversed(page.reports) if part in report)


def test_a_text_half_typed_is_told_of_and_leaves_the_last_good_one_standing(writing):
    write(writing, "x * sin(x)")
    assert write(writing, "x * sin(").formula == "x * sin(x)"
    assert latest(writing, "alert").endswith("Here: “x * sin▸(”.")
    write(writing, "0.7", control="x")
    assert latest(writing, "alert").endswith("Here: “x * sin▸(”."), "it is still in the box"
    assert latest(writing, "controls") == {"x": "0.70"}, "the box is left alone"
    assert write(writing, "x * sin(2 * x)").formula == "x * sin(2 * x)"
    assert latest(writing, "alert") == ""
    assert latest(writing, "controls")["formula"] == "x * sin(2 * x)"


def test_reset_takes_a_half_typed_text_away(writing):
    write(writing, "x +")
    writing.studio.receive({"kind": "press", "figure": "plane", "button": "reset"})
    writing.studio.frame()
    writing.studio.tell()
    assert latest(writing, "alert") == ""
    assert latest(writing, "controls")["formula"] == ""


class Sharing(Writing):
    SHARED = ("formula",)


@pytest.fixture
def two():
    """Two figures that share the reader's formula, one that has a formula of its own, and what opens them."""
    figures = {"a": Sharing(), "b": Sharing(), "own": Writing()}
    for name, figure in figures.items():
        figure.NAME = name
    reports = []
    studio = Studio(figures, Canvas, lambda text: reports.append(messages.read(text)), lambda: 0.0)

    def say(figure, kind="open", **parts):
        if kind == "open":
            parts = {"link": "", "views": {"view": [9, 9]}, "ratio": 1, "theme": "light", "still": False} | parts
        studio.receive({"kind": kind, "figure": figure, **parts}, [object()])
        for _ in range(3):
            studio.frame()
            studio.tell()
        return {name: actor.state.formula for name, actor in studio.actors.items()}

    say.reports, say.studio = reports, studio
    return say


def test_what_is_shared_is_set_in_every_figure_that_shares_it_and_told_there(two):
    for name in ("a", "b", "own"):
        two(name)
    assert two("a", "set", control="formula", value="x**2") == {"a": "x**2", "b": "x**2", "own": ""}
    assert [r["figure"] for r in two.reports if r.get("controls", {}).get("formula") == "x**2"] == ["a", "b"]
    assert two("b", "set", control="formula", value="x**") == {"a": "x**2", "b": "x**2", "own": ""}
    assert two("own", "set", control="formula", value="x**3") == {"a": "x**2", "b": "x**2", "own": "x**3"}
    two("a", "set", control="x", value="0.7")
    assert two("b", "press", button="reset")["a"] == "x**2"


def test_a_figure_that_opens_later_has_what_is_shared_unless_its_own_link_says_otherwise(two):
    assert two("a", link="formula=x%2A%2A2") == {"a": "x**2"}
    assert two("b")["b"] == "x**2"
    assert two("b", "link", link="formula=x") == {"a": "x", "b": "x"}


def test_a_shared_setting_does_not_wipe_away_what_another_figure_has_to_say(two):
    two("a")
    two("b", link="x=banana")
    two("a", "set", control="formula", value="x**2")
    assert "banana" in next(r["alert"] for r in reversed(two.reports) if r["figure"] == "b" and "alert" in r)


def test_a_figure_that_is_there_twice_goes_by_its_keys_and_each_has_its_own_state_and_light(two):
    two("a 1", name="a", alone=True, link="x=0.5")
    two("a 2", name="a", alone=True, theme="dark")
    two("a 1", "set", control="formula", value="x**2")
    assert two("a 1", "set", control="x", value="0.7") == {"a 1": "x**2", "a 2": ""}
    actors = two.studio.actors
    assert [actor.state.x for actor in actors.values()] == [0.7, Held().x]
    assert [actors[key].canvases["view"].drawn[-1][1] for key in actors] == ["light", "dark"]
    assert {report["figure"] for report in two.reports} == {"a 1", "a 2"}
    two("a 2", "theme", theme="light")
    two("a 1", "theme", theme="dark")
    assert [actors[key].canvases["view"].drawn[-1][1] for key in actors] == ["dark", "light"]


def test_a_figure_that_is_alone_neither_gives_nor_takes_what_others_share(two):
    two("a", link="formula=x")
    assert two("alone", name="b", alone=True) == {"a": "x", "alone": ""}
    assert two("alone", "set", control="formula", value="x**2") == {"a": "x", "alone": "x**2"}
    assert two("b") == {"a": "x", "alone": "x**2", "b": "x"}


def test_a_figure_that_is_closed_is_gone_with_its_canvases_and_what_still_comes_for_it_disturbs_nobody(two):
    two("a")
    two("b")
    canvas = two.studio.actors["a"].canvases["view"]
    two("a", "close")
    assert canvas.closed
    for kind, parts in (("seen", {"seen": True}), ("set", {"control": "x", "value": "1"}), ("close", {})):
        two("a", kind, **parts)
    assert two("b", "set", control="formula", value="x") == {"b": "x"}
    assert two("a")["a"] == "x", "it may open again"
