"""Which choices stand: what is dominated at its price, and which forgoes least in its worst world."""

from __future__ import annotations

import pandas as pd

from results.statistics import Change, holm_intervals, not_knowing
from results.tables import draw_means


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

    Of several that dominate a choice, the one that reaches most is named, of equals the first.
    """
    reach, hours = (
        runs.pivot(index=["draw", "replication"], columns="arm", values=name) for name in ("reach", "hours")
    )
    point = reach.index.get_level_values("draw") == 0
    arms = [str(arm) for arm in dict.fromkeys(runs["arm"])]
    means = {arm: (float(reach[arm][point].mean()), float(hours[arm][point].mean())) for arm in arms}
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


def least_worst(worst: pd.DataFrame) -> tuple[str, list[str]]:
    """The choice with the least worst regret, and those whose worst regret chance cannot tell from it. `worst` has arm,
    worst_regret and its band of chance."""
    best = worst.sort_values("worst_regret", kind="stable").iloc[0]
    near = worst[(worst["arm"] != best["arm"]) & (worst["chance_low"] <= best["chance_high"])]
    return str(best["arm"]), [str(arm) for arm in near["arm"]]
