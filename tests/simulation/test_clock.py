"""One clock, in whole minutes, that keeps an order within the minute and never runs back."""

from random import Random

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from simulation.clock import DAY, Clock, Turn


def test_the_clock_is_simpys():
    assert isinstance(Clock(DAY), simpy.Environment)


@pytest.mark.parametrize("shuffle", range(5))
def test_within_a_minute_turns_come_in_their_order(shuffle):
    clock, called = Clock(DAY), []
    for turn in Random(shuffle).sample(list(Turn), len(Turn)):
        clock.at(10, turn, called.append, turn)
    clock.run()
    assert called == [
        Turn.CONTACT,
        Turn.ARRIVAL,
        Turn.HEARING,
        Turn.READING,
        Turn.MEETING,
        Turn.DECISION,
        Turn.AFTERWARDS,
    ]


def test_within_a_turn_what_was_put_first_comes_first():
    clock, called = Clock(DAY), []
    for name in "abc":
        clock.at(10, Turn.READING, called.append, name)
    clock.run()
    assert called == ["a", "b", "c"]


def test_a_later_turn_of_the_same_minute_can_still_be_called_in_it():
    clock, called = Clock(DAY), []
    clock.at(10, Turn.ARRIVAL, lambda: clock.at(10, Turn.READING, lambda: called.append(clock.minute)))
    clock.at(11, Turn.CONTACT, called.append, "next")
    clock.run()
    assert called == [10, "next"]


@given(st.lists(st.tuples(st.integers(0, 3 * DAY), st.sampled_from(Turn)), max_size=40))
def test_moments_come_in_order_and_time_never_runs_back(diary):
    clock, called = Clock(10 * DAY), []
    for moment, turn in diary:
        clock.at(moment, turn, lambda moment=moment, turn=turn: called.append((clock.minute, moment, turn)))
    clock.run()
    assert [(moment, turn) for _, moment, turn in called] == sorted(diary)
    assert all(now == moment for now, moment, _ in called)


def test_the_past_is_refused():
    clock = Clock(DAY)
    clock.run(until=100)
    with pytest.raises(ValueError, match="past"):
        clock.at(99, Turn.ARRIVAL, print)
    called = []
    clock.at(100, Turn.ARRIVAL, called.append, "now")
    clock.run()
    assert called == ["now"]


def test_nothing_happens_at_or_after_the_end():
    clock, called = Clock(DAY), []
    for moment in (DAY - 1, DAY, DAY + 1, 400 * DAY):
        clock.at(moment, Turn.CONTACT, called.append, moment)
    clock.run()
    assert called == [DAY - 1]


def test_a_clock_run_day_by_day_calls_what_one_run_calls():
    def told_by(stops):
        clock, called = Clock(5 * DAY), []
        for moment in (0, 5, DAY - 1, DAY, DAY, 2 * DAY + 1, 5 * DAY - 1):
            for turn in reversed(Turn):
                clock.at(moment, turn, called.append, (moment, turn))
        for stop in stops:
            clock.run(until=stop)
        return called

    assert told_by([5 * DAY]) == told_by([day * DAY for day in range(1, 6)])
