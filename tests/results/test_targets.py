"""What a review documents, asked of one run at a time: each word of it, and that the file names what there is."""

from __future__ import annotations

from datetime import datetime
from io import StringIO

import pandas as pd
import pytest
from pydantic import ValidationError
from rich.console import Console

from results.measures import against_targets
from results.spread import happened
from results.tables import against_review, not_expressible
from results.targets import BY_A_ROLE, MEASURES, Run, Target, load_targets, load_unsaid, met
from simulation.journey import journeys
from simulation.routes import Routes

ROWS = {f"R{number:02}" for number in range(1, 26)}


@pytest.fixture(scope="module")
def run(world, live):
    """One run of Child S as usual, arranged for targets."""
    place = world()
    trace = live(place)
    ways = {(way.item, way.decision): way for way in journeys(trace, place, Routes(place))}
    return Run(happened(trace), place, ways), trace


def asked(run, measure, part, **fields):
    """Whether a target of this measure came about for one item or role."""
    what = "roles" if measure in BY_A_ROLE else "items"
    names = {what: (part,), "decision": "M13", "by": datetime(2020, 7, 13, 10)} | fields
    target = Target(id="T", words="a target", measure=measure, share=0.5, cite="here", **names)
    return MEASURES[measure](run, target, part)


def test_every_row_of_the_table_is_asked_or_said_to_be_beyond_a_run():
    said = [row.id for row in (*load_targets("child-s"), *load_unsaid("child-s"))]
    assert {name[:3] for name in said} == ROWS
    targets = [target.id for target in load_targets("child-s")]
    assert len(set(targets)) == len(targets)


def test_a_target_names_what_the_case_has(world):
    place = world()
    for target in load_targets("child-s"):
        assert {*target.items, *target.without} <= set(place.items) and {*target.roles} <= set(place.roles), target.id
        assert target.decision is None or target.decision in place.choices, target.id


@pytest.mark.parametrize("measure", MEASURES)
def test_a_target_that_says_too_little_is_refused(measure):
    with pytest.raises(ValidationError, match="needs"):
        Target(id="T", words="too little", measure=measure, share=0.5, cite="nowhere")


def test_voiced_is_what_was_said_in_the_room(run):
    seen, trace = run
    said = {
        (e.item, e.who) for e in trace.events if e.act in ("present", "raise") and e.happened and e.occasion == "M13"
    }
    assert said
    for item, who in said:
        assert asked(seen, "voiced", item)
        assert asked(seen, "voiced", item, roles=(who,))
        assert not asked(seen, "on-paper", item)
    assert not asked(seen, "voiced", "F70", roles=())


def test_on_paper_is_in_a_report_in_time_and_not_said(run):
    seen, trace = run
    papers = {event.cause for event in trace.events if event.act == "deliver" and event.how == "report"}
    written = {
        e.item for e in trace.events if e.act == "include" and e.happened and e.cause in papers and e.occasion == "M13"
    }
    for item in written:
        assert asked(seen, "on-paper", item) != asked(seen, "voiced", item)


def test_weighed_is_read_and_more(run):
    seen, _ = run
    weighed = {key for key, way in seen.ways.items() if way.weighed}
    assert weighed
    for item, decision in weighed:
        assert asked(seen, "weighed", item, decision=decision) and asked(seen, "read", item, decision=decision)


def test_held_counts_every_role_or_any(run):
    seen, trace = run
    held = next(event for event in trace.events if event.act == "hold" and event.time > 0)
    nobody = next(who for who in seen.world.roles if (who, held.item) not in seen.held)
    at = seen.world.calendar.moment(held.time)
    before = seen.world.calendar.moment(held.time - 1)
    both = (held.who, nobody)
    assert asked(seen, "held", held.item, roles=(held.who,), by=at)
    assert not asked(seen, "held", held.item, roles=(held.who,), by=before)
    assert not asked(seen, "held", held.item, roles=both, by=at)
    assert asked(seen, "held", held.item, roles=both, any_role=True, by=at)


def test_half_held_asks_for_more_than_half_in_one_head(run):
    seen, _ = run
    held = [item for who, item in seen.held if who == "sw-allocated"]
    never = [item for item in seen.world.items if all(of != item for _, of in seen.held)]
    assert asked(seen, "half-held", "", items=tuple(held[:2]), by=datetime(2020, 8, 13))
    assert not asked(seen, "half-held", "", items=(held[0], never[0]), by=datetime(2020, 8, 13))


@pytest.mark.parametrize("measure", ["attended", "minutes-came", "minutes-opened", "reported"])
def test_what_a_role_did_is_read_off_its_own_rows(run, measure):
    """Somebody did at some meeting, and the desk that is asked to nothing did not."""
    seen, _ = run
    meetings = seen.world.meetings
    days = {"working_days": 200}
    assert any(asked(seen, measure, who, decision=name, **days) for who in seen.world.roles for name in meetings)
    assert not any(asked(seen, measure, "ics-front-door", decision=name, **days) for name in meetings)


def test_a_share_under_a_half_is_the_most_expected_unless_the_row_says_otherwise():
    row = {"id": "T", "words": "x", "items": ("F12",), "decision": "M04", "cite": "§1"}
    said = [Target(**row, share=share, bound=bound).expected for share in (0.4, 0.5) for bound in (None, "at least")]
    assert said == ["at most", "at least", "at least", "at least"]
    assert Target(**row, share=0.5, bound="at most").expected == "at most"


def test_two_items_are_asked_of_one_run(run):
    seen, _ = run
    rows = [row for row in met(seen.rows, seen.world, seen.ways.values()) if row[0] == "R09"]
    assert [part for _, part, _ in rows] == ["F36", "not F35"]
    assert rows[1][2] != seen.ways["F35", "M12"].read


def test_the_whole_table_is_readable_at_a_hundred_columns(run):
    seen, _ = run
    rows = [(0, *row) for row in met(seen.rows, seen.world, seen.ways.values())]
    frame = pd.DataFrame(rows, columns=["replication", "target", "part", "met"])
    console = Console(width=100, record=True, file=StringIO())
    console.print(against_review(against_targets(frame, load_targets("child-s"))))
    console.print(not_expressible(load_unsaid("child-s")))
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 100
    assert "…" not in text and "at most 20%" in text and "chosen for review because something was lost" in text
