"""Chance has an address.

Every random outcome is drawn at an address (act, who, whom, item, occasion) under (seed,
replication), never in call order. A policy changes a chance or a delay, never the luck; adding a
practitioner or an item leaves all other luck as it was. The record of a documented case
conditions a draw where it speaks, and the run carries the weight.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, inf, log, nextafter
from statistics import NormalDist

import numpy as np

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


@dataclass(frozen=True)
class Record:
    """What is documented that people did: for an address, 1 (it happened), 0 (it did not) or a
    steer between; for a delay, the window [from, to) of arrival in minutes."""

    acts: dict[Address, float] = field(default_factory=dict)
    arrivals: dict[Address, tuple[float, float]] = field(default_factory=dict)


EMPTY = Record()


def inside(u: float) -> float:
    """A uniform strictly between 0 and 1, where every quantile is finite."""
    return min(max(u, SMALLEST), 1 - SMALLEST)


def under(x: float) -> float:
    """The largest number below x."""
    return nextafter(x, 0.0)


class Chance:
    """All the luck of one replication. Refuses to deal one address twice."""

    def __init__(
        self,
        seed: int,
        replication: int,
        record: Record = EMPTY,
        luck: dict[Address, float] | None = None,
        book: AddressBook | None = None,
    ) -> None:
        self.seed, self.replication, self.record = seed, replication, record
        self.luck = {} if luck is None else luck
        self.log_weight = 0.0
        self.ruled_out_by: list[Address] = []
        self.dealt: set[int] = set()
        """The slots of the addresses dealt so far."""
        self.book = AddressBook() if book is None else book
        self.key = luck_key(seed, replication)
        self._block = self.book.block(self.key)
        self._known = len(self._block)
        self._conditioned = bool(self.luck or record.acts or record.arrivals)

    def happens(self, p: float, address: Address, slot: int | None = None) -> bool:
        """Whether an act of chance p happens: u < p, u conditioned where the record speaks."""
        u = self.deal(address, slot)
        return (self._condition(u, p, address) if self._conditioned else u) < p

    def _condition(self, raw: float, p: float, address: Address) -> float:
        """The uniform to use: already dealt (a twin), from the part the record leaves, or raw."""
        if (dealt := self.luck.get(address)) is not None:
            return dealt
        r = self.record.acts.get(address)
        if r is None:
            return raw
        yes = raw < r
        self._weigh(p / r if yes else (1 - p) / (1 - r), address)
        u = min(p * raw / r, under(p)) if yes else max(p, min(p + (1 - p) * (raw - r) / (1 - r), under(1)))
        self.luck[address] = u
        return u

    def arrival(self, delay: Delay, arrive: Callable[[int], int], address: Address) -> int:
        """When something sent now arrives: `arrive` turns whole minutes of waiting into a moment
        and never falls as they grow, so a window of arrival is an interval of waiting."""
        u = self.deal(address)
        if self._conditioned:
            u = self._condition_arrival(u, delay, arrive, address)
        return arrive(int(delay.quantile(u)))

    def _condition_arrival(self, raw: float, delay: Delay, arrive: Callable[[int], int], address: Address) -> float:
        if (dealt := self.luck.get(address)) is not None:
            return dealt
        window = self.record.arrivals.get(address)
        if window is None:
            return raw
        first, last = (_first_reaching(arrive, moment) for moment in window)
        low, high = delay.chance_before(first), delay.chance_before(last)
        self._weigh(high - low, address)
        u = inside(low + (high - low) * raw)
        if high > low and not first <= int(delay.quantile(u)) < last:  # rounding left the window
            nearest = min(max(int(delay.quantile(u)), first), last - 1)
            u = inside(delay.chance_before(nearest + 0.5))
        self.luck[address] = u
        return u

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

    def twin(self) -> Chance:
        """The same luck with no record: what the recorded run was dealt, and nothing documented."""
        return Chance(self.seed, self.replication, luck=self.luck, book=self.book)

    def never_met(self) -> list[Address]:
        """What is documented as having happened and was never reached: the run counts for nothing."""
        return [address for address, r in self.record.acts.items() if r == 1 and not self.was_dealt(address)]

    def _weigh(self, factor: float, address: Address) -> None:
        if factor <= 0:
            self.ruled_out_by.append(address)
            self.log_weight = -inf
        else:
            self.log_weight += log(factor)


def _first_reaching(arrive: Callable[[int], int], moment: float, most: int = 1 << 24) -> float:
    """The fewest whole minutes of waiting that arrive at `moment` or later, infinity if none do."""
    if moment == inf or arrive(most) < moment:
        return inf
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if arrive(middle) >= moment else (middle + 1, high)
    return low
