"""How well chances agree with what is documented: ranking, level, calibration.

Every array holds one number per pair of an item and a decision: `happened` is 1 where the review says that the
decider had it in time and 0 where it says she had not; `chance` is the share of runs in which the model's decider
had; `case` names the review. The reviews were written *because* something was lost, so ranking is judged and level is
printed only (`design.md` §11).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from results.statistics import LEVEL, Interval

Numbers = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]

RESAMPLES: Final = 2000
LEAST_OF_EACH: Final = 5
"""A ranking of one review alone is given where both answers have at least this many items."""
WARNING: Final = "These families were chosen because something was lost; ordinary practice should come out less gloomy."


def auc(happened: npt.ArrayLike, chance: npt.ArrayLike) -> float:
    """The chance that a pair that arrived was given a higher chance than one that did not; ties count half.

    0.5 is no better than guessing, 1 a perfect ranking; NaN where only one answer occurs. The Mann-Whitney statistic.
    """
    yes, values = _both(happened, chance)
    if yes.all() or not yes.any():
        return math.nan
    above = values[yes][:, None] - values[~yes][None, :]
    return float((above > 0).mean() + (above == 0).mean() / 2)


def pooled_auc(
    happened: npt.ArrayLike,
    chance: npt.ArrayLike,
    case: npt.ArrayLike,
    item: npt.ArrayLike,
    seed: int = 1,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Interval:
    """The ranking over all reviews, with its percentile interval by drawing items afresh within each review.

    An item brings all its decisions with it: they share its luck, so they are no independent evidence. `n` is how many
    items there are. The interval says what other items of the same reviews might have given; other reviews may differ
    by more.
    """
    yes, values = _both(happened, chance)
    groups = _groups(np.asarray(case, str), np.asarray(item, str))
    draws = np.random.Generator(np.random.PCG64(seed))
    found = []
    for _ in range(resamples):
        rows = [mine[place] for mine in groups.values() for place in draws.integers(len(mine), size=len(mine))]
        drawn = np.concatenate(rows)
        found.append(auc(yes[drawn], values[drawn]))
    ends = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2]) if found else (math.nan, math.nan)
    count = sum(len(mine) for mine in groups.values())
    return Interval(auc(yes, values), float(ends[0]), float(ends[1]), count)


def _groups(case: Names, item: Names) -> dict[str, list[npt.NDArray[np.intp]]]:
    """For each review, the rows of each of its items."""
    groups: dict[str, list[npt.NDArray[np.intp]]] = {}
    for name in np.unique(case):
        mine = case == name
        groups[str(name)] = [np.flatnonzero(mine & (item == one)) for one in np.unique(item[mine])]
    return groups


def brier(happened: npt.ArrayLike, chance: npt.ArrayLike) -> float:
    """The mean squared distance of a chance from what came about; 0 is best, always saying a half gives 0.25."""
    yes, values = _both(happened, chance)
    return float(((values - yes) ** 2).mean())


def log_score(happened: npt.ArrayLike, chance: npt.ArrayLike, runs: int) -> float:
    """Bits lost per pair: the mean of -log2 of the chance given to what came about; 0 is best, 1 is a coin's.

    A share of `runs` runs is moved off 0 and 1 by half a run either side (Krichevsky and Trofimov), since none in 400
    is no proof of never.
    """
    yes, values = _both(happened, chance)
    smoothed = (values * runs + 0.5) / (runs + 1)
    return float(-np.log2(np.where(yes, smoothed, 1 - smoothed)).mean())


@dataclass(frozen=True)
class Bin:
    """Pairs that were given much the same chance: how many, the mean chance, and the share that came about."""

    pairs: int
    chance: float
    happened: float


def calibration(happened: npt.ArrayLike, chance: npt.ArrayLike, bins: int = 5) -> list[Bin]:
    """Pairs in bands of equal width from 0 to 1, those bands left out that hold none."""
    yes, values = _both(happened, chance)
    place = np.minimum((values * bins).astype(int), bins - 1)
    return [
        Bin(int(mine.sum()), float(values[mine].mean()), float(yes[mine].mean()))
        for mine in (place == number for number in range(bins))
        if mine.any()
    ]


def base_rates(happened: npt.ArrayLike, case: npt.ArrayLike) -> Numbers:
    """For each pair the share that arrived in the *other* reviews: what one would say knowing those alone.

    NaN where there is no other review.
    """
    yes, cases = np.asarray(happened, float), np.asarray(case, str)
    out = np.full(yes.shape, math.nan)
    for name in np.unique(cases):
        others = yes[cases != name]
        if others.size:
            out[cases == name] = others.mean()
    return out


def _both(happened: npt.ArrayLike, chance: npt.ArrayLike) -> tuple[npt.NDArray[np.bool_], Numbers]:
    """The two arrays, checked. Raises ValueError where they do not belong together or a chance is none."""
    yes, values = np.asarray(happened, bool), np.asarray(chance, float)
    if yes.shape != values.shape or yes.ndim != 1:
        raise ValueError(f"one answer and one chance for each pair: got {yes.shape} and {values.shape}")
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("a chance lies between 0 and 1")
    return yes, values
