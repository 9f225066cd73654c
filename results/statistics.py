"""From replications to intervals, and from intervals to the words "more" and "fewer".

Two bands, never mixed (`design.md` §9). *Chance* is what other luck would have given: `mean_interval`,
`paired_difference`, `paired_yes_no`, and `holm_intervals` where several policies stand in one table. *Not knowing* is
what other values of the prior leaves would have given: `not_knowing`. The first sentence of an output uses the `wider`
of the two, and `finding` says "more" or "fewer" only where both agree.

An array here holds one number per replication, shape (n,), finite, in the measure's own unit, and NaN where a
replication had nothing to measure. Two arrays that are paired hold the same replications in the same order, run on the
same luck. A difference is always policy minus practice as usual, so above zero is more.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats  # type: ignore[import-untyped]

Finding = Literal["more", "fewer", "no clear difference"]

LEVEL: Final = 0.95
"""Share of experiments, each with fresh luck, whose interval holds the truth."""


@dataclass(frozen=True)
class Interval:
    """A number and the band around it, in the unit of the measure.

    `n` is how many replications (or, for `not_knowing`, draws) it rests on, after those without a value are dropped.
    With n = 0 all three numbers are NaN; with n = 1 the band is infinite, since one run says nothing about chance.
    """

    centre: float
    low: float
    high: float
    n: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole band lies on one side of zero; a band that touches zero does not."""
        return _side(self) != 0

    def times(self, factor: float) -> "Interval":
        """The same in another unit: a share times 100 is a number per 100."""
        return Interval(self.centre * factor, self.low * factor, self.high * factor, self.n)


# --- chance: one measure, one policy ---------------------------------------------------------------------------------


def mean_interval(values: npt.ArrayLike, level: float = LEVEL) -> Interval:
    """Student's t interval for the mean over replications.

    `level` is the two-sided coverage, 0.95 unless told. It is exact for normal values and good for a mean of some
    hundreds. It is too narrow where only a handful of the replications differ from the rest: for a yes/no measure use
    `paired_yes_no`.

    Where all values are the same, most often all zero, t would give a band of no width, that is, certainty. Instead
    the band is ± 3/n, the rule of three (Hanley and Lippman-Hand, JAMA 1983): if as many as 3/n of all replications
    came out otherwise, seeing none in n would have had a chance under 5 %. That bounds the mean of a share, which
    cannot move by more than 1; for a measure in minutes read it as a floor. A `level` above 0.95 widens the 3 to
    -ln(1 - level), by the same argument.
    """
    _check_level(level)
    known = _known(values)
    n = known.size
    if n == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    centre = float(known.mean())
    if n == 1:
        return Interval(centre, -math.inf, math.inf, 1)
    if _all_the_same(known):
        half = _rule_of_three(n, level)
    else:
        half = float(stats.t.ppf((1 + level) / 2, n - 1)) * _standard_error(known)
    return Interval(centre, centre - half, centre + half, n)


def paired_difference(policy: npt.ArrayLike, usual: npt.ArrayLike, level: float = LEVEL) -> Interval:
    """Mean of policy minus usual over replications on the same luck, with its t interval; NaN pairs are dropped.

    Where no replication differs: 0 ± 3/n, for the reason in `mean_interval`.
    """
    return mean_interval(_differences(policy, usual), level)


def paired_yes_no(policy: npt.ArrayLike, usual: npt.ArrayLike, level: float = LEVEL) -> Interval:
    """Share of yes under the policy minus share of yes as usual, with Tango's score interval.

    Both arrays are boolean, or 0, 1 and NaN; the unit is a share, between -1 and 1. The interval is the set of
    differences that a two-sided score test at 1 - `level` would not reject (Tango, Statistics in Medicine 17:891-908,
    1998, equations 24-26). Unlike the t interval it keeps its coverage when few pairs disagree, and it stays within
    -1 and 1. Where none disagree: 0 ± 3/n.
    """
    for answers in (policy, usual):
        _check_one_of(_array(answers), (0, 1), "a yes/no measure")
    return _yes_no_interval(_differences(policy, usual), level)


def reduction_by_pairing(policy: npt.ArrayLike, usual: npt.ArrayLike) -> float:
    """Share of the variance of a difference that the same luck removes: 1 - var(difference) / (var + var).

    0: pairing bought nothing; 0.9: unpaired runs would need ten times as many replications; below 0: pairing hurt.
    NaN where there is no variance to remove, or fewer than two pairs.
    """
    both = np.isfinite(_array(policy)) & np.isfinite(_array(usual))
    if both.sum() < 2:
        return math.nan
    apart = _array(policy)[both].var(ddof=1) + _array(usual)[both].var(ddof=1)
    together = _differences(policy, usual).var(ddof=1)
    return float(1 - together / apart) if apart > 0 else math.nan


# --- chance: several policies in one table ---------------------------------------------------------------------------


def holm_intervals(
    differences: Mapping[str, npt.ArrayLike], level: float = LEVEL, *, yes_no: bool = False
) -> dict[str, Interval]:
    """One interval per policy, such that those which exclude zero are those Holm's step-down test rejects.

    `differences` holds, for each policy, policy minus usual per replication. With `yes_no` these are -1, 0 or 1, the
    test is McNemar's and the interval Tango's; without, they are a paired t test and its t interval. A policy under
    which no replication differs has p = 1.

    What is done: sort the m p-values. Starting with the smallest, compare each with (1 - level) / m', where m' is how
    many have not been rejected yet, and stop at the first that is not below it. A rejected policy has its interval at
    the level it was tested at; all others have theirs at the level where the test stopped, else a later one could
    exclude zero although Holm had stopped before it. So `excludes_zero` is Holm's verdict, and no interval is narrower
    than the policy would have alone.

    What it promises: the chance of calling "more" or "fewer" any policy that changes nothing is at most 1 - level
    over the whole table, however the policies hang together (Holm, Scandinavian Journal of Statistics 6:65-70, 1979).
    What it does not: that all ends hold at once. If all m policies truly differ, the chance that some interval misses
    comes near (1 + 1/2 + ... + 1/m)(1 - level). For ends that hold together, ask each at 1 - (1 - level) / m.
    """
    _check_level(level)
    known = {name: _known(values) for name, values in differences.items()}
    interval, p_value = (_yes_no_interval, _yes_no_p_value) if yes_no else (mean_interval, _mean_p_value)
    levels = _holm_levels({name: p_value(values) for name, values in known.items()}, level)
    return {name: interval(values, levels[name]) for name, values in known.items()}


def _holm_levels(p_values: Mapping[str, float], level: float) -> dict[str, float]:
    """The level at which each policy's own interval agrees with Holm."""
    not_rejected = len(p_values)
    levels = {}
    for name in sorted(p_values, key=lambda name: p_values[name]):
        share = (1 - level) / not_rejected
        levels[name] = 1 - share
        if p_values[name] < share:  # once one is not, no later one is: p only grows, and the share stays
            not_rejected -= 1
    return levels


# --- not knowing -----------------------------------------------------------------------------------------------------


def not_knowing(draw_means: npt.ArrayLike) -> Interval:
    """How far the answer moves over what we do not know: the least to the greatest of n draws of the prior leaves.

    Each number is the mean paired difference in one draw, shape (n,); the centre is their mean. One more draw would be
    expected to fall inside with chance (n - 1) / (n + 1), so 20 draws give about 90 %. The range also holds the chance
    noise of the few replications behind each draw, so it errs wide. One draw alone gives an infinite band.
    """
    known = _known(draw_means)
    if known.size < 2:
        return mean_interval(known)
    return Interval(float(known.mean()), float(known.min()), float(known.max()), known.size)


def wider(a: Interval, b: Interval) -> Interval:
    """The one with the wider band, for the first sentence of an output; `a` where they are equally wide."""
    return b if b.high - b.low > a.high - a.low else a


def finding(chance: Interval, not_knowing: Interval | None) -> Finding:
    """What may be said of a difference in one word.

    "more" or "fewer" only if the chance interval (the simultaneous one, from `holm_intervals`, where there are several
    policies) and the band of not knowing both lie on that side of zero. None: no leaf was varied, chance alone decides,
    and the output must say so.
    """
    side = _side(chance)
    if side == 0 or (not_knowing is not None and _side(not_knowing) != side):
        return "no clear difference"
    return "more" if side > 0 else "fewer"


@dataclass(frozen=True)
class Change:
    """What a policy does to one measure, in the measure's unit: the difference from practice as usual with both bands.

    `not_knowing` has n = 0 where no leaf was varied.
    """

    chance: Interval
    not_knowing: Interval

    @property
    def centre(self) -> float:
        """The mean paired difference at the point values."""
        return self.chance.centre

    @property
    def wider(self) -> Interval:
        """The wider of the two bands."""
        return wider(self.chance, self.not_knowing)

    @property
    def finding(self) -> Finding:
        """What may be said of it."""
        return finding(self.chance, self.not_knowing if self.not_knowing.n else None)

    @property
    def numbers(self) -> tuple[float, float, float, float, float]:
        """The centre and the ends of both bands, as every table has them."""
        return (self.centre, self.chance.low, self.chance.high, self.not_knowing.low, self.not_knowing.high)

    def times(self, factor: float) -> "Change":
        """The same in another unit."""
        return Change(self.chance.times(factor), self.not_knowing.times(factor))


def _side(interval: Interval) -> int:
    """1 if the whole band is above zero, -1 if below, 0 if it holds or touches zero or is NaN."""
    return int(interval.low > 0) - int(interval.high < 0)


# --- Tango's score interval ------------------------------------------------------------------------------------------


def _yes_no_interval(differences: npt.NDArray[np.float64], level: float) -> Interval:
    """`paired_yes_no` for differences that are -1, 0 or 1."""
    _check_level(level)
    more, fewer, n = _discordant(differences)
    if n < 2 or more + fewer == 0:
        return mean_interval(differences, level)
    low = -_highest_not_rejected(fewer, more, n, level)
    return Interval((more - fewer) / n, low, _highest_not_rejected(more, fewer, n, level), n)


def _highest_not_rejected(more: int, fewer: int, n: int, level: float) -> float:
    """Upper end of Tango's interval; the lower end is the same question with the two counts exchanged."""
    centre = (more - fewer) / n
    if centre == 1:
        return 1.0
    z = float(stats.norm.ppf((1 + level) / 2))
    # Halving rather than a faster search: the score falls without bound towards 1, where a secant is of no use.
    return float(optimize.bisect(lambda difference: _score(difference, more, fewer, n) + z, centre, 1.0))


def _score(difference: float, more: int, fewer: int, n: int) -> float:
    """How many standard errors the data lie above a supposed true difference (Tango's equations 24-26).

    The standard error is the one the supposed difference implies, with the share of "fewer" pairs at its likeliest
    value under it; that is what makes the interval honest when few pairs disagree.
    """
    b = -more - fewer + (2 * n - more + fewer) * difference
    c = -fewer * difference * (1 - difference)
    likeliest_fewer = (math.sqrt(b * b - 8 * n * c) - b) / (4 * n)
    variance = n * (2 * likeliest_fewer + difference * (1 - difference))
    distance = more - fewer - n * difference
    if variance <= 0:  # a true difference of ±1 leaves no room for chance
        return math.copysign(math.inf, distance) if distance else 0.0
    return distance / math.sqrt(variance)


def _yes_no_p_value(differences: npt.NDArray[np.float64]) -> float:
    """Two-sided p of the score test of no difference, which is McNemar's without correction."""
    more, fewer, n = _discordant(differences)
    if n < 2 or more + fewer == 0:
        return 1.0
    return float(2 * stats.norm.sf(abs(_score(0.0, more, fewer, n))))


def _discordant(differences: npt.NDArray[np.float64]) -> tuple[int, int, int]:
    """How many pairs said yes only under the policy, how many only as usual, and how many there are."""
    _check_one_of(differences, (-1, 0, 1), "a difference of yes/no measures")
    return int((differences > 0).sum()), int((differences < 0).sum()), differences.size


# --- small parts -----------------------------------------------------------------------------------------------------


def _mean_p_value(values: npt.NDArray[np.float64]) -> float:
    """Two-sided p of a mean of zero: one minus the highest level at which `mean_interval` excludes zero."""
    n = values.size
    if n < 2:
        return 1.0
    distance = abs(float(values.mean()))
    if _all_the_same(values):
        return math.exp(-n * distance) if distance > _rule_of_three(n, LEVEL) else 1.0
    return float(2 * stats.t.sf(distance / _standard_error(values), n - 1))


def _rule_of_three(n: int, level: float) -> float:
    """3/n at 95 %; -ln(1 - level)/n above it. See `mean_interval`."""
    return max(3.0, -math.log(1 - level)) / n


def _standard_error(values: npt.NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) / math.sqrt(values.size)


def _all_the_same(values: npt.NDArray[np.float64]) -> bool:
    """Up to rounding: 0.3 - 0.2 and 0.2 - 0.1 are the same difference."""
    return bool(np.allclose(values, values[0], rtol=1e-9, atol=0))


def _differences(policy: npt.ArrayLike, usual: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Policy minus usual, without the pairs where either has no value."""
    ours, theirs = _array(policy), _array(usual)
    if ours.shape != theirs.shape:
        raise ValueError(
            f"cannot pair {ours.size} replications of the policy with {theirs.size} of practice as usual: "
            "pass the same replications of both, in the same order, with NaN where one has no value"
        )
    return _known(ours - theirs)


def _known(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    array = _array(values)
    return array[~np.isnan(array)]


def _array(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"need one number per replication, shape (n,), not an array of shape {array.shape}")
    if np.isinf(array).any():
        raise ValueError("a measure is infinite and has no mean: give NaN where a replication had nothing to measure")
    return array


def _check_one_of(values: npt.NDArray[np.float64], allowed: tuple[int, ...], what: str) -> None:
    odd = values[~np.isnan(values) & ~np.isin(values, allowed)]
    if odd.size:
        raise ValueError(f"{what} must be one of {allowed}, not {odd[0]:g}; for other numbers use the t interval")


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level is a share between 0 and 1, such as 0.95 for 95 %, not {level:g}")
