"""By week and by agency, and past each stage: counted by hand."""

import pandas as pd
import pytest

from results.measures import MEASURES, Pairs, of_run
from results.shares import WEEK, by_each_week, who_held
from results.spread import Spread
from simulation.journey import Journey


def test_by_each_week_keeps_in_the_hundred_what_never_comes():
    rows = [
        (0, 0, "usual", "a", 0),
        (0, 0, "usual", "b", WEEK),
        (0, 0, "usual", "c", WEEK + 1),
        (0, 0, "usual", "d", None),
    ]
    first = pd.DataFrame(rows, columns=["draw", "replication", "arm", "item", "read"])
    found = by_each_week(first, 3 * WEEK - 1)
    assert list(found.columns) == ["draw", "replication", "arm", "0", "1", "2", "3"]
    assert found.iloc[0][["0", "1", "2", "3"]].tolist() == pytest.approx([0.25, 0.5, 0.75, 0.75])


def test_by_each_week_of_each_run_its_own():
    rows = [(0, run, arm, "a", 1 if run else None) for run in (0, 1) for arm in ("usual", "push")]
    found = by_each_week(pd.DataFrame(rows, columns=["draw", "replication", "arm", "item", "read"]), WEEK)
    assert found.set_index(["replication", "arm"])["1"].to_dict() == {
        (0, "usual"): 0,
        (0, "push"): 0,
        (1, "usual"): 1,
        (1, "push"): 1,
    }


def test_who_held_counts_runs_in_parts_and_ranges_over_draws():
    names = ["draw", "replication", "arm", "item", "agency"]
    parts = [
        pd.DataFrame([(0, 0, "usual", "a", "police"), (0, 1, "usual", "a", "police")], columns=names),
        pd.DataFrame([(0, 2, "usual", "a", "gp"), (1, 0, "usual", "a", "police")], columns=names),
    ]
    found = who_held(parts, {0: 4, 1: 1, 2: 1}).set_index("agency")
    assert found.loc["police", ["per_100", "not_knowing_low", "not_knowing_high"]].tolist() == [50, 0, 100]
    assert found.loc["gp", ["per_100", "not_knowing_low", "not_knowing_high", "runs"]].tolist() == [25, 0, 0, 4]


def way(item, stage, read=False):
    return Journey(item, "D", read, read and not stage, False, read, stage, "", "", 0)


def test_past_each_stage_and_about_each_subject():
    ways = [way("a", "noticed"), way("b", "sent"), way("c", "weighed", True), way("d", "", True)]
    every = frozenset((item, "D") for item in "abcd")
    about = {
        "the child": frozenset({("a", "D"), ("d", "D")}),
        "the home": frozenset({("b", "D")}),
        "the adults": frozenset(),
    }
    pairs = Pairs(every, every, frozenset(), frozenset(), about | {"services": frozenset()}, 4)
    found = dict(zip(MEASURES, of_run(ways, Spread(0, 0, 0, 0, 0.0, 0.0, 0.0), [60.0], pairs), strict=True))
    past = [found[f"past_{stage}"] for stage in ("noticed", "recorded", "recognised", "sent", "delivered")]
    assert past == [0.75, 0.75, 0.75, 0.5, 0.5]
    assert (found["reach"], found["weighed"]) == (0.5, 0.25)
    assert (found["about_child"], found["about_home"]) == (0.5, 0)
    assert found["about_adults"] != found["about_adults"]
