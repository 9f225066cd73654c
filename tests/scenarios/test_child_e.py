"""Child E: the whole of its summary, both other readings, and what it documents, each naming what there is."""

from datetime import datetime

import pytest

from experiments.direction import load_counterfactuals
from results.fates import load_fates
from results.targets import load_targets, load_unsaid
from scenarios.load import case_path, load_case
from simulation.index import TELLING
from simulation.journey import could_be_seen
from simulation.world import World

APART = {"e-f04": ("", "u"), "e-f05": ("", "u"), "e-f17": ("", "a", "b"), "e-f18": ("m", "f"), "e-f19": ("m", "f")}
"""Rows of the evidence table that are several items: see the head of the case."""
NO_ITEM = 34
"""A condition that shapes the others."""


@pytest.fixture(scope="module")
def child_e(practice):
    return load_case(case_path("child-e"), practice)


@pytest.fixture(scope="module")
def place(child_e, practice):
    return World(child_e, practice)


def test_child_e_is_the_whole_of_its_summary(child_e):
    names = [f"e-f{n:02}" for n in range(1, 37) if n != NO_ITEM]
    assert {item.id for item in child_e.item} == {name + end for name in names for end in APART.get(name, ("",))}
    assert {decision.id for decision in child_e.decision} == {"e-d01", "e-d02", "e-d05", "e-d06"}
    assert {meeting.id[:5] for meeting in child_e.meeting} == {"e-d04", "e-d07"}
    assert {row.kind for row in child_e.transition} == {"transfer", "birth", "discharge", "closure"}


def test_the_two_days_that_are_documented_stand(child_e):
    ended = next(row for row in child_e.decision if row.id == "e-d05")
    assert ended.at.date().isoformat() == "2018-07-09" and child_e.case.end.isoformat() == "2018-08-23"
    born = next(row for row in child_e.transition if row.kind == "birth")
    assert born.at.date().isoformat() == "2018-04-23", "four months old when he died"


def test_after_the_plan_nobody_outside_knows_of_a_social_worker(place):
    own = place.case.case.desk_agency
    outside = [name for name, role in place.roles.items() if role.agency != own]
    before, after = (place.calendar.minute(datetime(2018, 7, day, 12)) for day in (9, 10))
    assert {name for name in outside if place.knows_case_holder(name, before)} >= {"health-visitor", "gp-father"}
    assert not [name for name in outside if place.knows_case_holder(name, after)]
    for desk in place.desks:
        assert place.knows(desk, "csc-social-worker", before) and not place.knows(desk, "csc-social-worker", after)
        assert place.knows(desk, "csc-duty-return", after) and not place.knows(desk, "csc-duty-return", before)


def test_nobody_tells_or_asks_whom_she_does_not_know_at_that_minute(place, live):
    """Before the birth, under the plan and after it: as the law says of Child S, where no part comes to an end."""
    told_after, ended = 0, place.choices["e-d05"].at
    for replication in range(3):
        for event in live(place, replication).events:
            towards = event.act in TELLING or event.act.removeprefix("rule-") in ("ask", "invite")
            if towards and event.whom != place.case.case.desk_agency:
                assert place.knows(event.who, event.whom, event.time), event
                told_after += event.time > ended
    assert told_after


def test_a_decision_never_put_has_its_day_and_whoever_owed_it(place):
    owed = place.choices["e-d06"]
    assert owed.lead == "csc-duty-return" and owed.convened > place.choices["e-d05"].at
    assert could_be_seen(place, "e-f35", owed)


def test_what_only_a_question_brings_stands_nowhere_else(child_e):
    sought = {item for contact in child_e.contact for item in contact.sought}
    shown = {item for contact in child_e.contact for item in contact.items}
    assert sought == {f"e-f{n}" for n in ("09", "13", "14", "22", "23", "26", "27", "31")} and not sought & shown
    assert not [item.id for item in child_e.item if item.id in sought and (item.held_by or item.recorded_in)]


def test_reassurance_stands_against_worry(child_e):
    items = {item.id: item for item in child_e.item}
    for item in child_e.item:
        assert not item.masks or item.polarity == "reassuring", item.id
        assert {items[masked].polarity for masked in item.masks} <= {"risk"}, item.id


def test_each_other_reading_changes_what_it_says_and_no_more(child_e, practice):
    def other(variant):
        return load_case(case_path("child-e"), practice, variant)

    def changed(case, table):
        usual = {row.id: row for row in getattr(child_e, table)}
        return {row.id for row in getattr(case, table) if row != usual[row.id]}

    assert changed(other("return-due-after-the-crisis"), "decision") == {"e-d06"}
    early = other("signs-before-the-last-review")
    review = next(row.at for row in child_e.meeting if row.id == "e-d04c")
    moved = [row for row in early.contact if row.id in changed(early, "contact")]
    assert moved and all("e-f08" in row.items and row.at < review for row in moved)
    assert not [row for row in child_e.contact if "e-f08" in row.items and row.at < review]


def test_every_row_of_the_table_of_facts_is_asked_or_said_to_be_beyond_a_run(child_e, place):
    said = [row.id for row in (*load_targets("child-e"), *load_unsaid("child-e"))]
    assert {name[:5] for name in said} == {f"e-r{n:02}" for n in range(1, 19)} and len(set(said)) == len(said)
    for target in load_targets("child-e"):
        assert {*target.items, *target.without} <= set(place.items) and {*target.roles} <= set(place.roles), target.id
        assert target.decision is None or target.decision in place.choices, target.id


def test_every_item_has_a_documented_fate(child_e):
    fates = load_fates("child-e")
    assert fates.keys() == {item.id for item in child_e.item}
    for item in child_e.item:
        fate = fates[item.id]
        assert "§" in fate.cite and set(fate.decisions) <= set(item.bears_on), item.id
        assert bool(fate.arrivals) == (item.critical == "yes"), item.id
        assert not fate.arrivals or fate.arrivals.keys() == set(item.bears_on), item.id
        assert fate.stops_at is None or fate.fate != "in-time", item.id


def test_counterfactuals_ask_of_what_the_case_has(child_e):
    bears_on = {item.id: set(item.bears_on) for item in child_e.item}
    rows = load_counterfactuals("child-e")
    assert {row.id[:5] for row in rows} == {f"e-c{n:02}" for n in range(1, 9)}
    for row in rows:
        for item in row.items:
            assert row.decisions and set(row.decisions) <= bears_on[item], (row.id, item)
