"""How far word spreads and who holds how much, on small traces whose answer can be counted on one hand."""

from math import isnan
from types import SimpleNamespace

import pytest

from experiments.work import bench_for, run_once
from results.measures import lines, scored_at
from results.spread import (
    Audience,
    FirstRead,
    audience_of,
    delivered,
    first_read,
    happened,
    held,
    picture,
    spread,
    wider,
)
from results.store import Store
from simulation.journey import journeys
from simulation.setting import Choice
from simulation.trace import Trace

AGENCY = {"chair": "council", "head": "council", "gp": "surgery", "nurse": "clinic"}
MEETING = Choice("panel", "the panel", "conference", "chair", ("head",), 0, 100, 160, "panel")


def audience(choices=(MEETING,), leads=None):
    """Two critical facts, a and b, that bear on the panel, and c, which is not critical."""
    named = {choice.id: choice for choice in choices}
    deciders = frozenset(who for choice in choices for who in choice.all_deciders)
    readers = {name: len(choice.all_deciders) for name, choice in named.items()}
    return Audience(
        deciders,
        readers,
        {"a": 1, "b": 2},
        named,
        dict.fromkeys(named, 3),
        leads or {},
        {"a": "panel", "b": "panel"},
        AGENCY,
    )


def trace(*rows):
    """A trace of (time, act, who, whom, item, occasion, how[, happened[, cause]])."""
    made = Trace()
    for time, act, who, whom, item, occasion, how, *rest in rows:
        did, cause = (*rest, *(True, 0)[len(rest) :])
        made.write(time, (act, who, whom, item, occasion), did, None, "", how, 0.0, cause)
    return happened(made)


def hold(time, who, item, how):
    return time, "hold", who, "", item, "visit", how


def test_wider_counts_what_came_to_those_with_no_part():
    rows = trace(
        hold(1, "gp", "a", "saw"),
        hold(2, "desk", "a", "told"),
        hold(3, "desk", "c", "read"),
        hold(4, "chair", "a", "told"),
        hold(5, "head", "a", "read"),
        hold(6, "nurse", "a", "told"),
        hold(7, "clerk", "a", "start"),
        (8, "attend", "nurse", "", "", "panel", "speech"),
        (8, "attend", "desk", "", "", "panel", "speech", False),
    )
    assert wider(rows, audience()) == (2, 5)


def test_a_joint_decider_and_one_who_came_later_have_a_part():
    rows = trace(
        hold(1, "head", "a", "told"), hold(1, "gp", "a", "told"), (9, "attend", "gp", "", "", "panel", "speech")
    )
    assert wider(rows, audience()) == (0, 2)


def test_delivered_counts_each_item_before_each_person():
    rows = trace(
        (1, "tell", "gp", "desk", "a", "visit", "email"),
        (2, "arrive", "desk", "gp", "a", "visit", "email"),
        (3, "tell", "gp", "nurse", "c", "visit", "phone"),
        (3, "refer", "gp", "social-care", "b", "visit", "form"),
        (4, "report", "gp", "chair", "", "panel", "report"),
        (5, "include", "gp", "chair", "a", "panel", "", True, 5),
        (5, "include", "gp", "chair", "c", "panel", "", True, 5),
        (5, "include", "gp", "chair", "b", "panel", "", False, 5),
        (5, "deliver", "chair", "gp", "", "panel", "report", True, 5),
        (6, "present", "gp", "", "a", "panel", "speech"),
        (7, "raise", "nurse", "", "a", "panel", "speech"),
        (8, "arrive", "school", "", "", "panel", "minutes"),
    )
    message, call, form, paper_before_two, minutes = 1, 1, 1, 2 * 2, 1
    assert delivered(rows, audience()) == (message + call + form + paper_before_two + minutes, 1 + 1 + 2 + 1)


def test_a_late_paper_is_not_delivered():
    rows = trace(
        (4, "report", "gp", "chair", "", "panel", "report"),
        (5, "include", "gp", "chair", "a", "panel", "", True, 1),
        (5, "deliver", "chair", "gp", "", "panel", "late", True, 1),
    )
    assert delivered(rows, audience()) == (0, 0)


def test_the_room_is_pooled_as_it_begins_and_not_after():
    rows = trace(
        hold(1, "nurse", "a", "saw"),
        hold(2, "chair", "b", "told"),
        hold(3, "gp", "a", "saw"),
        (100, "attend", "nurse", "", "", "panel", "speech"),
        (100, "present", "nurse", "", "a", "panel", "speech"),
        hold(100, "chair", "a", "heard"),
        (160, "decide", "chair", "", "", "panel", ""),
    )
    assert picture(rows, audience()) == (0.5, 1.0, 1.0)
    absent = {**rows, "attend": []}
    assert picture(absent, audience()) == (0.5, 0.5, 1.0)


def test_where_no_meeting_decides_there_is_no_picture():
    rows = trace(hold(1, "chair", "a", "told"), (160, "decide", "chair", "", "", "alone", ""))
    assert all(isnan(share) for share in picture(rows, audience(())))


def test_first_read_is_the_first_lead_who_needed_it():
    rows = trace(hold(1, "chair", "a", "saw"), hold(5, "manager", "a", "told"), hold(7, "gp", "b", "saw"))
    leads = {"a": {"manager"}, "b": {"chair"}, "c": {"chair"}}
    assert first_read(rows, audience(leads=leads)) == [
        FirstRead("a", 1, 5),
        FirstRead("b", 7, None),
        FirstRead("c", None, None),
    ]


def test_an_agency_held_what_somebody_there_held_before_the_decision():
    rows = trace(
        hold(1, "chair", "a", "told"),
        hold(2, "head", "a", "told"),
        hold(3, "gp", "c", "saw"),
        hold(4, "gp", "b", "saw"),
        (160, "decide", "chair", "", "", "panel", ""),
        hold(161, "nurse", "a", "told"),
    )
    assert held(rows, audience()) == [("a", "council"), ("b", "surgery")]


def test_where_no_decision_was_taken_nothing_was_held_before_it():
    assert held(trace(hold(1, "gp", "a", "saw")), audience()) == []


@pytest.fixture(scope="module", params=["usual", "push-and-pull"])
def run(request, world, live):
    from simulation.routes import Routes

    place = world(None if request.param == "usual" else request.param)
    made = audience_of(place, scored_at(place))
    return SimpleNamespace(world=place, trace=live(place), audience=made, routes=Routes(place))


def test_the_measures_agree_with_the_journeys(run):
    """Whoever led a scored decision and had the item by then held it no later than that decision."""
    first = {row.item: row for row in first_read(happened(run.trace), run.audience)}
    frame = lines(run.world).set_index(["item", "decision"])["line"]
    for way in journeys(run.trace, run.world, run.routes):
        if way.read and way.item in first and frame[way.item, way.decision] == "scored":
            moment = first[way.item].read
            assert moment is not None and moment <= run.world.choices[way.decision].at


def test_a_whole_run_keeps_its_order(run):
    found = spread(happened(run.trace), run.audience)
    assert 0 < found.wider <= found.passed_on
    assert 0 < found.delivered_critical <= found.delivered
    assert 0 < found.room <= found.between <= 1
    assert 0 < found.one <= found.between


def test_the_runner_writes_one_row_a_run_and_who_held_what_as_usual_only(tmp_path):
    from experiments.compare import arms, perform
    from experiments.design import Experiment

    few = Experiment("compare", "rowan-family", arms(["pull"]), replications=3, draws=1, per_draw=2)
    comparison = perform(few, tmp_path / "run", workers=1)
    assert len(comparison.runs) == 2 * (3 + 2)
    items = len(scored_at(comparison.world))
    assert len(comparison.first_read) == 2 * (3 + 2) * items
    agencies = Store(tmp_path / "run").read("held")
    assert set(agencies["arm"]) == {"usual"} and set(agencies["draw"]) == {0, 1}
    known = {role.agency for role in comparison.world.case.role}
    assert set(agencies["agency"]) <= known and set(agencies["item"]) <= set(scored_at(comparison.world))
    rows = [table for table, _ in run_once(bench_for("rowan-family").world(few.arms[0], 1, 0), 1, 0, True)]
    assert (rows.count("runs"), rows.count("first_read")) == (1, items)
    assert comparison.runs["load"].gt(0).all() and comparison.runs["signal"].between(0, 1).all()
