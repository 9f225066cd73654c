"""An experiment: which case, under which practices, how many runs on which luck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log, sqrt

from scenarios.policy import USUAL, Policy, apply_all
from scenarios.practice import Leaf, Practice
from simulation.chance import address_key, luck_key, mix64, uniform

POINT = 0
"""The draw that is no draw: every leaf at its own value. It carries the *chance* band."""

CHUNK = 20
"""Replications to a chunk; chunks are cut by replication number, so any prefix is balanced."""


@dataclass(frozen=True)
class Arm:
    """One practice to compare: policies in place, leaves changed, or neither (as usual)."""

    name: str
    policies: tuple[Policy, ...] = ()
    changes: tuple[tuple[str, float], ...] = ()

    def apply(self, practice: Practice) -> Practice:
        """The practice of this arm."""
        return apply_all(list(self.policies), practice)[0].changed(dict(self.changes))


@dataclass(frozen=True)
class Chunk:
    """A piece of work: some replications of every arm, under one draw of the prior leaves."""

    draw: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """A file name that sorts in the order of work."""
        return f"{self.draw:03d}-{self.first:06d}"


@dataclass(frozen=True)
class Experiment:
    """A question's runs. Two experiments are the same when these fields are."""

    question: str
    case: str
    arms: tuple[Arm, ...]
    seed: int = 1
    replications: int = 400
    draws: int = 20
    per_draw: int = 20

    def chunks(self) -> Iterator[Chunk]:
        """All the work, balanced: every chunk has every arm on the same luck."""
        for first in range(0, self.replications, CHUNK):
            yield Chunk(POINT, first, min(first + CHUNK, self.replications))
        for draw in range(1, self.draws + 1):
            yield Chunk(draw, (draw - 1) * self.per_draw, draw * self.per_draw)

    @property
    def runs(self) -> dict[str, int]:
        """How many runs make each band."""
        arms = len(self.arms)
        return {"chance": self.replications * arms, "not knowing": self.draws * self.per_draw * arms}


def usual() -> Arm:
    """Practice as usual."""
    return Arm(USUAL)


def drawn(practice: Practice, seed: int, draw: int) -> Practice:
    """Practice with every prior leaf drawn over its range, each at an address of its own.

    Triangular, its peak at the leaf's value; chances on their own scale, all else on the
    logarithm's. The same draw serves every arm. Draw 0 is practice as it stands.
    """
    if draw == POINT:
        return practice
    return practice.changed({name: _draw(name, practice.leaves[name], seed, draw) for name in varied(practice)})


def varied(practice: Practice) -> list[str]:
    """The leaves that a draw varies: the guesses, each over its range."""
    return [name for name, leaf in practice.leaves.items() if _varies(leaf)]


def _varies(leaf: Leaf) -> bool:
    return leaf.status == "prior" and leaf.range is not None and leaf.range[0] < leaf.range[1]


def _draw(name: str, leaf: Leaf, seed: int, draw: int) -> float:
    assert leaf.range
    u = uniform(mix64(address_key(("prior", name, "", "", f"draw {draw}")) ^ luck_key(seed, 0)))
    low, high = leaf.range
    if leaf.unit == "chance" or low <= 0:
        return triangular(u, low, leaf.value, high)
    return exp(triangular(u, log(low), log(leaf.value), log(high)))


def triangular(u: float, low: float, peak: float, high: float) -> float:
    """The quantile of a triangular distribution."""
    share = (peak - low) / (high - low)
    if u < share:
        return low + sqrt(u * (high - low) * (peak - low))
    return high - sqrt((1 - u) * (high - low) * (high - peak))
