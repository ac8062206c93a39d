"""The palette: enough contrast, distinct for colour-blind readers, and the same in the pictures and the style sheet."""

from __future__ import annotations

import numpy as np
import pytest

from scene.colours import HIDDEN_DASHES, THEMES, class_colours, rgb

TEXT = ("ink", "soft", "zero", "one", "act", "good", *(f"h{i}" for i in range(1, 9)))
MARKS = ("zero-fill", "one-fill")

# Machado, Oliveira and Fernandes 2009, severity 1: what the linear light of a screen becomes.
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


def linear(colour):
    part = rgb(colour) / 255.0
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def oklab(light):
    """Ottosson 2020: a space in which equal distances look equal."""
    to_lms = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566]]
    to_lms.append([0.0883024619, 0.2817188376, 0.6299787005])
    to_lab = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099]]
    to_lab.append([0.0259040371, 0.7827717662, -0.808675766])
    return np.array(to_lab) @ np.cbrt(np.array(to_lms) @ np.clip(light, 0.0, 1.0))


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_a_contrast_of_at_least_four_and_a_half(theme):
    colours = THEMES[theme]
    for role in TEXT:
        for ground in ("paper", "panel"):
            assert contrast(colours[role], colours[ground]) >= 4.5, (role, ground)


@pytest.mark.parametrize("theme", THEMES)
def test_marks_have_a_contrast_of_at_least_three_and_a_shape_besides(theme):
    colours = THEMES[theme]
    for role in MARKS:
        for ground in ("paper", "panel"):
            assert contrast(colours[role], colours[ground]) >= 3.0, (role, ground)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_two_classes_stay_apart_for_colour_blind_readers(theme, deficiency):
    matrix = np.array(DEFICIENCIES[deficiency])
    for first, second in (("zero-fill", "one-fill"), ("zero", "one"), ("h1", "h2")):
        seen = [oklab(matrix @ linear(THEMES[theme][role])) for role in (first, second)]
        assert np.linalg.norm(seen[0] - seen[1]) > 0.08, (first, second)


def test_every_hidden_neuron_has_a_dash_of_its_own():
    assert len(HIDDEN_DASHES) == 8 == len(set(HIDDEN_DASHES))


@pytest.mark.parametrize("theme", THEMES)
def test_the_more_certain_the_answer_the_farther_its_colour_from_the_middle(theme):
    colours = class_colours(np.linspace(0.0, 1.0, 101), theme).astype(float)
    assert colours.shape == (101, 4)
    assert (colours[:, 3] == 255).all()
    away = np.linalg.norm(colours - colours[50], axis=1)
    assert (np.diff(away[50:]) >= -1.5).all()
    assert (np.diff(away[:51]) <= 1.5).all()


def test_answers_outside_of_zero_and_one_have_the_colours_of_the_ends():
    assert (class_colours(np.array([-3.0, 7.0]), "light") == class_colours(np.array([0.0, 1.0]), "light")).all()
