"""The chain rule along every path of a network's graph, against backpropagation and against losses alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from unfold.activations import ACTIVATIONS
from unfold.backprop import gradients
from unfold.datasets import gate
from unfold.graph import MOST_PATHS, computation_graph, finite_difference, paths
from unfold.network import Network
from unfold.training import step

NAMES = list(ACTIVATIONS)
SMOOTH = [name for name in NAMES if name not in ("step", "relu", "leaky-relu")]
CORNERED = ["relu", "leaky-relu"]


def random_problem(layers, names, seed):
    """A network with biases too, and one sample."""
    random = np.random.default_rng(seed)
    shapes = list(pairwise(layers))
    weights = tuple(random.normal(size=shape) for shape in shapes)
    biases = tuple(random.normal(size=outputs) for _, outputs in shapes)
    return Network(weights, biases, tuple(names)), random.normal(size=layers[0]), random.normal(size=layers[-1])


@st.composite
def problems(draw, allowed=NAMES):
    depth = draw(st.integers(1, 3))
    layers = [draw(st.integers(1, 4)) for _ in range(depth + 1)]
    names = [draw(st.sampled_from(allowed)) for _ in range(depth)]
    return random_problem(layers, names, draw(st.integers(0, 10_000)))


def parameters(net):
    """Every weight and bias as (layer, i, j), where i is None for a bias."""
    for layer, W in enumerate(net.weights):
        inputs, outputs = W.shape
        yield from ((layer, i, j) for i in (*range(inputs), None) for j in range(outputs))


def slope_of(slopes, layer, i, j):
    return float(slopes.biases[layer][j] if i is None else slopes.weights[layer][i, j])


@settings(deadline=None, max_examples=60)
@given(problems())
@example(random_problem((2, 2, 1), ("tanh", "sigmoid"), 0))
@example(random_problem((2, 4, 4, 2), ("gelu", "mish", "sine"), 0))
def test_the_products_along_all_paths_add_up_to_the_gradient_of_every_parameter(problem):
    net, x, y = problem
    graph = computation_graph(net, x, y)
    slopes = gradients(net, x[None], y[None])
    for parameter in parameters(net):
        products = [path.product for path in paths(graph, *parameter)]
        scale = max(1.0, sum(abs(one) for one in products))
        assert abs(sum(products) - slope_of(slopes, *parameter)) <= 1e-12 * scale


@pytest.mark.parametrize("name", NAMES)
def test_the_products_add_up_for_every_activation_in_every_place(name):
    for seed in range(3):
        net, x, y = random_problem((3, 2, 3, 2), (name,) * 3, seed)
        graph = computation_graph(net, x, y)
        slopes = gradients(net, x[None], y[None])
        for parameter in parameters(net):
            total = sum(path.product for path in paths(graph, *parameter))
            assert total == pytest.approx(slope_of(slopes, *parameter), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("i", [0, 1])
@pytest.mark.parametrize("j", [0, 1])
def test_a_first_layer_weight_of_a_2_2_1_network_has_one_path_of_five_factors(i, j):
    net, x, y = random_problem((2, 2, 1), ("tanh", "sigmoid"), 4)
    (path,) = paths(computation_graph(net, x, y), 0, i, j)
    assert " · ".join(factor.name for factor in path.factors) == "dz1/dw · da1/dz1 · dz2/da1 · da2/dz2 · dL/da2"
    hidden = np.tanh(x @ net.weights[0] + net.biases[0])
    answer = 1.0 / (1.0 + np.exp(-(hidden @ net.weights[1] + net.biases[1])[0]))
    by_hand = [x[i], 1.0 - hidden[j] ** 2, net.weights[1][j, 0], answer * (1.0 - answer), 2.0 * (answer - y[0])]
    np.testing.assert_allclose([factor.value for factor in path.factors], by_hand, rtol=1e-13)
    assert path.product == pytest.approx(np.prod(by_hand), rel=1e-13)
    assert path.neurons == (j, 0)


def test_the_path_of_a_bias_begins_with_a_factor_of_1():
    net, x, y = random_problem((2, 2, 1), ("tanh", "sigmoid"), 4)
    graph = computation_graph(net, x, y)
    (path,) = paths(graph, 0, None, 1)
    assert [factor.name for factor in path.factors] == ["dz1/db", "da1/dz1", "dz2/da1", "da2/dz2", "dL/da2"]
    assert path.factors[0].value == 1.0
    (last,) = paths(graph, 1, None, 0)
    assert [factor.name for factor in last.factors] == ["dz2/db", "da2/dz2", "dL/da2"]


@settings(deadline=None, max_examples=30)
@given(problems())
def test_in_every_path_the_numerator_of_a_factor_is_the_denominator_of_the_next(problem):
    net, x, y = problem
    graph = computation_graph(net, x, y)
    for layer, i, j in parameters(net):
        found = paths(graph, layer, i, j)
        later = [W.shape[1] for W in net.weights[layer + 1 :]]
        assert len({path.neurons for path in found}) == len(found) == np.prod(later, dtype=int)
        for path in found:
            assert path.neurons[0] == j
            assert path.factors[0].denominator == ("b" if i is None else "w")
            assert path.factors[-1].numerator == "L"
            assert all(one.numerator == next_.denominator for one, next_ in pairwise(path.factors))


@settings(deadline=None, max_examples=30)
@given(problems())
def test_the_graph_holds_the_values_and_the_loss_of_the_network(problem):
    net, x, y = problem
    graph = computation_graph(net, x, y)
    z, a = net.layer_values(x[None])
    for n, layer in enumerate(graph.layers):
        np.testing.assert_array_equal(layer.z, z[n][0])
        np.testing.assert_array_equal(layer.a, a[n + 1][0])
        np.testing.assert_array_equal(layer.dz_dw, a[n][0])
        np.testing.assert_array_equal(layer.dz_da, net.weights[n])
    assert graph.loss == net.loss(x[None], y[None])
    np.testing.assert_allclose(graph.dloss_da, 2.0 * (a[-1][0] - y) / len(y), rtol=1e-13)


@settings(deadline=None, max_examples=20)
@given(problems(allowed=SMOOTH))
def test_the_chain_rule_gives_what_losses_alone_give(problem):
    net, x, y = problem
    graph = computation_graph(net, x, y)
    for parameter in list(parameters(net))[:8]:
        value, error = finite_difference(net, x, y, *parameter)
        total = sum(path.product for path in paths(graph, *parameter))
        assert abs(total - value) <= error


@pytest.mark.parametrize("name", CORNERED)
def test_at_a_corner_the_finite_difference_says_that_it_does_not_know(name):
    x, y = gate("xor")[0][0], np.array([1.0])
    net = Network((np.ones((2, 2)), np.ones((2, 1))), (np.zeros(2), np.zeros(1)), (name, "identity"))
    value, error = finite_difference(net, x, y, 0, None, 0)
    (path,) = paths(computation_graph(net, x, y), 0, None, 0)
    assert abs(path.product - value) <= error
    assert error > 0.1


def test_the_finite_difference_leaves_the_network_as_it_was():
    net, x, y = random_problem((2, 3, 1), ("tanh", "sigmoid"), 1)
    before = [p.copy() for p in (*net.weights, *net.biases)]
    finite_difference(net, x, y, 0, 1, 2)
    finite_difference(net, x, y, 1, None, 0)
    for p, q in zip((*net.weights, *net.biases), before, strict=True):
        np.testing.assert_array_equal(p, q)


def test_a_step_against_the_products_lowers_the_loss_of_the_sample():
    net, x, y = random_problem((2, 2, 1), ("tanh", "sigmoid"), 2)
    graph = computation_graph(net, x, y)
    slopes = Network(*(tuple(np.zeros_like(p) for p in ps) for ps in (net.weights, net.biases)), net.activations)
    for layer, i, j in parameters(net):
        place = slopes.biases[layer] if i is None else slopes.weights[layer][i]
        place[j] = sum(path.product for path in paths(graph, layer, i, j))
    assert computation_graph(step(net, slopes, 0.1), x, y).loss < graph.loss


def test_as_many_paths_as_are_allowed_are_found_and_more_are_refused():
    net, x, y = random_problem((1, 1, 16, 16, 16, 1), ("tanh",) * 5, 0)
    graph = computation_graph(net, x, y)
    assert len(paths(graph, 0, 0, 0)) == MOST_PATHS == 4096
    net, x, y = random_problem((1, 1, 16, 16, 16, 2), ("tanh",) * 5, 0)
    graph = computation_graph(net, x, y)
    with pytest.raises(ValueError, match="paths: 8192 is not allowed; allowed are at most 4096"):
        paths(graph, 0, 0, 0)
    assert len(paths(graph, 1, 0, 0)) == 512


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ((2, 0, 0), "layer: 2 is not allowed; allowed are 0 to 1"),
        ((-1, 0, 0), "layer: -1 is not allowed; allowed are 0 to 1"),
        ((0, 2, 0), "i: 2 is not allowed; allowed are 0 to 1"),
        ((0, -1, 0), "i: -1 is not allowed; allowed are 0 to 1"),
        ((0, 0, 3), "j: 3 is not allowed; allowed are 0 to 2"),
        ((1, None, -1), "j: -1 is not allowed; allowed are 0 to 0"),
    ],
)
def test_a_parameter_that_is_not_there_is_refused(parameter, message):
    net, x, y = random_problem((2, 3, 1), ("tanh", "sigmoid"), 1)
    with pytest.raises(ValueError, match=message):
        paths(computation_graph(net, x, y), *parameter)
    with pytest.raises(ValueError, match=message):
        finite_difference(net, x, y, *parameter)


def test_samples_that_do_not_fit_replicas_and_unknown_losses_are_refused():
    net, x, y = random_problem((2, 3, 1), ("tanh", "sigmoid"), 1)
    with pytest.raises(ValueError, match=r"x: shape \(3,\) is not allowed; \(2,\)"):
        computation_graph(net, np.zeros(3), y)
    with pytest.raises(ValueError, match=r"y: shape \(1, 1\) is not allowed; \(1,\)"):
        computation_graph(net, x, y[None])
    with pytest.raises(ValueError, match=r"x: shape \(2,\) is not allowed; \(2,\) for one network"):
        computation_graph(Network.create((2, 2, 1), seed=[0, 1]), x, y)
    with pytest.raises(ValueError, match=r"x: shape \(2, 2\) is not allowed; \(2,\) for one network"):
        computation_graph(Network.create((2, 2, 1), seed=[0, 1]), np.zeros((2, 2)), np.zeros((2, 1)))
    with pytest.raises(ValueError, match="loss: 'mean' is not allowed; allowed are mean squared error"):
        computation_graph(net, x, y, loss="mean")
