"""Every case that comes with the package: it loads, each row is cited, it holds no probability, and it can be told."""

import math
import re

import pytest

from results.fates import load_fates
from scenarios.load import HERE, case_names, case_path, load_case, load_practice
from scenarios.schema import Cited
from scenarios.toml import read_toml
from scenarios.vocabulary import MEETINGS
from simulation.journey import could_be_seen
from simulation.world import World

CASES = case_names()
BLAME = re.compile(r"\b(failed|ignored|neglected to|should have|missed the|careless|obvious)\b", re.IGNORECASE)
"""Words that blame (`pages.md`, Tone): information is the subject of a sentence, not a person's failing."""


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return load_case(case_path(request.param), load_practice())


@pytest.fixture
def world(case):
    return World(case, load_practice())


def rows(case):
    """Every row of every table, with the table's name."""
    for table in type(case).model_fields:
        part = getattr(case, table)
        for row in part if isinstance(part, tuple) else ():
            yield table, row


def numbers(value):
    """Every number in a TOML value, however deep."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def test_there_is_a_review_and_an_invented_family():
    assert {"child-s", "rowan-family"} <= set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_named_after_its_file(name):
    assert load_case(case_path(name), load_practice()).case.id == name


@pytest.mark.parametrize("name", CASES)
def test_no_case_holds_a_probability(name):
    found = [*numbers(read_toml(case_path(name)))]
    assert not [number for number in found if 0 < number < 1 or not math.isfinite(number)]
    assert all(isinstance(number, int) for number in found), "a case counts people, parts and minutes: whole numbers"


def test_every_row_says_where_it_comes_from(case):
    for table, row in rows(case):
        assert isinstance(row, Cited), table
        assert row.cite.strip() and row.status in ("documented", "inferred"), (table, row)


def test_a_review_is_cited_by_paragraph_and_an_invented_family_says_so_on_every_row(case):
    """Nothing invented passes as documented, and nothing documented is without its paragraph."""
    for table, row in rows(case):
        if case.case.invented:
            assert row.cite.startswith("invented") and row.status == "inferred", (table, row)
        else:
            assert "§" in row.cite, (table, row)
    assert ("invented" in case.case.care_note) == case.case.invented
    assert ("invented" in case.case.title) == case.case.invented


def test_every_decision_has_a_lead_who_is_there_to_take_it(case, world):
    assert len(world.choices) == len(case.decision) >= 2
    for choice in world.choices.values():
        kind = world.kind(choice.lead)
        assert kind not in ("desk", "administrative"), choice
        assert choice.lead not in choice.deciders and set(choice.deciders) <= set(world.roles), choice
        assert choice.convened < choice.start <= choice.at < world.end, choice
        if choice.meeting:
            assert MEETINGS[world.meetings[choice.meeting].kind] == MEETINGS[choice.kind], choice


def test_every_convener_can_reach_the_lead(case, world):
    """Somebody who calls a meeting knows those who decide in it, by the time it is held."""
    for meeting in case.meeting:
        for who in {meeting.lead, *meeting.deciders} - {meeting.convener}:
            assert world.acquaintance[meeting.convener].get(who, math.inf) <= world.calendar.minute(meeting.at), meeting


def test_every_decision_is_borne_on_by_something_critical(case):
    for decision in case.decision:
        assert any(item.critical == "yes" and decision.id in item.bears_on for item in case.item), decision.id


def test_an_item_bears_on_nothing_before_it_could_be_seen_or_asked_for(case, world):
    for item in case.item:
        for decision in item.bears_on:
            choice = world.choices[decision]
            asked = any(
                item.id in contact.sought and world.calendar.minute(contact.at) <= choice.at for contact in case.contact
            )
            assert asked or could_be_seen(world, item.id, choice), (item.id, decision)


def test_referrals_have_a_desk_at_every_hour(world):
    assert {world.practice.professions[world.profession(desk)].hours for desk in world.desks} >= {
        "office",
        "out-of-hours",
    }


def test_everybody_who_sees_the_family_has_somewhere_to_write(case, world):
    for contact in case.contact:
        assert set(contact.by) <= set(world.writes_in), contact


def test_the_core_set_is_about_a_dozen_and_holds_good_news_too(case):
    core = [item for item in case.item if item.core]
    assert 8 <= len(core) <= 16
    assert any(item.polarity == "reassuring" for item in core)


def test_no_case_speaks_of_blame(case):
    for table, row in rows(case):
        assert not BLAME.search(getattr(row, "words", "")), (table, row.words)
    assert case.case.care_note


def test_the_invented_family_has_what_a_first_case_should_show():
    """One of each thing a trainer needs: see `design.md` §2."""
    case = load_case(case_path("rowan-family"), load_practice())
    items = {item.id: item for item in case.item}
    first = {item: contact for contact in reversed(case.contact) for item in contact.items}
    professions = {role.id: role.profession for role in case.role}
    seen_by = {professions[contact.by[0]] for contact in first.values()}
    assert {"substance-worker", "school-safeguarding-lead", "health-visitor", "gp", "housing-officer"} <= seen_by
    assert {"police-response", "out-of-hours-desk"} <= seen_by
    [pattern] = [item for item in items.values() if item.parts]
    assert pattern.both_signs and {items[part].polarity for part in pattern.parts} == {"risk", "reassuring"}
    assert any(item.masks for item in items.values())
    assert case.case.invented and len({role.agency for role in case.role} - {case.case.desk_agency}) == 6


@pytest.fixture(scope="module")
def child_s():
    return load_case(case_path("child-s"), load_practice())


def test_child_s_is_the_whole_of_its_review(child_s):
    """As many rows as the review was taken apart into; those left out are named in the file's header."""
    assert [item.id for item in sorted(child_s.item, key=lambda item: item.id)] == [f"F{n:02}" for n in range(1, 87)]
    assert len(child_s.role) == 37
    assert {f"V{n:02}" for n in range(1, 27)} <= {contact.id for contact in child_s.contact}
    assert {f"M{n:02}" for n in range(3, 21)} - {"M16"} == {decision.id for decision in child_s.decision}
    assert sum(item.critical == "yes" for item in child_s.item) == 31
    assert {row.kind for row in child_s.transition} == {"transfer", "move", "birth", "discharge", "closure"}


def test_what_only_a_question_brings_stands_nowhere_else(child_s):
    sought = {item for contact in child_s.contact for item in contact.sought}
    assert {"F38", "F59"} <= sought
    shown = {item for contact in child_s.contact for item in contact.items} | {
        item for meeting in child_s.meeting for item in meeting.said
    }
    for item in child_s.item:
        if item.id in sought:
            assert item.id not in shown and not (item.held_by or item.recorded_in or item.parts), item.id


def test_reassurance_stands_against_worry_and_patterns_are_made_of_parts(child_s):
    items = {item.id: item for item in child_s.item}
    for item in child_s.item:
        assert not item.masks or item.polarity == "reassuring", item.id
        assert {items[masked].polarity for masked in item.masks} <= {"risk"}, item.id
    assert {"F46", "F47", "F76"} <= {item.id for item in child_s.item if item.parts}
    assert [item.id for item in child_s.item if item.silence] == ["F79"]


def test_the_other_reading_of_may_comes_before_the_first_core_group(child_s):
    other = load_case(case_path("child-s"), load_practice(), "may-dates-one-day-earlier")
    may = {row.id: row for row in other.contact if row.id in ("V20", "V21", "V22")}
    first = {row.id: row for row in child_s.contact}
    meeting = next(row for row in child_s.meeting if row.id == "M05")
    assert len(other.contact) == len(child_s.contact) and len(may) == 3
    for name, row in may.items():
        assert (first[name].at - row.at).days == 1 and row.at < meeting.at, name
        assert row.items == first[name].items, name


def test_every_item_of_child_s_has_a_documented_fate_in_closed_words(child_s):
    fates = load_fates("child-s")
    items = {item.id: item for item in child_s.item}
    assert fates.keys() == items.keys()
    for name, row in fates.items():
        assert "§" in row.cite, name
        assert bool(row.arrivals) == (items[name].critical == "yes"), name
        none = {decision for decision, code in row.arrivals.items() if code in "-n"}
        assert not none & set(items[name].bears_on), name


def test_no_python_is_written_for_one_case():
    """The packages that live a case name none. (The command line shows one as an example.)"""
    for package in ("scenarios", "simulation", "agents"):
        for path in (HERE.parent / package).glob("*.py"):
            assert not [name for name in CASES if name in path.read_text("utf-8")], path
