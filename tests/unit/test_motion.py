"""Motion: stops are exact, it never jumps, and it can be played, scrubbed and stepped through."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.motion import arrived, begun, eased, played, returned

END = 3.0


@dataclass(frozen=True)
class State:
    play: bool = False
    time: float = 0.0


@pytest.mark.parametrize("stop", [0.0, 1.0, 2.0, 17.0])
def test_a_stop_stays_where_it_is(stop):
    assert eased(stop) == stop


@given(st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_what_is_later_is_never_drawn_earlier(one, other):
    first, last = sorted((one, other))
    assert eased(first) <= eased(last)
    assert eased(last) - eased(first) <= 1.5 * (last - first) + 1e-12


def test_a_move_sets_out_and_lands_slower_than_it_goes():
    speeds = [eased(time + 0.01) - eased(time) for time in (1.0, 1.495, 1.99)]
    assert speeds[0] < 0.2 * speeds[1] > speeds[2]


def test_how_far_it_has_come_depends_on_the_time_not_on_the_frames():
    many = State(play=True)
    for _ in range(100):
        many = played(many, 0.01, 0.8, END)
    assert many.time == pytest.approx(played(State(play=True), 1.0, 0.8, END).time)


def test_it_stands_still_at_the_end_and_a_press_of_play_begins_again():
    state = played(State(play=True, time=2.9), 1.0, 0.5, END)
    assert state == State(play=False, time=END)
    assert begun(State(play=True, time=END), state, END) == State(play=True, time=0.0)


def test_a_press_of_play_on_the_way_goes_on_from_there():
    assert begun(State(play=True, time=1.3), State(time=1.3), END) == State(play=True, time=1.3)


def test_to_scrub_is_to_pause():
    assert begun(State(play=True, time=0.4), State(play=True, time=1.0), END) == State(play=False, time=0.4)


@pytest.mark.parametrize(("time", "stop"), [(0.0, 1.0), (0.2, 1.0), (1.0, 2.0), (2.999, 3.0), (3.0, 3.0)])
def test_without_motion_play_leads_to_the_next_stop_and_pauses(time, stop):
    assert arrived(State(play=True, time=time), END) == State(play=False, time=stop)


@pytest.mark.parametrize(("time", "stop"), [(0.0, 0.0), (0.2, 0.0), (1.0, 0.0), (1.01, 1.0), (3.0, 2.0)])
def test_back_leads_to_the_stop_before_and_pauses(time, stop):
    assert returned(State(play=True, time=time)) == State(play=False, time=stop)
