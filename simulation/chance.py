"""Chance has an address.

Every random outcome is drawn at an address (act, who, whom, item, occasion) under (seed,
replication), never in call order. A policy changes a chance or a delay, never the luck; adding a
practitioner or an item leaves all other luck as it was. (`evidence.py` bends luck to a record.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log, nextafter
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from simulation.clock import Clock

Address = tuple[str, str, str, str, str]
"""Act, who, whom, item, occasion. The occasion is the root of the chain: a contact, meeting or
decision, never a date, a counter or the message in between."""

MASK = (1 << 64) - 1
SALTS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)
NORMAL = NormalDist()
SMALLEST = 2.0**-53


@lru_cache(maxsize=1 << 16)
def name_key(name: str) -> int:
    """64 bits that depend on the name alone. (Python's own `hash` is salted in each process.)"""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def address_key(address: Address) -> int:
    """64 bits for an address: its names' keys, each times an odd constant of its place."""
    total = 0
    for name, salt in zip(address, SALTS, strict=True):
        total += name_key(name) * salt
    return total & MASK


def mix64(z: int) -> int:
    """The splitmix64 finaliser: close inputs, unrelated outputs (Steele, Lea and Flood 2014)."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def uniform(bits: int) -> float:
    """A number inside (0, 1) from 64 bits: 52 of them and a half, so that neither end is met."""
    return ((bits >> 12) + 0.5) / (1 << 52)


def luck_key(seed: int, replication: int) -> int:
    """64 bits for one replication of one seed."""
    return mix64(name_key(f"seed {seed}") ^ (replication * SALTS[0] & MASK))


def uniforms(keys: np.ndarray, luck: int) -> np.ndarray:
    """`uniform(mix64(key ^ luck))` for a whole array of keys: the same numbers, to the bit."""
    z = keys ^ np.uint64(luck)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(12)).astype(np.float64) + 0.5) / (1 << 52)


def odds_shifted(chance: float, *odds_ratios: float) -> float:
    """A base chance whose odds are multiplied by each ratio in turn."""
    if chance in (0, 1):
        return chance
    odds = chance / (1 - chance)
    for ratio in odds_ratios:
        odds *= ratio
    return odds / (1 + odds)


class AddressBook:
    """Addresses met so far, each with a slot, so that a replication mixes them all as one array.

    A cache and nothing more: a number is the same whether its address stood in the book or not.
    Only the first `most` are mixed as an array; the rest, which are rare, are mixed one by one.
    """

    def __init__(self, most: int = 1 << 17) -> None:
        self.slots: dict[Address, int] = {}
        self.keys: list[int] = []
        self.most = most
        self._array = np.empty(0, np.uint64)

    def slot(self, address: Address) -> int:
        """The place of an address in the book, which it enters if it is new."""
        slot = self.slots.get(address)
        if slot is None:
            slot = self.slots[address] = len(self.keys)
            self.keys.append(address_key(address))
        return slot

    def block(self, luck: int) -> memoryview:
        """One uniform for every address in the book, in the order of their slots."""
        size = min(len(self.keys), self.most)
        if len(self._array) != size:
            self._array = np.array(self.keys[:size], np.uint64)
        return uniforms(self._array, luck).data


@dataclass(frozen=True)
class Delay:
    """A lognormal wait, by its median in minutes and the sd of its logarithm."""

    median: float
    spread: float

    def quantile(self, u: float) -> float:
        """The wait that a share `u` of waits stays under, in minutes."""
        return self.median * exp(self.spread * NORMAL.inv_cdf(u)) if self.median else 0.0

    def chance_before(self, minutes: float) -> float:
        """The chance that the wait is under `minutes`."""
        if minutes <= 0:
            return 0.0
        if minutes == inf or not self.median or not self.spread:
            return 1.0 if minutes > self.median else 0.0
        return NORMAL.cdf(log(minutes / self.median) / self.spread)

    def chance_between(self, first: float, last: float) -> float:
        """The chance that the wait is at least `first` and under `last` minutes, exact far up the tail too."""
        if first > self.median and self.spread:
            return self._chance_from(first) - self._chance_from(last)
        return self.chance_before(last) - self.chance_before(first)

    def _chance_from(self, minutes: float) -> float:
        """The chance of a wait of `minutes` or more: the other tail, where 1 minus the first would round to 0."""
        return 0.0 if minutes == inf else NORMAL.cdf(-log(minutes / self.median) / self.spread) if self.median else 0.0


def inside(u: float) -> float:
    """A uniform strictly between 0 and 1, where every quantile is finite."""
    return min(max(u, SMALLEST), 1 - SMALLEST)


def under(x: float) -> float:
    """The largest number below x."""
    return nextafter(x, 0.0)


class Chance:
    """All the luck of one replication. Refuses to deal one address twice."""

    def __init__(self, seed: int, replication: int, book: AddressBook | None = None) -> None:
        self.seed, self.replication = seed, replication
        self.dealt: set[int] = set()
        """The slots of the addresses dealt so far."""
        self.book = AddressBook() if book is None else book
        self.key = luck_key(seed, replication)
        self._block = self.book.block(self.key)
        self._known = len(self._block)

    def begin(self, clock: Clock) -> None:
        """The run begins, on this clock. Luck by itself does not ask what time it is."""

    def happens(self, p: float, address: Address, slot: int | None = None) -> bool:
        """Whether an act of chance p happens: u < p."""
        return self.deal(address, slot) < p

    def arrival(self, delay: Delay, arrive: Callable[[int], int], address: Address) -> int:
        """When something sent now arrives: `arrive` turns whole minutes of waiting into a moment
        and never falls as they grow, so a window of arrival is an interval of waiting."""
        return arrive(int(delay.quantile(self.deal(address))))

    def deal(self, address: Address, slot: int | None = None) -> float:
        """The luck of this address (which stands at `slot` of the book), once: raises ValueError
        if it was dealt before."""
        if slot is None:
            slot = self.book.slot(address)
        if slot in self.dealt:
            raise ValueError(f"this address was dealt before: {' '.join(filter(None, address))}")
        self.dealt.add(slot)
        return self._block[slot] if slot < self._known else self.raw(address)

    def raw(self, address: Address) -> float:
        """The uniform at an address, mixed singly: the same number as in the block."""
        return uniform(mix64(self.book.keys[self.book.slot(address)] ^ self.key))

    def was_dealt(self, address: Address) -> bool:
        """Whether this address was dealt in this run."""
        return self.book.slots.get(address) in self.dealt
