"""An experiment: which case, under which practices, how many runs on which luck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, log, sqrt

from results.stopping import Until
from results.store import SCHEMAS, part_name
from scenarios.policy import USUAL, Policy, apply_all
from scenarios.practice import Leaf, Practice
from simulation.chance import address_key, luck_key, mix64, uniform

POINT = 0
"""The draw that is no draw: every leaf at its own value. It carries the *chance* band."""

CHUNK, LARGE_CHUNK = 20, 100
"""Replications to a chunk, and to one of an experiment of more than `MANY`. Chunks are cut by replication number, so
any prefix is balanced."""
MANY = 2_000
ARMS = 50
"""Arms to a chunk: a design of hundreds of points is cut by arms as well, within a block of replications."""

Changes = tuple[tuple[str, float], ...]
"""Leaves of practice, each with the value it is given."""


@dataclass(frozen=True)
class Arm:
    """One practice to compare: policies in place, leaves changed, or neither (as usual)."""

    name: str
    policies: tuple[Policy, ...] = ()
    changes: Changes = ()

    def apply(self, practice: Practice) -> Practice:
        """The practice of this arm."""
        return apply_all(list(self.policies), practice)[0].changed(dict(self.changes))


@dataclass(frozen=True)
class Chunk:
    """A piece of work: some replications of some arms (numbered from `arm` on, `ARMS` of them or as many as there are),
    under one draw of the prior leaves, or under `given` leaves."""

    draw: int
    first: int
    last: int
    arm: int = 0
    given: Changes | None = None

    @property
    def name(self) -> str:
        """The name of its part."""
        return part_name(self.draw, self.first, self.arm)


@dataclass(frozen=True)
class Experiment:
    """A question's runs. Two experiments are the same when these fields are.

    Each draw has replications of its own, so that what is averaged over draws holds the noise of its runs. Where
    `worlds` are given, draw n is practice under the n-th of them, all on the same luck. Where runs go on `until` a
    difference is known well enough, `replications` is the most there may be.
    """

    question: str
    case: str
    arms: tuple[Arm, ...]
    seed: int = 1
    replications: int = 400
    draws: int = 20
    per_draw: int = 20
    worlds: tuple[Changes, ...] = ()
    until: Until | None = None
    tables: tuple[str, ...] = tuple(SCHEMAS)
    """What is kept of each run."""

    def __post_init__(self) -> None:
        if self.worlds and len(self.worlds) != self.draws:
            raise ValueError(f"{len(self.worlds)} worlds and {self.draws} draws: give a world to each draw")

    def chunks(self) -> Iterator[Chunk]:
        """All the work, balanced: every arm meets the same luck before any meets more."""
        yield from self.at_the_point()
        yield from self.drawn()

    def at_the_point(self) -> Iterator[Chunk]:
        """The runs with every leaf at its own value."""
        yield from self._cut(POINT, 0, self.replications)

    def drawn(self) -> Iterator[Chunk]:
        """The runs under draws of the leaves."""
        for draw in range(1, self.draws + 1):
            given = self.worlds[draw - 1] if self.worlds else None
            start = 0 if self.worlds else (draw - 1) * self.per_draw
            yield from self._cut(draw, start, start + self.per_draw, given)

    def part(self, chunk: Chunk) -> Experiment:
        """What a worker needs to know of the experiment for a chunk."""
        return replace(self, arms=self.arms[chunk.arm : chunk.arm + ARMS], draws=0, worlds=())

    def size(self, chunk: Chunk) -> int:
        """How many runs a chunk is."""
        return (chunk.last - chunk.first) * len(self.arms[chunk.arm : chunk.arm + ARMS])

    def _cut(self, draw: int, start: int, stop: int, given: Changes | None = None) -> Iterator[Chunk]:
        size = LARGE_CHUNK if max(self.replications, self.per_draw) > MANY else CHUNK
        for first in range(start, stop, size):
            for arm in range(0, len(self.arms), ARMS):
                yield Chunk(draw, first, min(first + size, stop), arm, given)

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
    if straight(leaf, low):
        return triangular(u, low, leaf.value, high)
    return exp(triangular(u, log(low), log(leaf.value), log(high)))


def straight(leaf: Leaf, low: float) -> bool:
    """Whether a leaf's range from `low` on is gone through on its own scale: chances are, all else by its logarithm."""
    return leaf.unit == "chance" or low <= 0


def along(leaf: Leaf, low: float, high: float, u: float) -> float:
    """The value of a leaf a share `u` of the way from `low` to `high`; of a yes/no, one of the two."""
    if leaf.unit == "yes/no":
        return low if u < 0.5 else high
    return low + u * (high - low) if straight(leaf, low) else exp(log(low) + u * (log(high) - log(low)))


def triangular(u: float, low: float, peak: float, high: float) -> float:
    """The quantile of a triangular distribution."""
    share = (peak - low) / (high - low)
    if u < share:
        return low + sqrt(u * (high - low) * (peak - low))
    return high - sqrt((1 - u) * (high - low) * (high - peak))
