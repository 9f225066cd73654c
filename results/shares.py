"""When items come to those who need them, and who holds them: shares that are counted over runs."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from results.measures import KEY

WEEK = 7 * 24 * 60
"""Minutes."""


def by_each_week(first: pd.DataFrame, end: int) -> pd.DataFrame:
    """Of the critical items that are scored, the share that a lead who needed it held by the end of each week, from 0.

    `first` is the table first_read, `end` the window's last minute. One row per draw, replication and arm, one column
    for each week. What is never noticed or never sent stays in the denominator.
    """
    last = -(-end // WEEK)
    week = -(-first["read"] // WEEK)
    counts = (
        first.assign(week=week.fillna(last + 1)).groupby([*KEY, "week"], observed=True).size().unstack(fill_value=0)
    )
    held = counts.reindex(columns=range(last + 2), fill_value=0)
    shares = held.cumsum(axis=1).div(held.sum(axis=1), axis=0)[range(last + 1)]
    return shares.set_axis([str(week) for week in range(last + 1)], axis=1).reset_index()


def who_held(parts: Iterable[pd.DataFrame], runs: dict[int, int]) -> pd.DataFrame:
    """For each critical item and each agency, in how many of 100 runs somebody there held it before the last decision
    at which it is scored, with the range over draws.

    `parts` are of the table held; `runs` says how many runs each draw has.
    """
    keys = ["item", "agency", "draw"]
    sums = [part.groupby(keys, observed=True).size().rename("runs").reset_index() for part in parts]
    whole = pd.concat([part.astype({"item": str, "agency": str}) for part in sums])
    counts = whole.groupby(keys)["runs"].sum().unstack("draw", fill_value=0)
    per_100 = 100 * counts.reindex(columns=list(runs), fill_value=0) / pd.Series(runs)
    drawn = per_100[[draw for draw in runs if draw]]
    ends = {"not_knowing_low": drawn.min(axis=1), "not_knowing_high": drawn.max(axis=1)}
    return pd.DataFrame({"per_100": per_100[0], **ends}).assign(runs=runs[0]).reset_index()
