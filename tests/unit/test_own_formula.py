"""The reader's own formula in every figure that lists it as an activation: chosen, typed, linked, and blowing up."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from app.studio import Studio
from figures import FIGURES, circles, layer_steps, layers, training
from figures.controls import read_link, settings, with_values, write_link
from figures.own_formula import EXAMPLE, FORMULA
from scene.finite import LARGEST, LOST, beyond, held, outputs
from unfold.formula import activation
from unfold.network import Network
from unfold.training import train

USERS = ("training", "circles", "layers", "layer-steps")
"""The figures that list the reader's own among their activations."""
WILD = ("x**16", "exp(x**2)", "exp(exp(x))", "log(x + 6.5)", "1 / (x - 6.1)", "1e6 * x**3", "sqrt(7 - x)", "0 * x")
"""Formulas that can be typed, since they have a value near 0, and blow up, or end, farther out."""
SAID = re.compile(r"\b(nan|inf|infinity)\b|None", re.IGNORECASE)


def put(name, state, **values):
    for field, value in values.items():
        state = FIGURES[name].changed(replace(state, **{field: value}), state)
    return state


def own(name, formula, **values):
    return put(name, FIGURES[name].start(), activation="own", formula=formula, **values)


def told(name, state):
    figure = FIGURES[name]
    return figure.describe(state), figure.formula(state), *map(str, figure.readouts(state).values())


def played(name, state, seconds=0.6):
    """The state after so many seconds, in frames whose slices end after a few looks at the clock."""
    figure, now = FIGURES[name], [0.0]

    def clock():
        now[0] += 0.001
        return now[0]

    for _ in range(round(seconds / 0.02)):
        state = figure.advance(state, 0.02, 0.008, clock) if figure.running(state) else state
    return state


def numbers(name, state):
    """Every number of the pictures, as flat arrays."""
    for view in FIGURES[name].scene(state).values():
        yield np.array([view.x.low, view.x.high, view.y.low, view.y.high])
        for mark in view.marks:
            parts = [getattr(mark, "values", 0.0), getattr(mark, "at", 0.0)]
            for part in (*parts, *getattr(mark, "paths", ()), *getattr(mark, "outlines", ())):
                yield np.asarray(part, float)


@pytest.mark.parametrize("name", USERS)
def test_the_formula_is_shared_and_stands_beside_the_list_that_offers_it(name):
    figure = FIGURES[name]
    assert figure.SHARED == ("formula",)
    assert settings(figure.CONTROLS)["formula"] is FORMULA
    assert settings(figure.CONTROLS)["activation"].options[-1] == ("own", "your formula")
    names = figure.LAYOUT["controls"]
    assert names.index("formula") == names.index("activation") + 1


def test_every_figure_with_the_formula_shares_it():
    having = {name for name, figure in FIGURES.items() if FORMULA in figure.CONTROLS}
    assert having == {*USERS, "activations", "loss-curves"}
    assert all(FIGURES[name].SHARED == ("formula",) for name in having)


@pytest.mark.parametrize("name", USERS)
def test_chosen_with_nothing_typed_the_example_stands_in_and_that_is_said(name):
    state = own(name, "")
    assert state.function == EXAMPLE
    assert f"You have typed no formula yet: until you do, f(x) is the example, {EXAMPLE}." in told(name, state)[0]
    assert f"<code>{EXAMPLE}</code>" in FIGURES[name].formula(state)
    typed = own(name, "sin(3 * x)")
    assert "f(x) is your formula, sin(3 * x)." in told(name, typed)[0]
    assert "<code>sin(3 * x)</code>" in FIGURES[name].formula(typed)
    assert told(name, own(name, "  "))[0] == told(name, state)[0]


@pytest.mark.parametrize("name", USERS)
def test_a_formula_that_is_not_chosen_changes_nothing(name):
    start = FIGURES[name].start()
    state = put(name, start, formula="x**3")
    assert told(name, state) == told(name, start)
    assert "f(x)" not in FIGURES[name].describe(state)


@pytest.mark.parametrize("name", USERS)
def test_a_formula_that_is_a_built_in_one_does_what_that_does(name):
    built_in, typed = put(name, FIGURES[name].start(), activation="tanh"), own(name, "tanh")
    for one, other in zip(numbers(name, built_in), numbers(name, typed), strict=True):
        np.testing.assert_array_equal(one, other)
    assert told(name, typed)[1:] == told(name, built_in)[1:]


@pytest.mark.parametrize("name", USERS)
@pytest.mark.parametrize("formula", ["", "x * exp(-x**2)", "max(x, 0) + 0.1 * sin(x)"])
def test_a_link_brings_choice_and_formula_as_text(name, formula):
    figure = FIGURES[name]
    state = own(name, formula)
    read, refused = read_link(write_link(state, figure.start(), figure.CONTROLS), figure.CONTROLS)
    again = figure.changed(with_values(figure.start(), read), figure.start())
    assert refused == []
    assert (again.activation, again.formula) == ("own", formula)
    assert told(name, again) == told(name, state)


@pytest.mark.parametrize("name", USERS)
@pytest.mark.parametrize("text", ["x * exp(", "__import__('os')", "1 / x", "y"])
def test_a_link_with_what_is_no_formula_is_told_and_the_example_stands_in(name, text):
    figure = FIGURES[name]
    read, refused = read_link(f"activation=own&formula={text}", figure.CONTROLS)
    assert read == {"activation": "own"}
    assert len(refused) == 1
    assert refused[0].startswith("formula: ")
    assert figure.changed(with_values(figure.start(), read), figure.start()).function == EXAMPLE


class Canvas:
    width = height = 300

    def resize(self, width, height, ratio):
        pass

    def draw(self, view, theme):
        pass


def stage(*names):
    """A studio with these figures open."""
    studio = Studio(FIGURES, lambda *offscreens: Canvas(), lambda text: None, lambda: 0.0)
    for name in names:
        views = dict.fromkeys(FIGURES[name].SIZES, (300, 300))
        opening = {"kind": "open", "figure": name, "link": "", "views": views, "ratio": 1, "theme": "light"}
        studio.receive({**opening, "still": False}, [None] * len(views))
        studio.frame()
    return studio


def typed(studio, name, control, value):
    studio.receive({"kind": "set", "figure": name, "control": control, "value": value})
    studio.frame()
    studio.tell()


@pytest.mark.parametrize("name", USERS)
def test_a_formula_typed_elsewhere_is_used_where_it_is_chosen_and_a_bad_one_leaves_the_last_good_one(name):
    studio = stage("activations", name)
    typed(studio, name, "activation", "own")
    typed(studio, "activations", "formula", "x**3")
    actor = studio.actors[name]
    assert actor.state.function == "x**3"
    assert "f(x) is your formula, x**3." in actor.told["said"]
    typed(studio, name, "formula", "x**")
    assert actor.state.function == studio.actors["activations"].state.formula == "x**3"
    assert "▸" in actor.told["alert"]
    typed(studio, name, "formula", "cos(x)")
    assert (actor.told["alert"], actor.state.function) == ("", "cos(x)")
    assert studio.actors["activations"].state.formula == "cos(x)"


# What it does there


@pytest.mark.parametrize(("name", "seed"), [("training", 5), ("circles", 0)])
def test_it_trains_by_numpy_just_as_a_plain_training_does(name, seed):
    state = played(name, own(name, EXAMPLE, speed="1000", play=True))
    run = state.at if name == "training" else state.run
    assert run.epoch > 20
    net = Network.create((2, 2, 1), EXAMPLE, seed=seed)
    samples = (training.X, training.Y) if name == "training" else state.samples
    plain = train(net, *samples, run.epoch, 1.0)
    assert plain.engine == "numpy"
    assert (run.net.weights[0] == plain.final.weights[0]).all()
    if name == "training":
        assert training.readouts(state)["engine"] == ("by numpy, line for line", "numpy")
        assert state.run.kept[1].epoch == 50  # and can be gone back in at the cost of numpy


def test_xor_is_learnt_with_the_example_and_the_run_says_so():
    state = own("training", EXAMPLE, learning_rate=2.0)
    state = training.changed(replace(state, epoch_shown=2000), state)
    assert training.readouts(state)["solved"][1] == "true"
    assert "2 hidden f neurons" in training.describe(state)


def test_another_formula_starts_the_run_anew_and_only_where_it_is_chosen():
    for name in ("training", "circles"):
        for chosen, goes_on in (("own", False), ("tanh", True)):
            state = put(name, FIGURES[name].start(), activation=chosen)
            state = FIGURES[name].pressed(state, "step")
            after = put(name, state, formula="x**2")
            assert ((after.at if name == "training" else after.run).epoch == 1) is goes_on


def test_a_link_far_into_a_run_by_numpy_stands_where_it_has_come():
    state = own("training", "x**2 * 0.5", seed=3)
    state = training.changed(replace(state, epoch_shown=150_000), state)
    assert state.epoch == min(2000, state.run.most)
    assert training.readouts(state)["epoch"][1] == str(state.epoch)


def test_whether_the_plane_is_folded_is_read_off_the_formula():
    up = own("layers", "x + tanh(x)", layers=1)
    assert layers.readouts(up)["whole"][1] == "true"
    folding = own("layers", "x**2", layers=1, time=4.0)
    assert layers.readouts(folding)["whole"][1] == "false"
    assert "Layer 1 folds" in layers.describe(folding)
    assert "read off from x = −6 to 6" in layers.describe(folding)
    assert "so it folds what it is given" in layer_steps.describe(own("layer-steps", "x**2", time=3.0))


def test_the_squash_of_a_layer_is_the_formula():
    state = own("layer-steps", "x**3 - x", time=3.0)
    z = state.layer.stops[2]
    np.testing.assert_array_equal(state.layer.at(3.0)[0], held(activation("x**3 - x").value(z)))


def test_of_two_neurons_with_a_formula_nothing_is_said_to_be_proved():
    state = own("circles", "tanh(x)")
    run = train(state.run, *state.samples, 2500, 1.0).progress
    assert "proved" not in circles.describe(replace(state, run=run))


# What blows up


@pytest.mark.parametrize("name", USERS)
@pytest.mark.parametrize("formula", WILD)
def test_of_a_formula_that_blows_up_all_that_is_drawn_and_said_is_finite(name, formula):
    fast = {"learning_rate": 5.0, "speed": "1000", "play": True, "hidden": 3} if name in ("training", "circles") else {}
    extreme = {
        "layers": {"layers": 6, "width": 4, "data": "ring", "epochs": 100, "time": 23.5},
        "layer-steps": {"w11": 6.0, "w12": -6.0, "w21": 6.0, "w22": -6.0, "b1": 6.0, "b2": -6.0, "time": 3.0},
    }
    state = own(name, formula, **fast, **extreme.get(name, {}))
    state = played(name, state, 0.2)
    for one in (state, put(name, state, time=2.4)) if "time" in settings(FIGURES[name].CONTROLS) else (state,):
        for part in numbers(name, one):
            assert np.isfinite(part).all()
        for text in told(name, one):
            assert text
            assert not SAID.search(text.replace("infinite", ""))


@pytest.mark.parametrize(("formula", "seed", "epoch"), [("log(x + 6.5)", 0, 29), ("exp(x**2)", 1, 16)])
def test_a_run_that_runs_away_says_so_stops_and_stays_before(formula, seed, epoch):
    state = own("training", formula, learning_rate=10.0, seed=seed, play=True)
    state = played("training", state, 1.0)
    assert state.epoch == state.run.most == epoch
    assert not state.play
    assert "the numbers ran away, and the training stopped" in training.describe(state)
    assert np.isfinite(state.losses).all()
    earlier = training.changed(replace(state, epoch_shown=0), state)
    assert "ran away" not in training.describe(earlier)


def test_points_learnt_until_the_numbers_run_away_stop_there_and_it_says_so():
    state = own("circles", "exp(exp(x))", learning_rate=5.0, speed="most", play=True)
    state = played("circles", state, 1.0)
    assert not state.play
    assert "the numbers ran away, and the training stopped" in circles.describe(state)


def test_layers_whose_numbers_ran_away_are_shown_as_they_were_before():
    state = own("layers", "exp(exp(x))", layers=2, width=4, data="ring", epochs=600)
    assert layers.describe(state).count("the numbers ran away: this is the network just before.") == 1


def test_rows_that_have_no_place_are_not_judged_to_be_parted():
    state = own("layer-steps", "log(x + 6.5)", w11=-6.0, w21=-6.0, time=3.0)
    assert state.layer.lost == (True, True)
    assert "there is no line to judge" in layer_steps.describe(state)
    assert LOST in layer_steps.describe(state)
    assert layer_steps.readouts(state)["solved"][1] == "false"


def test_what_is_in_bounds_is_as_it_is_and_what_is_not_stands_at_the_end():
    values = np.array([1.5, -2e5, np.nan, np.inf, -1e300])
    assert held(values).tolist() == [1.5, -2e5, 0.0, LARGEST, -LARGEST]
    assert not beyond(values[:2])
    assert all(beyond(values[[k]]) for k in (2, 3, 4))
    net = Network.create((2, 3, 3, 1), "mish", seed=4)
    X = np.random.default_rng(0).normal(size=(20, 2))
    for one, other in zip(outputs(net, X), net.layer_values(X)[1], strict=True):
        np.testing.assert_array_equal(one, other)
