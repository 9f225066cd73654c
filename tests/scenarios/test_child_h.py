"""Child H: the whole of its review, told without dates, and what it documents, each naming what there is."""

import re

import pytest

from experiments.direction import load_counterfactuals
from results.fates import load_fates
from results.targets import load_targets, load_unsaid
from scenarios.load import case_path, load_case, load_practice
from simulation.journey import could_be_seen, scored_pairs
from simulation.world import World

NO_ITEMS = {13, 14, 28, 34}
"""Questions the review set itself, what was said afterwards, an earlier review: see the head of the case."""
LAST_TIME = "left-unseen-the-last-time"
DATED = re.compile(r"\b(Jan|Febr)uary|\b(March|April|June|July|August)\b|\d May\b|\b\w+(em|o)ber \d|\b20(08|09)\b")


def reading(variant=""):
    return load_case(case_path("child-h"), load_practice(), variant)


@pytest.fixture(scope="module")
def child_h():
    return reading()


def test_child_h_is_the_whole_of_its_review(child_h):
    assert {item.id for item in child_h.item} == {f"h-f{n:02}" for n in range(1, 36) if n not in NO_ITEMS}
    assert {decision.id for decision in child_h.decision} == {f"h-d{n:02}" for n in range(1, 6)}
    assert {row.kind for row in child_h.transition} == {"birth", "discharge", "transfer", "move"}
    assert not child_h.meeting, "that none took place is what the review is about"
    assert sum(item.critical == "yes" for item in child_h.item) == 23


def test_the_days_count_from_the_birth(child_h):
    about = child_h.case
    [birth] = [row for row in child_h.transition if row.kind == "birth"]
    assert birth.at.date() == about.day_zero and about.day_zero_words == "the birth"
    assert (about.end - about.day_zero).days == 66, "nine weeks and three days"


def test_no_row_that_is_read_aloud_gives_a_date(child_h):
    for table in type(child_h).model_fields:
        part = getattr(child_h, table)
        for row in part if isinstance(part, tuple) else ():
            assert not DATED.search(getattr(row, "words", "")), row.words


def test_in_the_other_reading_he_left_unseen_the_last_time(child_h):
    usual, other = ({row.id: row for row in case.contact} for case in (child_h, reading(LAST_TIME)))
    assert usual.keys() == other.keys()
    assert {name for name in usual if usual[name] != other[name]} == {"h-e-selfharm-3", "h-e-selfharm-4"}
    assert [name for name, row in usual.items() if "h-f05" in row.items] == ["h-e-selfharm-3"]
    assert set(other["h-e-selfharm-4"].items) == {"h-f05", "h-f06"}
    assert other["h-e-selfharm-3"].items == ("h-f04",), "assessed a third time: the same worry, seen again"


def test_the_other_reading_scores_what_could_then_be_known():
    place = World(reading(LAST_TIME), load_practice())
    core, last = place.choices["h-d02"], place.choices["h-d05"]
    assert not could_be_seen(place, "h-f05", core) and could_be_seen(place, "h-f05", last)
    assert could_be_seen(place, "h-f07", core)


def test_what_only_a_question_brings_stands_nowhere_else(child_h):
    sought = {item for contact in child_h.contact for item in contact.sought}
    assert sought == {"h-f24", "h-f29", "h-f31"}
    assert not sought & {item for contact in child_h.contact for item in contact.items}


def test_every_fate_is_of_the_decisions_that_the_item_bears_on(child_h):
    fates = load_fates("child-h")
    assert fates.keys() == {item.id for item in child_h.item}
    for item in child_h.item:
        assert set(fates[item.id].decisions) == set(item.bears_on), item.id
        assert "§" in fates[item.id].cite


def test_targets_and_counterfactuals_name_what_the_case_has(child_h):
    roles, items, decisions = ({row.id for row in part} for part in (child_h.role, child_h.item, child_h.decision))
    for target in load_targets("child-h"):
        assert {*target.items, *target.without} <= items and set(target.roles) <= roles, target.id
        assert target.decision is None or target.decision in decisions, target.id
    pairs = {(item, choice.id) for item, choice in scored_pairs(World(child_h, load_practice()), None)}
    for row in load_counterfactuals("child-h"):
        assert {(item, decision) for item in row.items for decision in row.decisions} <= pairs, row.id
    told = {row.id.rstrip("abc") for row in (*load_targets("child-h"), *load_unsaid("child-h"))}
    assert told == {f"h-r{number:02}" for number in range(1, 17)}
