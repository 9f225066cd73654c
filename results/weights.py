"""What weighted runs say: likelihood weighting, its errors, and when there are too few.

A run that fits a record weighs the chance of what was recorded, at its own chances; a run that does not weighs nothing.
P(record) is the mean weight over all runs, the dead among them, and any measure given the record is the weighted mean.
Weights are kept as logarithms; the largest is taken off before they are raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, log, log2, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from results.statistics import Interval

Floats = NDArray[np.float64]
ENOUGH = 400.0
"""Effective runs from which on an interval is printed. No run can then carry over 1/√400 = 5 % of the weight."""
APART = 3.0
"""Standard errors that the two halves of the runs may differ by in the logarithm of P(record)."""
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Weights:
    """The runs of one record under one practice. `logs` are natural logarithms, -inf for a run that does not fit."""

    logs: Floats

    @cached_property
    def relative(self) -> Floats:
        """The weights, the largest taken as 1; all 0 where no run fits."""
        top = self.logs.max(initial=-inf)
        return np.zeros_like(self.logs) if top == -inf else np.exp(self.logs - top)

    @property
    def alive(self) -> int:
        """How many runs fit the record."""
        return int(np.count_nonzero(self.relative))

    @cached_property
    def effective(self) -> float:
        """(Σw)² / Σw²: how many runs of equal weight would say as much (Kong 1992)."""
        squares = float(np.sum(self.relative**2))
        return float(np.sum(self.relative)) ** 2 / squares if squares else 0.0

    @property
    def largest(self) -> float:
        """The share of the weight that the heaviest run carries."""
        total = float(self.relative.sum())
        return float(self.relative.max(initial=0.0)) / total if total else 1.0

    @property
    def surprise(self) -> Interval:
        """−log2 of the mean weight, in bits, with its 95 % band."""
        bits, error = self.bits
        return Interval(bits, bits - NORMAL_95 * error, bits + NORMAL_95 * error, len(self.logs))

    @property
    def bits(self) -> tuple[float, float]:
        """−log2 of the mean weight and its standard error, sd(w) / (mean w · √N · ln 2); infinite where no run fits."""
        n, mean = len(self.logs), float(self.relative.mean()) if len(self.logs) else 0.0
        if not mean:
            return inf, inf
        error = float(self.relative.std(ddof=1)) / (mean * sqrt(n) * log(2)) if n > 1 else inf
        return -log2(mean) - float(self.logs.max()) / log(2), error

    @property
    def halves_agree(self) -> bool:
        """Whether the even and the odd runs agree on log P(record) within three standard errors."""
        (one, error), (other, as_error) = (Weights(self.logs[start::2]).bits for start in (0, 1))
        return one < inf and other < inf and abs(one - other) <= APART * sqrt(error**2 + as_error**2)

    @property
    def too_few(self) -> str:
        """Why no interval may be printed; "" where one may."""
        if self.effective < ENOUGH:
            return f"{self.effective:.0f} effective runs of {ENOUGH:.0f}"
        return "" if self.halves_agree else "two halves of the runs disagree on how likely the record is"

    def mean(self, values: ArrayLike) -> tuple[float, float]:
        """Σwy / Σw and its standard error, √Σw²(y − ȳ)² / Σw."""
        y, w = np.asarray(values, float), self.relative
        total = float(w.sum())
        centre = float(w @ y) / total
        return centre, sqrt(float(np.sum((w * (y - centre)) ** 2))) / total

    def share(self, answers: ArrayLike) -> Interval:
        """The weighted share of yes, with a 95 % score interval on as many runs as its standard error stands for."""
        centre, error = self.mean(answers)
        n = centre * (1 - centre) / error**2 if error else self.effective
        z2 = NORMAL_95**2
        middle = (centre + z2 / (2 * n)) / (1 + z2 / n)
        half = NORMAL_95 * sqrt(centre * (1 - centre) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return Interval(centre, max(0.0, middle - half), min(1.0, middle + half), len(self.logs))

    def difference(self, other: ArrayLike, recorded: ArrayLike) -> Interval:
        """Weighted mean of other minus recorded over the same runs. Where none differs: 0 ± 3 / effective runs."""
        d = np.asarray(other, float) - np.asarray(recorded, float)
        if not np.any(d[self.relative > 0]):
            return Interval(0.0, -3 / self.effective, 3 / self.effective, len(self.logs))
        centre, error = self.mean(d)
        return Interval(centre, centre - NORMAL_95 * error, centre + NORMAL_95 * error, len(self.logs))


def roulette(weights: Weights, most: int, luck: ArrayLike) -> tuple[NDArray[np.intp], Floats]:
    """Which runs to follow further, about `most` of them, and what each weighs then.

    A run is kept with the chance min(1, w / c) and then weighs max(w, c): the heavy all stay as they are, of the light
    few stay and stand for the others. `luck` is a uniform for each run. No estimate moves by it.
    """
    w = weights.relative
    if np.count_nonzero(w) <= most:
        kept = np.flatnonzero(w)
        return kept, np.asarray(weights.logs[kept], float)
    low, high = 0.0, float(w.sum())
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(1, w / middle).sum() > most else (low, middle)
    kept = np.flatnonzero(np.asarray(luck, float) < np.minimum(1, w / high))
    return kept, np.log(np.maximum(w[kept], high)) + float(weights.logs.max())


def by_date(weights: Weights, days: ArrayLike) -> Floats:
    """What each day's entries cost in bits, in sequence: log2 Z before them less log2 Z after them, Z the mean over all
    runs of what they weighed so far. `days[run, day]` is the logarithm of what was met on that day, -inf from the day
    that ruled the run out. The days add up to the surprise."""
    met = np.cumsum(np.asarray(days, float), axis=1)
    tops = met.max(axis=0, initial=-inf)
    with np.errstate(invalid="ignore"):
        z = np.where(tops > -inf, tops + np.log(np.exp(met - tops).mean(axis=0)), -inf)
    costs: Floats = -np.diff(np.concatenate([[0.0], z])) / log(2)
    return costs


def by_entry(before: ArrayLike, met: ArrayLike) -> Floats:
    """What each entry cost in bits, given what each run had met before it: −log2 of the weighted mean of its factor.

    `before[run, entry]` is the logarithm of the run's weight before the entry (-inf where the run was ruled out before
    it came), `met[run, entry]` that of the entry's own factor, 0 where the run never drew it. Near enough additive.
    """
    before, met = np.asarray(before, float), np.asarray(met, float)
    top = before.max(axis=0, initial=-inf)
    with np.errstate(invalid="ignore", divide="ignore"):
        w = np.where(before > -inf, np.exp(before - top), 0.0)
        costs: Floats = -np.log2((w * np.exp(np.where(before > -inf, met, 0.0))).sum(axis=0) / w.sum(axis=0))
    return costs


def resampled(weights: Weights, count: int, start: float) -> NDArray[np.intp]:
    """So many runs drawn in proportion to weight, in order: evenly spaced along the summed weights from one uniform
    `start` (systematic resampling, Kitagawa 1996). A run comes up its expected number of times, to within one."""
    steps = np.cumsum(weights.relative)
    points = (np.arange(count) + start) / count * steps[-1]
    found: NDArray[np.intp] = np.searchsorted(steps, points, side="right")
    return found
