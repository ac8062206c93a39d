"""The perceptron rule: one step, the runs that converge, and the runs that go round for ever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unfold.datasets import gate
from unfold.perceptron import Perceptron, learn, run
from unfold.separability import separable

SEPARATORS = {"and": (2, 2, -3), "or": (2, 2, -1), "nand": (-2, -2, 3)}


def perceptron(w1, w2, b):
    return Perceptron(np.array([w1, w2], float), float(b))


def parameters(one):
    return [*one.w.tolist(), one.b]


starts = st.tuples(*[st.floats(-10.0, 10.0)] * 3)
whole_starts = st.tuples(*[st.integers(-10, 10)] * 3)


@given(starts, st.tuples(st.floats(-5.0, 5.0), st.floats(-5.0, 5.0)))
def test_a_perceptron_says_one_on_its_line_and_on_one_side_of_it(start, point):
    one = perceptron(*start)
    z = one.w[0] * point[0] + one.w[1] * point[1] + one.b
    assert one.predict(np.array([point, point])).tolist() == [float(z >= 0.0)] * 2
    assert perceptron(1, 1, -1).predict(np.array([[0.5, 0.5], [0.5, 0.25]])).tolist() == [1.0, 0.0]


@given(starts, st.tuples(*[st.floats(-5.0, 5.0)] * 2), st.sampled_from([0.0, 1.0]), st.floats(0.01, 10.0))
def test_a_step_adds_the_error_times_the_sample_and_nothing_when_the_answer_is_right(start, point, target, rate):
    before, x = perceptron(*start), np.array(point)
    after, update = learn(before, x, target, rate)
    assert (update.sample.tolist(), update.target) == (x.tolist(), target)
    assert update.answer == before.predict(x)
    assert update.error == target - update.answer
    np.testing.assert_allclose(update.dw, rate * update.error * x)
    assert update.db == pytest.approx(rate * update.error)
    assert after.w.tolist() == (before.w + update.dw).tolist()
    assert after.b == before.b + update.db
    if update.answer == target:
        assert parameters(after) == parameters(before)


def test_a_wrong_answer_moves_the_sum_towards_the_target():
    before, x = perceptron(0.5, -2.0, 1.0), np.array([1.0, 2.0])
    after, update = learn(before, x, 1.0)
    assert (update.answer, update.error, update.dw.tolist(), update.db) == (0.0, 1.0, [1.0, 2.0], 1.0)
    assert after.w @ x + after.b == before.w @ x + before.b + x @ x + 1.0


@pytest.mark.parametrize("name", sorted(SEPARATORS))
@given(start=starts)
def test_and_or_and_nand_are_learnt_from_any_start_within_the_bound_of_the_convergence_theorem(name, start):
    X, Y = gate(name)
    learnt = run(perceptron(*start), X, Y)
    assert learnt.converged
    assert learnt.cycle is None
    assert learnt.steps[-1][0].predict(X).tolist() == Y[:, 0].tolist()
    # Novikoff 1962, for a start that is not 0. Along a unit separator v each mistake gains the margin at least,
    # while the squared length grows by the largest squared sample at most: k mistakes cannot do both for ever.
    mistakes = sum(update.error != 0.0 for _, update in learnt.steps)
    v = np.array(SEPARATORS[name]) / np.linalg.norm(SEPARATORS[name])
    samples = np.column_stack((X, np.ones(4)))
    margin, largest = np.abs(samples @ v).min(), (samples**2).sum(axis=1).max()
    assert v @ start + mistakes * margin <= np.sqrt(np.dot(start, start) + mistakes * largest) + 1e-9


def test_from_zero_the_mistakes_are_at_most_the_squared_radius_over_the_squared_margin():
    for name, separator in SEPARATORS.items():
        X, Y = gate(name)
        samples = np.column_stack((X, np.ones(4)))
        margin = np.abs(samples @ separator).min() / np.linalg.norm(separator)
        mistakes = sum(update.error != 0.0 for _, update in run(perceptron(0, 0, 0), X, Y).steps)
        assert 0 < mistakes <= 3.0 / margin**2


def test_a_run_ends_with_one_whole_pass_without_error():
    X, Y = gate("and")
    errors = [update.error for _, update in run(perceptron(0, 0, 0), X, Y).steps]
    assert errors[-4:] == [0.0] * 4
    assert errors[-5] != 0.0
    assert len(run(perceptron(2, 2, -3), X, Y).steps) == 4


def test_the_rows_are_presented_in_order_again_and_again():
    X, Y = gate("xor")
    steps = run(perceptron(0, 0, 0), X, Y).steps
    before = perceptron(0, 0, 0)
    for k, (after, update) in enumerate(steps):
        assert (update.sample.tolist(), update.target) == (X[k % 4].tolist(), Y[k % 4, 0])
        assert parameters(after) == parameters(learn(before, X[k % 4], Y[k % 4, 0])[0])
        before = after


@given(whole_starts)
def test_xor_is_never_learnt_and_from_whole_numbers_the_steps_repeat_exactly(start):
    X, Y = gate("xor")
    lost = run(perceptron(*start), X, Y)
    assert not lost.converged
    begin, length = lost.cycle
    assert length > 0
    assert length % 4 == 0
    assert begin + length == len(lost.steps)
    trail = [list(start)] + [parameters(after) for after, _ in lost.steps]
    assert trail[begin] == trail[-1]
    # Going on from there makes the same steps once more: so it does for ever.
    order = (np.arange(4) + begin) % 4
    again = run(lost.steps[-1][0], X[order], Y[order], most_steps=length)
    assert [parameters(after) for after, _ in again.steps] == trail[begin + 1 :]
    assert any(update.error for _, update in again.steps)


@given(starts, st.sampled_from([0.1, 0.3, 1.0, 3.0]))
def test_xor_is_found_to_cycle_at_any_rate_though_sums_are_rounded(start, rate):
    X, Y = gate("xor")
    lost = run(perceptron(*start), X, Y, rate)
    assert not lost.converged
    begin, length = lost.cycle
    trail = [list(start)] + [parameters(after) for after, _ in lost.steps]
    np.testing.assert_allclose(trail[begin], trail[begin + length], atol=1e-8 * rate)


@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2), st.integers(0, 1)), min_size=1, max_size=6))
def test_a_run_converges_exactly_when_a_line_parts_the_classes_and_cycles_otherwise(rows):
    X, targets = np.array(rows, float)[:, :2], np.array(rows, float)[:, 2]
    ran = run(perceptron(0, 0, 0), X, targets)
    assert ran.converged == separable(X, targets).separable
    assert (ran.cycle is None) == ran.converged


@given(whole_starts, st.sampled_from([0.25, 2.0]))
def test_start_and_rate_scaled_alike_change_no_answer(start, rate):
    X, Y = gate("nand")
    plain, scaled = run(perceptron(*start), X, Y), run(perceptron(*(rate * v for v in start)), X, Y, rate)
    assert [update.answer for _, update in plain.steps] == [update.answer for _, update in scaled.steps]
    assert parameters(scaled.steps[-1][0]) == [rate * v for v in parameters(plain.steps[-1][0])]


def test_steps_that_run_out_say_neither():
    X, Y = gate("xor")
    short = run(perceptron(9, 9, 9), X, Y, most_steps=3)
    assert (len(short.steps), short.converged, short.cycle) == (3, False, None)


def test_three_inputs_learn_the_majority():
    X = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)], float)
    targets = (X.sum(axis=1) >= 2).astype(float)
    learnt = run(Perceptron(np.zeros(3), 0.0), X, targets)
    assert learnt.converged
    assert learnt.steps[-1][0].predict(X).tolist() == targets.tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"targets": np.array([0.0, 1.0, 2.0, 0.0])}, "target: 2.0 is not allowed; allowed are 0 and 1"),
        ({"targets": np.zeros(3)}, "targets: 3 is not allowed; allowed are as many as the samples, 4"),
        ({"rate": 0.0}, "rate: 0.0 is not allowed; allowed are numbers above 0"),
        ({"rate": float("nan")}, "rate: nan is not allowed"),
        ({"rate": float("inf")}, "rate: inf is not allowed"),
        ({"X": np.zeros((4, 3))}, r"X: shape \(4, 3\) is not allowed; allowed are some rows of 2 inputs"),
        ({"X": np.zeros((0, 2)), "targets": np.zeros(0)}, r"X: shape \(0, 2\) is not allowed"),
    ],
)
def test_what_is_not_allowed_is_named(change, message):
    arguments = {"X": gate("and")[0], "targets": gate("and")[1], "rate": 1.0} | change
    with pytest.raises(ValueError, match=message):
        run(perceptron(0, 0, 0), **arguments)


@given(st.sampled_from(["and", "or", "nand", "xor"]), whole_starts, st.integers(1, 200))
def test_a_run_is_known_after_any_number_of_steps(name, start, steps):
    (X, Y), one = gate(name), perceptron(*start)
    found = run(one, X, Y)
    for k in range(steps):
        one, update = learn(one, X[k % 4], float(Y[k % 4, 0]))
        if found.learnt(k + 1):
            break
    after, last = found.after(k + 1)
    assert parameters(after) == parameters(one)
    assert (last.sample.tolist(), last.error) == (update.sample.tolist(), update.error)
    assert found.learnt(k + 1) == (found.converged and k + 1 >= len(found.steps))
    assert bool(found.lap(k + 1)) == (name == "xor" and k + 1 >= len(found.steps))
    if found.lap(steps):
        assert parameters(found.after(steps + found.lap(steps))[0]) == parameters(after)
    if found.learnt(steps):
        assert parameters(found.after(steps + 7)[0]) == parameters(after)
