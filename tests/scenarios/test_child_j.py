"""Child J: the whole of its review, both readings of the referral's date, and what it documents, each naming what
there is."""

from datetime import datetime

import pytest

from experiments.direction import load_counterfactuals
from results.fates import load_fates
from results.targets import load_targets, load_unsaid
from scenarios.load import case_path, load_case
from scenarios.vocabulary import DECISIONS
from simulation.journey import could_be_seen
from simulation.world import World

NO_ITEMS = {46, 47}
"""An absence, and what the hospital found after the window: see the head of the case."""
MAY = "referral-in-may"


@pytest.fixture(scope="module")
def child_j(practice):
    return load_case(case_path("child-j"), practice)


def test_child_j_is_the_whole_of_its_review(child_j):
    assert {item.id for item in child_j.item} == {f"j-f{n:02}" for n in range(1, 50) if n not in NO_ITEMS}
    assert {decision.id for decision in child_j.decision} == {f"j-d{n:02}" for n in (1, 2, 4, 5, 6, 7)}
    assert sum(item.critical == "yes" for item in child_j.item) == 29
    assert {row.kind for row in child_j.transition} == {"transfer", "birth", "discharge", "closure"}


def test_nobody_in_the_district_is_known_before_the_case_is_allocated(child_j, practice):
    """The wait of three months is given: no habit of the central team could have shortened it."""
    world = World(child_j, practice)
    allocated = world.calendar.minute(datetime(2014, 8, 29))
    known = [
        since["scs-duty-social-worker"] for since in world.acquaintance.values() if "scs-duty-social-worker" in since
    ]
    assert min(known) == allocated


def test_an_assessment_nobody_took_up_has_its_day_and_whoever_owed_it(child_j, practice):
    world = World(child_j, practice)
    owed, born = world.choices["j-d04"], next(row for row in child_j.transition if row.kind == "birth")
    assert owed.lead == "scs-duty-social-worker" and owed.at < world.calendar.minute(born.at)
    assert DECISIONS[owed.kind] == "threshold" and could_be_seen(world, "j-f12", owed)


def test_what_only_a_question_brings_stands_nowhere_else(child_j):
    sought = {item for contact in child_j.contact for item in contact.sought}
    shown = {item for contact in child_j.contact for item in contact.items}
    assert sought == {f"j-f{n}" for n in (20, 37, 38, 42, 43, 44, 45, 49)} and not sought & shown
    assert not [item.id for item in child_j.item if item.id in sought and (item.held_by or item.recorded_in)]


def test_reassurance_stands_against_worry(child_j):
    items = {item.id: item for item in child_j.item}
    for item in child_j.item:
        assert not item.masks or item.polarity == "reassuring", item.id
        assert {items[masked].polarity for masked in item.masks} <= {"risk"}, item.id


def test_the_other_reading_brings_the_referral_forward_and_no_decision_behind_the_birth(child_j, practice):
    other = load_case(case_path("child-j"), practice, MAY)
    usual, moved = ({row.id: row for row in case.decision} for case in (child_j, other))
    assert {name for name in usual if usual[name] != moved[name]} == {"j-d01", "j-d02"}
    waits = []
    for case in (child_j, other):
        booked = next(row.at for row in case.contact if row.id == "j-t07")
        waits.append((next(row.at for row in case.transition if row.id == "j-t08") - booked).days)
    assert waits == [79, 92]


def test_every_row_of_the_table_of_facts_is_asked_or_said_to_be_beyond_a_run(child_j):
    said = [row.id for row in (*load_targets("child-j"), *load_unsaid("child-j"))]
    assert {name[:5] for name in said} == {f"j-r{n:02}" for n in range(1, 21)} and len(set(said)) == len(said)
    roles, items = {role.id for role in child_j.role}, {item.id for item in child_j.item}
    decisions = {decision.id for decision in child_j.decision}
    for target in load_targets("child-j"):
        assert {*target.items, *target.without} <= items and {*target.roles} <= roles, target.id
        assert target.decision is None or target.decision in decisions, target.id


def test_every_item_has_a_documented_fate(child_j):
    fates = load_fates("child-j")
    assert fates.keys() == {item.id for item in child_j.item}
    for item in child_j.item:
        fate = fates[item.id]
        assert "§" in fate.cite and set(fate.decisions) <= set(item.bears_on), item.id
        assert bool(fate.arrivals) == (item.critical == "yes"), item.id
        assert not fate.arrivals or fate.arrivals.keys() == set(item.bears_on), item.id
        assert fate.stops_at is None or fate.fate != "in-time", item.id


def test_counterfactuals_ask_of_what_the_case_has(child_j):
    bears_on = {item.id: set(item.bears_on) for item in child_j.item}
    rows = load_counterfactuals("child-j")
    assert {row.id[:5] for row in rows} == {f"j-c{n:02}" for n in range(1, 9)}
    for row in rows:
        for item in row.items:
            assert row.decisions and set(row.decisions) <= bears_on[item], (row.id, item)
