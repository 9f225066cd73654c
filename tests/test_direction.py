"""What ought to move moves, and what ought not does not: pairs of runs on the same luck.

The counterfactuals are read from the case's file of them, `scenarios/targets/child-s-counterfactuals.toml`. The slow
tests print what they find: `pytest -m slow -s tests/test_direction.py`.
"""

from datetime import datetime
from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table

from experiments.design import Arm
from experiments.direction import Moved, as_table, direction, load_counterfactuals, measured
from results.statistics import Interval, paired_difference

ROWS = load_counterfactuals("child-s")
ASKED = [row.id for row in ROWS if row.asked]
PRINTED = [row.id for row in ROWS if not row.asked]
REPLICATIONS = 400
WELL = 1600
"""Of a row to which practice as usual leaves little to add (it bears a `why`): its rise is then known to one in 100."""
HOURS = (34, 31, 28)
"""The weeks that the usual 37 hours are cut to."""
SHARING = (45, 40, 37, 35, 33, 31, 28, 24)
"""The weeks at which everything is shared with everybody."""
NAMES = ("reach", "weighed", "hours", "load", "wider")
PLAIN = ("hours", "load", "wider")
"""What is no share of anything."""


def show(*what):
    console = Console(width=100)
    for each in what:
        console.print(each)


# --- always: what a few runs can say without doubt -----------------------------------------------


def test_a_counterfactual_names_what_the_case_has(child_s, policies, practice):
    items, decisions = ({row.id for row in table} for table in (child_s.item, child_s.decision))
    for row in ROWS:
        assert set(row.items) <= items and set(row.decisions) <= decisions and set(row.policies) <= set(policies)
        assert set(row.leaves) <= set(practice.leaves)


def test_more_of_the_may_incidents_arrive_where_police_must_tell(tmp_path):
    [moved] = direction("child-s", tuple(row for row in ROWS if row.id == "C01"), tmp_path, replications=12)
    assert moved.holds, moved.together


@pytest.mark.parametrize(
    ("low", "high", "holds"), [(-0.01, 0.019, True), (-0.01, 0.03, False), (-0.03, 0.01, False), (0.03, 0.04, False)]
)
def test_next_to_nothing_moves_only_where_the_whole_interval_says_so(low, high, holds):
    null = next(row for row in ROWS if row.id == "C10")
    assert null.within == 0.02
    band = Interval((low + high) / 2, low, high, 400)
    assert Moved(null, 0.5, band, {"one": band}, same=False).holds == holds


def test_a_row_that_takes_more_runs_to_tell_is_given_them(tmp_path):
    few, many = (row for row in ROWS if row.id in ("C10-campaign", "P46"))
    found = direction("child-s", (few, many.model_copy(update={"at_least": 6})), tmp_path / "run", replications=3)
    assert [moved.together.n for moved in found] == [3, 6]
    assert all(moved.same and moved.holds for moved in found)
    Console(width=80, file=(told := StringIO())).print(as_table(found, "as recorded"))
    assert "run by run" in told.getvalue() and "…" not in told.getvalue()


@pytest.mark.parametrize("policy", ["P46", "P48", "P13"])
def test_what_has_no_route_changes_no_event(world, live, policy):
    usual, null = world(), world(policy)
    for replication in range(2):
        assert live(null, replication).events == live(usual, replication).events


# --- slow: the counterfactuals -------------------------------------------------------------------


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    root = tmp_path_factory.mktemp("direction")
    little_left = tuple(row for row in ROWS if row.asked and row.why)
    found = {each.row.id: each for each in direction("child-s", ROWS, root / "run", REPLICATIONS)}
    found |= {each.row.id: each for each in direction("child-s", little_left, root / "more", WELL)}
    show(as_table([*found.values()]))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKED)
def test_what_ought_to_move_moves_and_what_ought_not_does_not(moved, name):
    assert moved[name].holds, f"{moved[name].together} {moved[name].pairs}"


@pytest.mark.slow
@pytest.mark.parametrize("name", [row.id for row in ROWS if row.asked and row.expect == "more"])
def test_each_pair_of_its_own_moves(moved, name):
    """Simultaneously over the pairs of the row (Holm), each by its own score interval."""
    assert all(band.low > 0 for band in moved[name].pairs.values()), moved[name].pairs


@pytest.mark.slow
def test_two_incidents_call_people_together_in_most_runs(world, live):
    """C07: an urgent meeting between 31 July and the core group of 10 August, and what was said there."""
    place, runs = world("P43"), 100
    window = range(*(place.calendar.minute(datetime(2020, *day)) for day in ((7, 31), (8, 10, 10))))
    called, said = 0, dict.fromkeys(("F61", "F63", "F65", "F67"), 0)
    for replication in range(runs):
        events = live(place, replication).events
        meetings = {event.occasion for event in events if event.act == "call" and event.time in window}
        voiced = {e.item for e in events if e.act in ("present", "raise") and e.happened and e.occasion in meetings}
        called += bool(meetings)
        said = {item: count + (item in voiced) for item, count in said.items()}
    show(f"C07: an urgent meeting in {called} of {runs} runs; said there: {said}")
    assert called > runs / 2


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["P46", "P48", "P13"])
def test_what_has_no_route_changes_no_event_in_many_runs(world, live, policy):
    usual, null = world(), world(policy)
    for replication in range(40):
        assert live(null, replication).events == live(usual, replication).events


# --- slow: hours ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def at_hours(tmp_path_factory, policies):
    """Each measure with a run a line and a column for each arm: "usual 37", "shared 37", …"""
    arms = [Arm(f"usual {week}", changes=(("load.hours", float(week)),)) for week in {*HOURS, *SHARING}]
    everything = (policies["share-everything"],)
    arms += [Arm(f"shared {week}", everything, (("load.hours", float(week)),)) for week in SHARING]
    runs = measured("child-s", tuple(arms), tmp_path_factory.mktemp("hours") / "run", REPLICATIONS // 4)
    return lambda name: (1 if name in PLAIN else 100) * runs.pivot(index="replication", columns="arm", values=name)


def band(frame, arm, against):
    """Their paired difference, as words and as an interval."""
    found = paired_difference(frame[arm], frame[against])
    return f"{found.centre:+.1f} ±{(found.high - found.low) / 2:.1f}", found


@pytest.mark.slow
@pytest.mark.parametrize("week", HOURS)
def test_with_everybodys_hours_cut_reach_falls(at_hours, week):
    words, reach = band(at_hours("reach"), f"usual {week}", "usual 37")
    show(f"{week} hours a week instead of 37: reach {words} per 100")
    assert reach.high < 0


@pytest.mark.slow
def test_sharing_everything_costs_hours_and_reading(at_hours):
    """Whether it makes weighed reach worse is printed, at each load twice: against usual in the same week, and against
    usual in 37 hours, as if the same asked for every other family had taken the rest of that week."""
    table = Table(
        "hours a week", *NAMES, "weighed, against usual at 37", title="Everything told to everybody, less usual"
    )
    for week in SHARING:
        found = {name: band(at_hours(name), f"shared {week}", f"usual {week}") for name in NAMES}
        at_37 = band(at_hours("weighed"), f"shared {week}", "usual 37")[0]
        table.add_row(str(week), *(words for words, _ in found.values()), at_37)
        assert found["hours"][1].low > 0 and found["load"][1].low > 0 and found["wider"][1].low > 0
    levels = Table("hours a week", *NAMES, title="Practice as usual")
    for week in SHARING:
        levels.add_row(str(week), *(f"{at_hours(name)[f'usual {week}'].mean():.1f}" for name in NAMES))
    show(levels, table)
