"""Rates counted from a trace, by hand."""

import pytest

from results.aggregates import AGGREGATES, body_of, counted, rungs, told_by_police, total
from simulation.trace import Trace


def trace(*rows):
    made = Trace()
    for act, who, whom, item, occasion, happened in rows:
        made.write(0, (act, who, whom, item, occasion), happened, 0.5, "", "", 0.0, 0)
    return made


@pytest.fixture
def police(world):
    """Somebody of the police who attends, an attendance with a worry, and the worry."""
    place = world()
    for row in place.contacts:
        who = row.by[0]
        worry = next((item for item in row.items if place.items[item].polarity == "risk"), None)
        if row.kind == "police-attendance" and worry and place.profession(who) == "police-response":
            return place, who, row.id, worry
    pytest.fail("no such attendance")


def test_an_attendance_counts_once_it_was_judged_worrying_and_once_however_often_told(police):
    place, who, occasion, worry = police
    desk = place.desks[0]
    judged = ("recognise", who, "", worry, occasion, True)
    assert told_by_police(trace(), place) == (0, 0)
    assert told_by_police(trace(judged, ("tell", who, desk, worry, occasion, False)), place) == (0, 1)
    told = ("tell", who, desk, worry, occasion, True)
    assert told_by_police(trace(judged, told, told), place) == (1, 1)
    assert told_by_police(trace(told), place) == (0, 0)


def test_acts_are_counted_by_profession_and_body(world, live):
    place = world()
    conferences = [name for name in place.gatherings if body_of(place, name) == "conference"]
    gps = [who for who in place.roles if place.profession(who) == "gp"]
    made = trace(
        ("attend", gps[0], "", "", conferences[0], True),
        ("attend", gps[0], "", "", conferences[0], False),
        ("report", gps[0], "", "", conferences[0], True),
    )
    found = counted(made, place)
    assert found["A1"] == (1, 2) and found["A2"] == (1, 1)


def test_lives_add_up_and_what_a_leaf_carries_is_never_judged():
    whole = {one.row: (3, 10) for one in AGGREGATES}
    assert total([whole, whole]) == {one.row: (6, 20) for one in AGGREGATES}
    marks = {one.row: rung.mark for one, rung in zip(AGGREGATES, rungs(whole), strict=True)}
    assert marks["R7"] == "miss" and {marks[one.row] for one in AGGREGATES if one.given} == {"not scored"}
    assert {rung.mark for rung in rungs({one.row: (0, 0) for one in AGGREGATES})} == {"not scored"}
