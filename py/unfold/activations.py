"""Activation functions: what a neuron makes of the sum it receives."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Activation:
    """A function of the pre-activation z, elementwise, with its derivative.

    `value(z)` is the output a, in the shape of z; `derivative(z, a)` is da/dz, which may use either, whichever is
    cheaper, so a must be value(z). Every built-in gives finite numbers at any finite z, and no warning.
    `increasing` says whether a grows strictly with z everywhere.
    """

    name: str
    value: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    increasing: bool


# W. J. Cody, "Rational Chebyshev approximations for the error function" (1969): numerator and denominator, highest
# power first, of erf(x) / x in x^2 near 0; of exp(x^2) erfc(x) in x from there to 4; and of its remainder in 1 / x^2.
# fmt: off
_NEAR = (
    (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)
_MIDDLE = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
     8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
     3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3),
)
_FAR = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
     1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2,
     2.33520497626869185e-3),
)
# fmt: on
_NEAR_END = 0.46875


def _ratio(x: Array, coefficients: tuple[tuple[float, ...], tuple[float, ...]]) -> Array:
    quotient: Array = np.polyval(coefficients[0], x) / np.polyval(coefficients[1], x)
    return quotient


def _erf_near(x: Array) -> Array:
    small = np.clip(x, -_NEAR_END, _NEAR_END)
    return small * _ratio(small * small, _NEAR)


def _erfc_beyond(x: Array) -> Array:
    # Beyond 28 the answer is 0 in float64. exp(-x^2) is two factors because rounding x^2 alone would cost digits:
    # the first has an exact square.
    x = np.clip(x, _NEAR_END, 28.0)
    coarse = np.floor(16.0 * x) / 16.0
    bell = np.exp(-coarse * coarse) * np.exp(-(x - coarse) * (x + coarse))
    far = 1.0 / np.maximum(x, 4.0)
    tail = far * (1.0 / math.sqrt(math.pi) - far * far * _ratio(far * far, _FAR))
    return bell * np.where(x <= 4.0, _ratio(np.minimum(x, 4.0), _MIDDLE), tail)


def erf(x: Array) -> Array:
    """Return the error function of x, elementwise, to about 1e-15 of its value (Cody 1969)."""
    near: Array = np.where(np.abs(x) <= _NEAR_END, _erf_near(x), np.sign(x) * (1.0 - _erfc_beyond(np.abs(x))))
    return near


def erfc(x: Array) -> Array:
    """Return 1 - erf(x), elementwise, to about 1e-15 of its value however small that is (Cody 1969)."""
    beyond = _erfc_beyond(np.abs(x))
    complement: Array = np.where(np.abs(x) <= _NEAR_END, 1.0 - _erf_near(x), np.where(x < 0.0, 2.0 - beyond, beyond))
    return complement


def _sigmoid(z: Array) -> Array:
    # 1 / (1 + exp(-z)) would overflow for very negative z; tanh never does, and the two are one function.
    half: Array = 0.5 * np.tanh(0.5 * z) + 0.5
    return half


def _sigmoid_tail(z: Array) -> Array:
    # The same function, exact to the last digits where it nears 0 as well; what z multiplies must be.
    small = np.exp(-np.abs(z))
    tail: Array = np.where(z >= 0.0, 1.0, small) / (1.0 + small)
    return tail


def _softplus(z: Array) -> Array:
    # log(1 + exp(z)), with an exponential that never overflows.
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def _gate(z: Array, a: Array, at_zero: float) -> Array:
    # SiLU, GELU and Mish are z times a gate between 0 and 1: knowing a, the gate costs one division.
    return np.divide(a, z, out=np.full_like(z, at_zero), where=np.abs(z) > 1e-16)


def _silu_derivative(z: Array, a: Array) -> Array:
    gate = _gate(z, a, 0.5)
    return gate + a * (1.0 - gate)


def _gelu_derivative(z: Array, a: Array) -> Array:
    # The bell is 0 in float64 long before 40, and z^2 would overflow long after.
    z_near = np.clip(z, -40.0, 40.0)
    return _gate(z, a, 0.5) + z_near * np.exp(-0.5 * z_near * z_near) / math.sqrt(2.0 * math.pi)


def _mish_derivative(z: Array, a: Array) -> Array:
    gate = _gate(z, a, 0.6)  # tanh(softplus(0)) = tanh(log 2) = 3/5
    return gate + z * (1.0 - gate * gate) * _sigmoid_tail(z)


STEP = Activation("step", lambda z: np.heaviside(z, 1.0), lambda z, a: np.zeros_like(z), increasing=False)
IDENTITY = Activation("identity", np.positive, lambda z, a: np.ones_like(z), increasing=True)
SIGMOID = Activation("sigmoid", _sigmoid, lambda z, a: a * (1.0 - a), increasing=True)
TANH = Activation("tanh", np.tanh, lambda z, a: 1.0 - a * a, increasing=True)
RELU = Activation("relu", lambda z: np.maximum(z, 0.0), lambda z, a: np.heaviside(z, 0.0), increasing=False)
LEAKY_RELU = Activation(
    "leaky-relu", lambda z: np.maximum(z, 0.01 * z), lambda z, a: np.where(z > 0.0, 1.0, 0.01), increasing=True
)
SOFTPLUS = Activation("softplus", _softplus, lambda z, a: _sigmoid_tail(z), increasing=True)
SILU = Activation("silu", lambda z: z * _sigmoid_tail(z), _silu_derivative, increasing=False)
GELU = Activation("gelu", lambda z: 0.5 * z * erfc(z * -math.sqrt(0.5)), _gelu_derivative, increasing=False)
MISH = Activation("mish", lambda z: z * np.tanh(_softplus(z)), _mish_derivative, increasing=False)
SINE = Activation("sine", np.sin, lambda z, a: np.cos(z), increasing=False)

ACTIVATIONS = {
    activation.name: activation
    for activation in (STEP, IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, SOFTPLUS, SILU, GELU, MISH, SINE)
}
"""All activations by name. GELU is Hendrycks and Gimpel's (2016), exact, SiLU theirs too, and Mish Misra's (2019)."""


def _softmax(z: Array) -> Array:
    grown = np.exp(z - z.max(axis=-1, keepdims=True))
    shares: Array = grown / grown.sum(axis=-1, keepdims=True)
    return shares


SOFTMAX = Activation("softmax", _softmax, lambda z, a: a * (1.0 - a), increasing=False)
"""For output layers alone: it takes the layer's neurons together, (..., neurons), to shares of 1. Its derivative here
is that of each output by its own z."""
