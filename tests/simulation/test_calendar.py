"""When somebody is there, and what a wait in working minutes comes to."""

from datetime import date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulation.calendar import WORKING_DAY, Calendar
from simulation.clock import DAY, HOUR

SPRING = Calendar(date(2020, 4, 1), date(2020, 5, 31))
"""Easter, both May holidays, and nothing else out of the ordinary."""
LEAVE = (date(2020, 4, 20), date(2020, 4, 24))
ROTAS = ("office", "out-of-hours", "always", "office with leave")


@cache
def rota(kind):
    return SPRING.rota(kind.removesuffix(" with leave"), [LEAVE] if "leave" in kind else [])


def minute(month, day, hour=0, minute=0):
    return SPRING.minute(datetime(2020, month, day, hour, minute))


def worked(there, first, last):
    """Minutes of being there from `first` up to `last`, counted one by one."""
    return sum(there.there(minute) for minute in range(first, last))


kinds = st.sampled_from(ROTAS)
minutes = st.integers(0, 60 * DAY)
waits = st.integers(0, 3 * WORKING_DAY)


@pytest.mark.parametrize("day", [date(2020, 4, 10), date(2020, 4, 13), date(2020, 5, 8), date(2020, 5, 25)])
def test_bank_holidays_of_spring_2020_are_not_worked(day):
    assert not SPRING.works((day - SPRING.start).days)
    assert not rota("office").there(SPRING.midnight(day) + 12 * HOUR)
    assert rota("out-of-hours").there(SPRING.midnight(day) + 12 * HOUR)


def test_all_other_weekdays_are_worked_and_weekends_are_not():
    off = {10, 13, 38, 55}  # days of April and May, counted on from 1 April
    for day in range(SPRING.days):
        assert SPRING.works(day) == ((SPRING.start + timedelta(days=day)).weekday() < 5 and day + 1 not in off)


def test_the_early_may_holiday_of_2020_was_moved_to_the_eighth():
    assert SPRING.works((date(2020, 5, 4) - SPRING.start).days)


def test_office_and_out_of_hours_complement_each_other_at_every_minute():
    office, desk = rota("office"), rota("out-of-hours")
    assert all(office.there(minute) != desk.there(minute) for minute in range(SPRING.days * DAY))


def test_office_hours_are_nine_to_five():
    there = rota("office").there
    assert [there(minute(4, 1, *time)) for time in ((8, 59), (9, 0), (16, 59), (17, 0))] == [False, True, True, False]


def test_always_is_always():
    assert all(rota("always").there(minute) for minute in range(SPRING.days * DAY))


def test_minutes_and_moments_are_each_others_inverse():
    assert SPRING.minute(datetime(2020, 4, 1)) == 0 and SPRING.midnight(date(2020, 4, 3)) == 2 * DAY
    for number in (0, 1, 999, SPRING.days * DAY - 1):
        assert SPRING.minute(SPRING.moment(number)) == number


def test_both_ends_of_the_window_are_days_of_it():
    assert SPRING.days == 61 and SPRING.moment(SPRING.days * DAY) == datetime(2020, 6, 1)


@pytest.mark.parametrize("hours", ["office", "out-of-hours", "always"])
def test_nobody_is_there_on_leave_and_both_its_ends_are_leave(hours):
    here, away = SPRING.rota(hours), SPRING.rota(hours, [LEAVE])
    first, last = SPRING.midnight(LEAVE[0]), SPRING.midnight(LEAVE[1]) + DAY
    assert not any(away.there(minute) for minute in range(first, last))
    assert all(
        away.there(minute) == here.there(minute) for minute in range(SPRING.days * DAY) if not first <= minute < last
    )


def test_a_wait_runs_in_working_time():
    office = rota("office")
    assert office.after(minute(4, 9, 16), 2 * HOUR) == minute(4, 14, 10)  # over Easter
    assert office.opens(minute(4, 9, 17)) == minute(4, 14, 9)
    assert office.before(minute(4, 14, 10), 2 * HOUR) == minute(4, 9, 16)
    assert rota("office with leave").after(minute(4, 17, 16, 30), HOUR) == minute(4, 27, 9, 30)


def test_a_wait_that_ends_at_closing_time_ends_at_the_next_opening():
    assert rota("office").after(minute(4, 1, 9), WORKING_DAY) == minute(4, 2, 9)
    assert rota("office").after(minute(4, 1, 9), WORKING_DAY - 1) == minute(4, 1, 16, 59)


@given(kinds, minutes)
def test_opens_is_the_first_minute_at_which_somebody_is_there(kind, start):
    there = rota(kind)
    found = there.opens(start)
    assert found >= start and there.there(found)
    assert not any(there.there(minute) for minute in range(start, found))


@given(kinds, minutes, minutes)
def test_opens_is_monotone(kind, one, other):
    assert rota(kind).opens(min(one, other)) <= rota(kind).opens(max(one, other))


@settings(max_examples=60)
@given(kinds, minutes, waits)
def test_after_leaves_exactly_the_wait_between_and_somebody_is_there(kind, start, wait):
    there = rota(kind)
    found = there.after(start, wait)
    assert found >= start and there.there(found)
    assert worked(there, start, found) == wait


@given(kinds, minutes, minutes, waits, waits)
def test_after_is_monotone_and_waits_add_up(kind, one, other, wait, longer):
    there = rota(kind)
    assert there.after(min(one, other), wait) <= there.after(max(one, other), wait)
    assert there.after(one, min(wait, longer)) <= there.after(one, max(wait, longer))
    assert there.after(there.after(one, wait), longer) == there.after(one, wait + longer)
    assert there.after(one, 0) == there.opens(one)


@settings(max_examples=60)
@given(kinds, minutes, waits)
def test_before_is_the_latest_moment_with_the_wait_still_ahead(kind, end, wait):
    there = rota(kind)
    found = there.before(end, wait)
    assert found <= end and worked(there, found, end) == wait
    assert found == end or worked(there, found + 1, end) < wait


@given(kinds, minutes, minutes, waits, waits)
def test_before_is_monotone(kind, one, other, wait, longer):
    there = rota(kind)
    assert there.before(min(one, other), wait) <= there.before(max(one, other), wait)
    assert there.before(one, min(wait, longer)) >= there.before(one, max(wait, longer))


@given(kinds, minutes, waits)
def test_after_undoes_before(kind, end, wait):
    assert rota(kind).after(rota(kind).before(end, wait), wait) == rota(kind).opens(end)


@given(kinds, minutes, waits)
def test_before_undoes_after_for_somebody_who_is_there(kind, start, wait):
    assume(rota(kind).there(start))
    assert rota(kind).before(rota(kind).after(start, wait), wait) == start


@given(kinds, st.integers(0, 900 * DAY), st.integers(0, 10**7))
def test_beyond_the_end_every_answer_is_the_end(kind, start, wait):
    there = rota(kind)
    last = (SPRING.days + 400) * DAY
    assert there.end == last
    assert there.after(min(start, last), wait) <= last and there.opens(min(start, last)) <= last
    assert there.after(start, 10**8) == last
    assert there.opens(last + start) == last


def test_a_wait_beyond_the_window_is_followed_until_the_margin():
    assert rota("office").after(SPRING.days * DAY, 10 * WORKING_DAY) == minute(6, 15, 9)
