"""Which acts a record surprises a model by: what its entries cost, beside what the model expects of itself."""

from __future__ import annotations

from collections.abc import Iterable
from math import log2, sqrt
from typing import NamedTuple

NOTHING = 0.01
"""A deviation, in bits, that is no more than rounding."""


class Surprise(NamedTuple):
    """The entries about one act: how many, what they cost in bits, what a model that is right expects them to cost, and
    the standard deviation of that."""

    act: str
    entries: int
    bits: float
    expected: float
    deviation: float

    @property
    def excess(self) -> float:
        """By how many standard deviations they cost more than they ought to; 0 where nothing was open. A chance of a
        half costs one bit either way: of that, surprise says nothing."""
        return (self.bits - self.expected) / self.deviation if self.deviation > NOTHING else 0.0


def by_act(costs: Iterable[tuple[str, float]]) -> list[Surprise]:
    """What entries cost by their act, the largest excess first. `costs` holds an act and its bits for each entry.

    An entry that had the chance q costs −log2 q since it is so, and would have cost −log2(1 − q) were it not; a model
    that is right expects the mean of both. That holds on entries settled beforehand, such as everybody who might have
    been invited. A review mentions what went wrong: there all acts cost too much, and only their order says anything.
    """
    sums: dict[str, list[float]] = {}
    for act, bits in costs:
        mine = sums.setdefault(act, [0.0, 0.0, 0.0, 0.0])
        q = 2.0**-bits
        open_ = 0.0 < q < 1.0
        other = -log2(1 - q) if open_ else 0.0
        terms = 1.0, bits, q * bits + (1 - q) * other if open_ else 0.0, q * (1 - q) * (bits - other) ** 2
        sums[act] = [total + term for total, term in zip(mine, terms, strict=True)]
    found = [Surprise(act, int(n), bits, mean, sqrt(variance)) for act, (n, bits, mean, variance) in sums.items()]
    return sorted(found, key=lambda one: (-one.excess, one.act))
