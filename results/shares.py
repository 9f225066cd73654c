"""Shares of each run, asked in three ways: past which stage, about whose life, by which week. And who held what.

Each frame has a row per draw, replication and arm and a share from 0 to 1 in each column, as `tables.differences`
takes it.
"""

from __future__ import annotations

import pandas as pd

from results.measures import KEY, SCORED
from simulation.reasons import STAGES

SUBJECTS: dict[str, tuple[str, ...]] = {
    "the child": ("child-wellbeing", "injury", "sleep", "pregnancy"),
    "the adults": ("drink", "drugs", "violence", "parent-mind"),
    "the home": ("home", "tenancy"),
    "services": ("engagement", "history", "network", "process"),
}
"""Whose life an item is about, by its topic. A case file does not say which child an item concerns."""

WEEK = 7 * 24 * 60
"""Minutes."""


def past_each_stage(journeys: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Of the scored pairs of a critical item and a decision, the share that went on past each stage."""
    pairs = journeys.merge(_scored(frame), on=["item", "decision"])
    stopped = pairs.groupby([*KEY, "stage"], observed=True).size().unstack("stage", fill_value=0)
    whole = stopped.sum(axis=1)
    lost = stopped.reindex(columns=list(STAGES), fill_value=0).cumsum(axis=1)
    past = lost.rsub(whole, axis=0).div(whole, axis=0)
    return past.rename_axis(columns=None).reset_index()


def about_each_subject(journeys: pd.DataFrame, frame: pd.DataFrame, topics: dict[str, str]) -> pd.DataFrame:
    """Reach, for each subject that has a scored pair; `topics` gives each item's topic."""
    of_topic = {topic: subject for subject, several in SUBJECTS.items() for topic in several}
    scored = _scored(frame)
    scored["subject"] = [of_topic[topics[item]] for item in scored["item"]]
    pairs = journeys.merge(scored, on=["item", "decision"])
    reach = pairs.groupby([*KEY, "subject"], observed=True)["read"].mean().unstack("subject")
    return reach.reindex(columns=[name for name in SUBJECTS if name in reach]).rename_axis(columns=None).reset_index()


def _scored(frame: pd.DataFrame) -> pd.DataFrame:
    mine = frame[(frame["line"] == SCORED) & (frame["critical"] == "yes")]
    return mine[["item", "decision"]].copy()


def by_each_week(first: pd.DataFrame, end: int) -> pd.DataFrame:
    """Of the critical items that are scored, the share that a lead who needed it held by the end of each week.

    `first` is the table first_read, `end` the window's last minute. What is never noticed or never sent stays in the
    denominator.
    """
    weeks = range(-(-end // WEEK) + 1)
    runs = first.groupby(KEY, observed=True)
    known = {week: (first["read"] <= week * WEEK).groupby([first[key] for key in KEY], observed=True) for week in weeks}
    return pd.DataFrame({str(week): of.sum() / runs.size() for week, of in known.items()}).reset_index()


def who_held(held: pd.DataFrame, runs: dict[int, int]) -> pd.DataFrame:
    """For each critical item and each agency, in how many of 100 runs somebody there held it before the last decision
    at which it is scored, with the range over draws. `runs` says how many runs each draw has."""
    counts = held.groupby(["item", "agency", "draw"], observed=True).size().unstack("draw", fill_value=0)
    per_100 = 100 * counts.reindex(columns=list(runs), fill_value=0) / pd.Series(runs)
    drawn = per_100[[draw for draw in runs if draw]]
    out = pd.DataFrame(
        {"per_100": per_100[0], "not_knowing_low": drawn.min(axis=1), "not_knowing_high": drawn.max(axis=1)}
    )
    out["runs"] = runs[0]
    return out.reset_index()
