"""Which assumption matters: how far an answer moves with one unknown number, and what it would be worth to know it.

Everything here reads a table of draws: one row a draw of the prior leaves, the same for every policy. All leaves vary
at once, so what is seen of one is averaged over the others (Saltelli and others 2008, on factor mapping).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats  # type: ignore[import-untyped]

from results.statistics import LEVEL

Numbers = npt.NDArray[np.float64]

BINS: Final = 5
SHUFFLES: Final = 500


@dataclass(frozen=True)
class Influence:
    """One leaf's pull on one answer, in the answer's unit: the mean of the answer where the leaf was in its highest
    third, less that where it was in its lowest; `clear` if its rank correlation is told from none over all leaves of
    the table at once (Holm)."""

    leaf: str
    moved: float
    low: float
    high: float
    clear: bool


def influences(leaves: pd.DataFrame, answer: npt.ArrayLike, level: float = LEVEL) -> list[Influence]:
    """Every leaf, the strongest pull first. `leaves` has a row for each draw; `answer` one number for each."""
    values = np.asarray(answer, float)
    names = [str(leaf) for leaf in leaves]
    chances = {leaf: _p_of_rank(leaves[leaf].to_numpy(float), values) for leaf in names}
    clear = _holm(chances, level)
    found = [_pull(leaf, leaves[leaf].to_numpy(float), values, leaf in clear, level) for leaf in names]
    return sorted(found, key=lambda one: (-abs(one.moved), one.leaf))


def _p_of_rank(leaf: Numbers, values: Numbers) -> float:
    if np.ptp(leaf) == 0 or np.ptp(values) == 0:
        return 1.0
    return float(stats.spearmanr(leaf, values).pvalue)


def _holm(chances: dict[str, float], level: float) -> set[str]:
    """The leaves whose p-value Holm's step-down test rejects."""
    clear: set[str] = set()
    for leaf in sorted(chances, key=lambda leaf: chances[leaf]):
        if chances[leaf] >= (1 - level) / (len(chances) - len(clear)):
            break
        clear.add(leaf)
    return clear


def _pull(name: str, leaf: Numbers, values: Numbers, clear: bool, level: float) -> Influence:
    ends = np.quantile(leaf, [1 / 3, 2 / 3])
    low, high = values[leaf <= ends[0]], values[leaf >= ends[1]]
    moved = float(high.mean() - low.mean())
    error = float(np.sqrt(high.var(ddof=1) / high.size + low.var(ddof=1) / low.size))
    half = float(stats.t.ppf((1 + level) / 2, high.size + low.size - 2)) * error
    return Influence(name, moved, moved - half, moved + half, clear)


@dataclass(frozen=True)
class Worth:
    """What knowing one leaf would add to the best choice, in the gain's unit, and whether that is more than the most
    that any leaf seems to add when draws are shuffled."""

    leaf: str
    worth: float
    clear: bool


@dataclass(frozen=True)
class Choice:
    """Which policy looks best over all draws, what it gains, what knowing everything would add (an upper bound: the
    noise of the few runs behind a draw is in it), and what knowing each leaf alone would add, the most first."""

    best: str
    gain: float
    everything: float
    leaves: list[Worth]


def choice(leaves: pd.DataFrame, gains: pd.DataFrame, seed: int = 1, level: float = LEVEL) -> Choice:
    """The value of information for the choice between the columns of `gains` (a row for each draw, the same draws).

    Knowing a leaf lets one choose by it: the draws are cut into five by the leaf's value, the best column is taken in
    each, and the mean of those less the mean of the best single column is what the leaf is worth. Chance alone makes
    that positive, so the mean over shuffled draws is taken off, and a leaf is clear only where it beats the largest
    over all leaves in 95 of 100 shuffles.
    """
    table = gains.to_numpy(float)
    means = table.mean(axis=0)
    best = int(means.argmax())
    cuts = np.array([_bins(leaves[leaf].to_numpy(float)) for leaf in leaves])
    raw = np.array([_worth(cut, table) for cut in cuts])
    draws = np.random.Generator(np.random.PCG64(seed))
    shuffled = np.array([[_worth(cut, table[order]) for cut in cuts] for order in _orders(draws, len(table))])
    expected, most = shuffled.mean(axis=0), float(np.quantile(shuffled.max(axis=1), level))
    found = [
        Worth(str(leaf), max(0.0, float(worth - noise)), bool(worth > most))
        for leaf, worth, noise in zip(leaves, raw, expected, strict=True)
    ]
    everything = float(table.max(axis=1).mean() - means[best])
    ordered = sorted(found, key=lambda one: (-one.worth, one.leaf))
    return Choice(str(gains.columns[best]), float(means[best]), everything, ordered)


def _orders(draws: np.random.Generator, size: int) -> list[npt.NDArray[np.intp]]:
    return [draws.permutation(size) for _ in range(SHUFFLES)]


def _bins(leaf: Numbers) -> npt.NDArray[np.intp]:
    """Which fifth each draw lies in."""
    return np.argsort(np.argsort(leaf, kind="stable")) * BINS // len(leaf)


def _worth(cut: npt.NDArray[np.intp], gains: Numbers) -> float:
    """The mean gain when the best column is chosen in each fifth, less that of the best single column."""
    sums = np.zeros((BINS, gains.shape[1]))
    np.add.at(sums, cut, gains)
    return float(sums.max(axis=1).sum() / len(gains) - gains.mean(axis=0).max())
