"""Which policy holds up, over many worlds that practice could be.

A world is one draw of all that is not known of practice; every option is run in it on the same luck. The *regret* of
an option in a world is by how much the best option there beats it; its worst is what one who chooses it has to fear
(Savage, Journal of the American Statistical Association 46:55-67, 1951). Of many noisy numbers the largest errs high,
so the worst regret is also confirmed: world and best option are chosen on one half of the runs and the regret is
measured on the other, both ways round.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats  # type: ignore[import-untyped]

from results.influence import influences
from results.statistics import LEVEL, Interval, mean_interval

FEWEST: Final = 20
"""Worlds from which it can be said what goes with regret."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """How one option stands over all worlds, in the measure's unit.

    `best` is the share of worlds in which none beats it (worlds where several tie are shared out), `maybe_best` that in
    which none beats it beyond chance. `gain` is what it adds to practice as usual: mean, least and most over worlds.
    `world` is where its regret is worst.
    """

    option: str
    best: float
    maybe_best: float
    gain: float
    least: float
    most: float
    regret: float
    worst: Interval
    confirmed: float
    world: int


def standings(values: dict[str, Numbers], usual: str, level: float = LEVEL) -> list[Standing]:
    """Each option, the smallest worst regret first. `values` has, for each option, shape (worlds, runs): the measure,
    more of which is better, with NaN where a run did not end; world n is row n - 1."""
    names = [*values]
    cube = np.stack([values[name] for name in names])
    means = np.nanmean(cube, axis=2)
    tops = means.max(axis=0)
    regrets = tops - means
    ties = np.isclose(regrets, 0, atol=1e-12)
    shared = ties / ties.sum(axis=0)
    winners = means.argmax(axis=0)
    beaten = _beaten(cube, winners, level)
    confirmed = _confirmed(cube)
    found = []
    for number, name in enumerate(names):
        world = int(regrets[number].argmax())
        apart = cube[winners[world], world] - cube[number, world]
        gains = means[number] - means[names.index(usual)]
        found.append(
            Standing(
                name,
                float(shared[number].mean()),
                float(1 - beaten[number].mean()),
                float(gains.mean()),
                float(gains.min()),
                float(gains.max()),
                float(regrets[number].mean()),
                mean_interval(apart, level) if number != winners[world] else Interval(0.0, 0.0, 0.0, apart.size),
                confirmed[number],
                world + 1,
            )
        )
    return sorted(found, key=lambda one: (one.worst.centre, one.regret, one.option))


def regrets(values: dict[str, Numbers]) -> pd.DataFrame:
    """The regret of each option (a column) in each world (a row, from 1)."""
    means = pd.DataFrame({name: np.nanmean(runs, axis=1) for name, runs in values.items()})
    means.index = pd.RangeIndex(1, len(means) + 1, name="world")
    return means.rsub(means.max(axis=1), axis=0)


def _beaten(cube: Numbers, winners: npt.NDArray[np.intp], level: float) -> npt.NDArray[np.bool_]:
    """Whether the best option of each world beats each other one beyond chance (t, over the rivals there at once)."""
    options, worlds, runs = cube.shape
    ahead = cube[winners, np.arange(worlds)][None] - cube
    counts = np.isfinite(ahead).sum(axis=2)
    centre = np.nanmean(ahead, axis=2)
    error = np.nanstd(ahead, axis=2, ddof=1) / np.sqrt(counts) if runs > 1 else np.full_like(centre, np.inf)
    far = stats.t.ppf(1 - (1 - level) / 2 / max(options - 1, 1), np.maximum(counts - 1, 1))
    return np.asarray(centre > far * error)


def _confirmed(cube: Numbers) -> list[float]:
    """Each option's worst regret, its world and the best option there chosen on one half of the runs and measured on
    the other: mean of both ways round, NaN with fewer than four runs."""
    if cube.shape[2] < 4:
        return [nan] * len(cube)
    halves = [np.nanmean(cube[:, :, start::2], axis=2) for start in (0, 1)]
    found = np.zeros(len(cube))
    for chosen, measured in (halves, halves[::-1]):
        winners = chosen.argmax(axis=0)
        worst = (chosen.max(axis=0) - chosen).argmax(axis=1)
        found += [measured[winners[world], world] - measured[option, world] for option, world in enumerate(worst)]
    return [float(each / 2) for each in found]


def blame(leaves: pd.DataFrame, regret: pd.Series[float], world: int, most: int = 3) -> list[str]:
    """The leaves that go with a world's being hard for an option: those whose rank correlation with regret is told from
    none over all of them at once (Holm), and which stand on the hard side there, the strongest first."""
    if len(regret) < FEWEST:
        return []
    aside = leaves.rank(pct=True).loc[world] - 0.5
    hard = {one.leaf: one.moved * aside[one.leaf] for one in influences(leaves, regret) if one.clear}
    return sorted((leaf for leaf, pull in hard.items() if pull > 0), key=lambda leaf: -hard[leaf])[:most]
