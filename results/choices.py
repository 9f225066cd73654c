"""Which choices stand: what is dominated at its price, and how much each forgoes in each world we cannot tell apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from results.statistics import Change, holm_intervals, not_knowing, paired_difference
from results.tables import PER, draw_means


def frontier(points: dict[str, tuple[float, float]]) -> list[str]:
    """The choices that no other reaches or passes for the same hours or less, on point values, from the least hours up.

    `points` gives reach and hours. Of two that are equal in both, the first stands.
    """
    apart = {points[name]: name for name in reversed(points)}
    beaten = {one for one in apart for other in apart if _as_good(other, one)}
    return [apart[point] for point in sorted(apart.keys() - beaten, key=lambda point: point[1])]


def _as_good(other: tuple[float, float], one: tuple[float, float]) -> bool:
    return other[0] >= one[0] and other[1] <= one[1] and other != one


def dominated_by(runs: pd.DataFrame) -> dict[str, str]:
    """Each choice that another dominates, with that other: it reaches at least as much for no more hours, one of the
    two clearly (the simultaneous interval over all such pairs and the range over draws leave out zero).

    Of several that dominate a choice, the one that reaches most is named.
    """
    reach, hours = (
        runs.pivot(index=["draw", "replication"], columns="arm", values=name) for name in ("reach", "hours")
    )
    point = reach.index.get_level_values("draw") == 0
    means = {str(arm): (float(reach[arm][point].mean()), float(hours[arm][point].mean())) for arm in reach}
    pairs = [(one, other) for one in means for other in means if _as_good(means[other], means[one])]
    found: dict[str, str] = {}
    for values, better in ((reach, "more"), (hours, "fewer")):
        moved = {f"{one} {other}": values[other] - values[one] for one, other in pairs}
        bands = holm_intervals({name: gap[point].to_numpy(float) for name, gap in moved.items()})
        for one, other in pairs:
            name = f"{one} {other}"
            if Change(bands[name], not_knowing(draw_means(moved[name]))).finding == better:
                found[one] = max(found.get(one, other), other, key=lambda arm: means[arm])
    return found


def regret(runs: pd.DataFrame) -> pd.DataFrame:
    """What each choice forgoes in each world: how many more of 100 pairs the choice that reaches most there reads.

    A world is a draw of the prior leaves; practice as usual is a choice. `chance_low` and `chance_high` are the 95 %
    interval of that difference over the world's own runs, which are few: taking the most of several noisy means makes
    regret err high. One row per choice and world; none where no leaf was drawn.
    """
    columns = ["arm", "world", "reach_per_100", "most", "regret", "chance_low", "chance_high", "runs"]
    rows = []
    for world, mine in runs[runs["draw"] > 0].groupby("draw"):
        wide = mine.pivot(index="replication", columns="arm", values="reach")
        reach = {str(arm): wide[arm].to_numpy(float) for arm in dict.fromkeys(mine["arm"])}
        means = {arm: PER * float(np.nanmean(values)) for arm, values in reach.items()}
        most = max(means, key=means.__getitem__)
        for arm, values in reach.items():
            forgone = paired_difference(reach[most], values).times(PER)
            ends = (0.0, 0.0) if arm == most else (forgone.low, forgone.high)
            rows.append((arm, int(str(world)), means[arm], most, forgone.centre, *ends, forgone.n))
    return pd.DataFrame(rows, columns=columns)


def worst_cases(found: pd.DataFrame) -> pd.DataFrame:
    """Of each choice: its worst world, what it forgoes there, and in how many of 100 worlds it forgoes nothing."""
    rows = []
    for arm, mine in found.groupby("arm", sort=False):
        worst = mine.sort_values("regret", ascending=False, kind="stable").iloc[0]
        least = PER * float((mine["most"] == arm).mean())
        ends = (float(worst["regret"]), float(worst["chance_low"]), float(worst["chance_high"]))
        rows.append((str(arm), *ends, int(worst["world"]), str(worst["most"]), least, len(mine), int(worst["runs"])))
    names = [
        "arm",
        "worst_regret",
        "chance_low",
        "chance_high",
        "world",
        "most_there",
        "most_in_per_100",
        "worlds",
        "runs",
    ]
    return pd.DataFrame(rows, columns=names)


def least_worst(worst: pd.DataFrame) -> tuple[str, list[str]]:
    """The choice with the least worst regret, and those whose worst regret chance cannot tell from it."""
    best = worst.sort_values("worst_regret", kind="stable").iloc[0]
    near = worst[(worst["arm"] != best["arm"]) & (worst["chance_low"] <= best["chance_high"])]
    return str(best["arm"]), [str(arm) for arm in near["arm"]]
