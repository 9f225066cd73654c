"""Which unknowns move an answer, when the answer is itself an average over luck.

Everything here reads `answers`, shape (points, replications): the answer at each point of a design, run by run, with
the same replications at every point on the same luck. A factor is one leaf of practice, or several drawn together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from results.statistics import LEVEL

Numbers = npt.NDArray[np.float64]

FLIPS: Final = 9_999


def noise_share(answers: Numbers) -> float:
    """The share of the variance between points that is luck not averaged out, from 0 to 1.

    By two-way analysis: what a replication adds at every point alike is no noise, since the luck is the same
    everywhere; what is left of each run after its point's and its replication's means is. Its variance over the
    replications is what it adds to that of a point's mean. NaN where no point differs, or with one replication.
    """
    points, replications = answers.shape
    means = answers.mean(axis=1)
    between = means.var(ddof=1) if points > 1 else 0.0
    if replications < 2 or between <= 0:
        return float("nan")
    left = answers - means[:, None] - answers.mean(axis=0)[None, :] + answers.mean()
    residual = float((left**2).sum()) / ((points - 1) * (replications - 1))
    return float(min(residual / replications / between, 1.0))


@dataclass(frozen=True)
class Effect:
    """What moving one factor does: the root mean square of its effects over the design with luck taken off, in the
    answer's unit; how much luck alone would have made; and the chance of as much if it did nothing anywhere."""

    size: float
    luck: float
    p: float


def effect(moves: Numbers, seed: int = 1) -> Effect:
    """What `moves` say, shape (moves, replications): the answer after one factor moved less before it, run by run.

    Where the factor does nothing to the mean anywhere, each replication's moves are as likely to come out the other way
    round. So the sum of squared mean moves is compared with what it is when the replications' signs are dealt at
    random, all of a replication's together, since they share its luck (a randomisation test; Pitman 1937). Of a factor
    that changes no run at all p is 1.
    """
    replications = moves.shape[1]
    means = moves.mean(axis=1)
    luck = moves.var(axis=1, ddof=1) / replications if replications > 1 else np.zeros(len(moves))
    found = float((means**2).sum())
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(replications, FLIPS))
    dealt = ((moves @ signs / replications) ** 2).sum(axis=0)
    p = (1 + int((dealt >= found * (1 - 1e-12)).sum())) / (1 + FLIPS)
    size = max(float((means**2).mean() - luck.mean()), 0.0)
    return Effect(size**0.5, float(luck.mean()) ** 0.5, p)


def told_apart(effects: Mapping[str, Effect], level: float = LEVEL) -> set[str]:
    """The factors that are told from doing nothing, over all of them at once (Holm's step-down test)."""
    clear: set[str] = set()
    for factor in sorted(effects, key=lambda factor: effects[factor].p):
        if effects[factor].p >= (1 - level) / (len(effects) - len(clear)):
            break
        clear.add(factor)
    return clear
