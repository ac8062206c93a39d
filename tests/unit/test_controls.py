"""What may come from outside: links and typed values."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import training
from figures.controls import (
    BadTextError,
    BadValueError,
    Choice,
    Range,
    Several,
    Text,
    Toggle,
    read_link,
    write_link,
)

RATE = Range("learning-rate", "Learning rate", 0.1, 10.0, 0.1)
HIDDEN = Range("hidden", "Hidden neurons", 1, 8, 1)


@pytest.mark.parametrize("text", ["banana", "", "nan", "inf", "-inf", "0", "10.01", "1e99", "0x1", "١٢٣٤", "1" * 500])
def test_a_bad_number_is_refused_naming_field_value_and_what_is_allowed(text):
    with pytest.raises(BadValueError) as refusal:
        RATE.parse(text)
    message = str(refusal.value)
    assert message.startswith("learning-rate: “")
    assert text[:40] in message
    assert "a number from 0.1 to 10" in message
    assert len(message) < 140


def test_whole_numbers_are_whole():
    assert HIDDEN.parse("3") == 3
    assert isinstance(HIDDEN.parse("3.0"), int)
    with pytest.raises(BadValueError, match="a whole number from 1 to 8"):
        HIDDEN.parse("2.5")


def test_a_choice_is_one_of_its_options():
    choice = Choice("activation", "Activation", (("tanh", "tanh"), ("sigmoid", "sigmoid")))
    assert choice.parse("tanh") == "tanh"
    with pytest.raises(BadValueError, match=r"activation: “relu” is not allowed here\. Allowed: tanh, sigmoid\."):
        choice.parse("relu")


def test_a_toggle_is_on_or_off():
    toggle = Toggle("play", "Play", "Pause")
    assert toggle.parse("on") is True
    assert toggle.parse("off") is False
    with pytest.raises(BadValueError, match="on, off"):
        toggle.parse("1")


class Misplaced(ValueError):
    position = 4


def no_q(text):
    if "q" in text:
        raise ValueError("a q is not liked")
    if text[4:5] == "!":
        raise Misplaced("'!' at character 5 is not liked")


LIKED = Text("liked", "A text without q", no_q, most=90)


def test_a_text_is_what_its_check_lets_pass_and_no_longer_than_it_may_be():
    assert LIKED.parse(" any, even ") == " any, even "
    assert LIKED.parse("") == ""
    with pytest.raises(BadValueError, match="Allowed: at most 90 characters"):
        LIKED.parse("a" * 91)
    with pytest.raises(BadTextError, match=r"^liked: a q is not liked\.$"):
        LIKED.parse("quite")


def test_a_refused_text_is_shown_with_its_place_marked_and_a_long_one_around_it():
    with pytest.raises(BadTextError) as refusal:
        LIKED.parse("some!")
    assert str(refusal.value) == "liked: '!' at character 5 is not liked. Here: “some▸!”."
    with pytest.raises(BadTextError) as refusal:
        LIKED.parse("some!" + "a" * 80)
    assert str(refusal.value).endswith("Here: “some▸!" + "a" * 29 + "…”.")


@dataclass(frozen=True)
class Typed:
    liked: str = ""


@given(st.text(max_size=90).filter(lambda text: "q" not in text and text[4:5] != "!"))
def test_a_text_goes_through_a_link_as_it_stands(text):
    link = write_link(Typed(text), Typed(), (LIKED,))
    assert read_link(link, (LIKED,)) == ({"liked": text} if text else {}, [])
    assert not {" ", "+"} & set(link)


LOOK = ("h1", ())
SHOWN = Several("shown", "Shown", (("a", "A"), ("b", "B"), ("c-d", "C")), (LOOK,) * 3)


def test_several_are_any_of_the_options_in_their_order():
    assert SHOWN.parse("c-d,a") == "a,c-d"
    assert SHOWN.parse("b,b") == "b"
    assert SHOWN.parse("") == ""
    with pytest.raises(BadValueError, match="Allowed: any of a, b, c-d, with commas between"):
        SHOWN.parse("a,e")


@pytest.mark.parametrize(
    ("ticked", "one", "then"), [("a,b", "a", "b"), ("b", "a", "a,b"), ("", "b", "b"), ("b", "b", "")]
)
def test_one_is_ticked_or_ticked_no_more(ticked, one, then):
    assert SHOWN.flipped(ticked, one) == then


def test_a_link_is_read_value_by_value_and_each_bad_one_is_told():
    values, messages = read_link("learning-rate=banana&hidden=3&colour=red&hide=seed", training.CONTROLS)
    assert values == {"hidden": 3}
    assert messages[0] == (
        "learning-rate: “banana” is not allowed here. Allowed: a number from 0.1 to 10. The default is used."
    )
    assert messages[1].startswith("colour: “red” is not allowed here. Allowed: one of the controls play, ")
    assert len(messages) == 2


@given(st.text(max_size=300))
def test_no_link_however_odd_does_more_than_give_messages(text):
    values, messages = read_link(text, training.CONTROLS)
    assert set(values) <= {control.name for control in training.CONTROLS}
    assert all(isinstance(message, str) for message in messages)


@given(
    st.builds(
        training.State,
        play=st.booleans(),
        activation=st.sampled_from(["tanh", "sigmoid"]),
        learning_rate=st.integers(1, 100).map(lambda tenths: float(f"{tenths / 10:.1f}")),
        hidden=st.integers(1, 8),
        seed=st.integers(0, 999),
        speed=st.sampled_from(["line", "1", "10", "100", "1000", "most"]),
        guess=st.sampled_from(["", "40", "400", "4000"]),
    )
)
def test_a_link_written_from_a_state_reads_back_as_that_state(state):
    values, messages = read_link(write_link(state, training.start(), training.CONTROLS), training.CONTROLS)
    assert messages == []
    for control in training.CONTROLS:
        name = control.name.replace("-", "_")
        if hasattr(state, name) and name not in ("step", "rewind"):
            assert values.get(control.name, getattr(training.start(), name)) == getattr(state, name)


def test_what_is_to_be_hidden_and_is_not_there_is_named():
    values, messages = read_link("hide=seed,step,share,banana,&hidden=3", training.CONTROLS)
    assert values == {"hidden": 3}
    assert len(messages) == 1
    assert messages[0].startswith("hide: “banana” is not allowed here. Allowed: ")
