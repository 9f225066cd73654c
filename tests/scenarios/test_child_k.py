"""Child K: the whole of the briefing, its readings of March 2018, and what it documents, each naming what there is."""

import re

import pytest

from experiments.direction import load_counterfactuals
from results.fates import load_fates
from results.targets import load_targets, load_unsaid
from scenarios.load import case_path, load_case, load_practice
from simulation.clock import DAY
from simulation.journey import could_be_seen, scored_pairs
from simulation.world import World

NO_ITEMS = {36, 38, 39}
"""In a visitor's own mind, found after the window, the day itself: see the head of the case."""
SHARES = {"k-f13a", "k-f13b", "k-f13c"}
AN_AGE = re.compile(r"\b(months?|weeks?) old\b|\baged (?!one when he was born)")
"""Of his sibling alone the briefing says one that stands."""
VISITORS = {
    "": "health-visitor",
    "bruise-seen-by-a-support-worker": "support-agency-a",
    "bruise-seen-by-the-social-worker": "csc-social-worker",
}


def reading(variant=""):
    return load_case(case_path("child-k"), load_practice(), variant)


@pytest.fixture(scope="module")
def child_k():
    return reading()


def test_child_k_is_the_whole_of_its_briefing(child_k):
    listed = {f"k-f{number:02}" for number in range(1, 40) if number not in NO_ITEMS}
    assert {item.id for item in child_k.item} == listed | SHARES
    assert {decision.id for decision in child_k.decision} == {f"k-d{number:02}" for number in range(1, 8)}
    assert {row.kind for row in child_k.transition} == {"birth", "discharge", "move", "closure"}
    assert not child_k.meeting, "no meeting of several agencies is documented"
    critical = {item.id for item in child_k.item if item.critical == "yes"}
    assert len(critical) == 29 and not critical & SHARES


def test_nothing_says_how_old_he_was(child_k):
    """The briefing's own dates do not agree, and no rule needs it."""
    told = [getattr(row, "words", "") for table in type(child_k).model_fields for row in table_of(child_k, table)]
    assert not [words for words in told if AN_AGE.search(words)]


def table_of(case, table):
    part = getattr(case, table)
    return part if isinstance(part, tuple) else ()


@pytest.mark.parametrize(("variant", "visitor"), VISITORS.items())
def test_whoever_saw_the_bruise_answers_it(variant, visitor):
    case = reading(variant)
    [seen] = [contact for contact in case.contact if "k-f26" in contact.items]
    [answer] = [decision for decision in case.decision if decision.id == "k-d05"]
    assert seen.by == (visitor,) and answer.lead == visitor and seen.at < answer.at


def test_a_closure_before_the_bruise_cannot_have_it():
    """k-c08: what could not be seen before a decision is not scored for it."""
    practice = load_practice()
    first, other = (World(reading(name), practice) for name in ("", "closed-before-the-bruise"))
    pair = [(item, choice.id) for item, choice in scored_pairs(first, frozenset({"k-f26"}))]
    assert pair == [("k-f26", "k-d05"), ("k-f26", "k-d06")]
    assert [(item, choice.id) for item, choice in scored_pairs(other, frozenset({"k-f26"}))] == [("k-f26", "k-d05")]
    assert could_be_seen(other, "k-f25", other.choices["k-d06"])


def test_after_the_closure_nobody_outside_knows_of_a_social_worker(child_k):
    """§CS4: the case was closed to social care, and what is seen later goes to its desk."""
    world = World(child_k, load_practice())
    [closed] = [row.at for row in child_k.transition if row.kind == "closure"]
    inside = {"childrens-social-care", "court", "court-expert"}
    outside = [role.id for role in child_k.role if role.agency not in inside]
    before, after = (world.calendar.minute(closed) + day * DAY for day in (0, 1))
    assert [role for role in outside if world.knows_case_holder(role, before)]
    assert not [role for role in outside if world.knows_case_holder(role, after)]


def test_what_the_father_was_to_him_shows_only_to_who_asks(child_k):
    sought = {item for contact in child_k.contact for item in contact.sought}
    shown = {item for contact in child_k.contact for item in contact.items}
    assert {f"k-f{number}" for number in range(29, 35)} == sought and not sought & shown


def test_every_row_of_the_table_of_facts_is_asked_or_said_to_be_beyond_a_run(child_k):
    said = [row.id for row in (*load_targets("child-k"), *load_unsaid("child-k"))]
    assert {name[:5] for name in said} == {f"k-r{number:02}" for number in range(1, 19)}
    assert len(set(said)) == len(said)
    roles, items = {role.id for role in child_k.role}, {item.id for item in child_k.item}
    decisions = {decision.id for decision in child_k.decision}
    for target in load_targets("child-k"):
        assert {*target.items, *target.without} <= items and {*target.roles} <= roles, target.id
        assert target.decision is None or target.decision in decisions, target.id


def test_every_item_has_a_fate_at_the_decisions_it_bears_on(child_k):
    fates = load_fates("child-k")
    assert fates.keys() == {item.id for item in child_k.item}
    for item in child_k.item:
        fate = fates[item.id]
        told = {*fate.decisions, *(name for other in fate.also for name in other.decisions)}
        assert "§" in fate.cite and told == {*item.bears_on}, item.id
        assert bool(fate.stops_at) == (fate.fate != "in-time"), item.id


def test_counterfactuals_ask_of_what_the_case_has(child_k):
    bears_on = {item.id: set(item.bears_on) for item in child_k.item}
    for row in load_counterfactuals("child-k"):
        for item in row.items:
            assert set(row.decisions) <= bears_on[item], (row.id, item)
