"""Evidence: what a record says of the draws of a run, and luck that is bent to it (`chance.md`, MODEL.md).

A statement says of the draws it covers how many of them happened: none (it did not), at least one (it did, or one of
several did), exactly so many. Where it speaks, the luck u comes from the part of (0, 1) that gives what was recorded,
and the run's weight takes that part's length, at this run's own chance. A twin is dealt the same u, and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf, log
from typing import NamedTuple

from simulation.chance import Address, AddressBook, Chance, Delay, inside, luck_key, mix64, under, uniform
from simulation.clock import Clock, Turn

Names = frozenset[str] | None
"""What a field may be; None is anything."""
SUREST_STEER = 0.98
"""How hard a run is steered towards a yes where other ways than those planned for may still bring one."""


class Span(NamedTuple):
    """The draws of some acts, by some, to some, about some, on some occasions, while the time is in [since, until)."""

    acts: frozenset[str]
    who: Names = None
    whom: Names = None
    item: Names = None
    occasion: Names = None
    since: float = -inf
    until: float = inf

    def covers(self, address: Address) -> bool:
        """Whether this draw is among them, whenever it is made."""
        return address[0] in self.acts and all(
            names is None or name in names for names, name in zip(self[1:5], address[1:], strict=True)
        )

    @property
    def named(self) -> int:
        """How narrow it is: how many of its fields it names."""
        return sum(names is not None for names in self[1:5])


@dataclass(frozen=True)
class Statement:
    """Of the draws that `spans` cover, at least `least` and at most `most` happened, all by the minute `due`.

    `closed`: every draw it covers is known by its address, so the last of them may be made to happen. `exclusive`: of
    its acts only one is ever tried for the same thing. `need` says for which entry it was added, if for one.
    """

    entry: str
    spans: tuple[Span, ...]
    least: float
    most: float
    due: float = inf
    closed: bool = False
    exclusive: bool = False
    need: str = ""

    def span_of(self, address: Address) -> Span | None:
        """The narrowest of its spans that covers this draw."""
        return max((span for span in self.spans if span.covers(address)), key=lambda span: span.named, default=None)


class Window(NamedTuple):
    """What went by this act arrived in [start, end), in minutes, if it was sent."""

    entry: str
    span: Span
    start: float
    end: float
    need: str = ""


class Said(NamedTuple):
    """A statement that covers one draw, and while when it does."""

    number: int
    statement: Statement
    since: float
    until: float


Plan = Mapping[int, Mapping[Address, float]]
"""For each statement by its number, how likely each draw it covers is to come and to happen."""


@dataclass(frozen=True)
class Evidence:
    """A whole record as statements about draws. Shared by all runs; only what it remembers of addresses grows."""

    statements: tuple[Statement, ...] = ()
    windows: tuple[Window, ...] = ()
    plan: Plan = field(default_factory=dict)

    @cached_property
    def said(self) -> dict[Address, tuple[Said, ...]]:
        """What is said of each draw met so far, the narrowest first."""
        return {}

    @cached_property
    def within(self) -> dict[Address, Window | None]:
        """The window of arrival of each delay met so far."""
        return {}

    @cached_property
    def acts(self) -> frozenset[str]:
        """The acts of which anything is said."""
        return frozenset(act for statement in self.statements for span in statement.spans for act in span.acts)

    def of(self, address: Address) -> tuple[Said, ...]:
        """What is said of this draw, the narrowest first; of equals, what happened before what did not."""
        known = self.said.get(address)
        if known is None:
            known = self.said[address] = self._of(address) if address[0] in self.acts else ()
        return known

    def _of(self, address: Address) -> tuple[Said, ...]:
        found = []
        for number, statement in enumerate(self.statements):
            if span := statement.span_of(address):
                order = -span.named, statement.least == 0, number
                found.append((order, Said(number, statement, span.since, span.until)))
        return tuple(said for _, said in sorted(found, key=lambda pair: pair[0]))

    def window(self, address: Address) -> Window | None:
        """When what is sent with this delay is documented to have arrived: the overlap of all its windows."""
        if address not in self.within:
            about = [window for window in self.windows if _delays(window.span, address)]
            whole = about[0] if about else None
            for window in about[1:]:
                assert whole
                whole = whole._replace(start=max(whole.start, window.start), end=min(whole.end, window.end))
            self.within[address] = whole
        return self.within[address]


def _delays(span: Span, address: Address) -> bool:
    """Whether this delay is of what the span speaks of. A first message is about all its items, and names none."""
    word, who, whom, item, occasion = address
    act = word.removesuffix("-wait")
    some = span if item else span._replace(item=None)
    return any(some.covers((way, who, whom, item, occasion)) for way in (act, f"rule-{act}"))


class RuledOut(Exception):
    """This run is none of those that fit the record: which entry said so, in which minute, and how."""

    def __init__(self, entry: str, minute: float, why: str) -> None:
        super().__init__(entry, minute, why)
        self.entry, self.minute, self.why = entry, minute, why


NO_CHANCE, NEVER_REACHED, TOO_SELDOM = "its chance was 0", "it was never reached", "it did not happen in this run"


class Factor(NamedTuple):
    """What one piece of evidence did to a run's weight, and when: the logarithm of a chance."""

    minute: int
    entry: str
    log: float


class Recorded(Chance):
    """Luck bent to a record. `luck` keeps what was bent, `factors` what it cost; raises RuledOut where nothing fits."""

    def __init__(self, seed: int, replication: int, evidence: Evidence, book: AddressBook | None = None) -> None:
        super().__init__(seed, replication, book)
        self.evidence = evidence
        self.luck: dict[Address, float] = {}
        self.factors: list[Factor] = []
        self.met: dict[int, int] = {}
        """How many of the draws that each statement covers happened, where one was made."""
        self.chances: dict[int, dict[Address, float]] = {}
        """For each statement that had something to ask, the chance of each draw made."""
        self._waiting: dict[int, dict[Address, float]] = {}
        self._clock: Clock | None = None

    @property
    def log_weight(self) -> float:
        """The logarithm of the chance of what was recorded, as far as this run has come."""
        return sum(factor.log for factor in self.factors)

    @property
    def minute(self) -> int:
        """Now."""
        return self._clock.minute if self._clock else 0

    def begin(self, clock: Clock) -> None:
        """Look, as each date passes, whether what should have happened by then has."""
        self._clock = clock
        for due in sorted({statement.due for statement in self.evidence.statements if 0 <= statement.due < clock.end}):
            clock.at(int(due), Turn.AFTERWARDS, self.check, due)

    def check(self, due: float) -> None:
        """Whether all that should have happened by `due` has happened often enough."""
        for number, statement in enumerate(self.evidence.statements):
            met = self.met.get(number, 0)
            if statement.due <= due and not statement.least <= met and statement.least > 0:
                raise RuledOut(statement.entry, due, TOO_SELDOM if number in self.met else NEVER_REACHED)
            if statement.due <= due and 0 < statement.most < met:
                raise RuledOut(statement.entry, due, "it happened too often in this run")

    def happens(self, p: float, address: Address, slot: int | None = None) -> bool:
        """Whether an act of chance p happens, given the record."""
        v = self.deal(address, slot)
        said = self.evidence.of(address)
        return (self._bend(v, p, address, said) if said else v) < p

    def _bend(self, v: float, p: float, address: Address, said: tuple[Said, ...]) -> float:
        """The luck to use: from the part of (0, 1) that the narrowest statement leaves, or as it came."""
        now = self.minute
        speaking = [one for one in said if one.since <= now < one.until]
        if not speaking:
            return v
        rest = [self._set_aside(one, address) for one in speaking]
        number, statement = speaking[0][:2]
        steer = steered(p, statement.least - self.met.get(number, 0), statement.most - self.met.get(number, 0), rest[0])
        if steer is not None and not statement.closed:
            steer = min(steer, max(SUREST_STEER, p))
        u = v
        if steer is not None:
            yes = v < steer
            self._weigh(p / steer if yes else (1 - p) / (1 - steer), statement.entry)
            u = min(p * v / steer, under(p)) if yes else max(p, min(p + (1 - p) * (v - steer) / (1 - steer), under(1)))
            self.luck[address] = u
        for one in speaking:
            self.met[one.number] = self.met.get(one.number, 0) + (u < p)
            if one.statement.most > 0:
                self.chances.setdefault(one.number, {})[address] = p
        return u

    def _set_aside(self, said: Said, address: Address) -> list[float]:
        """The chances of the draws a statement still waits for, without this one and those it shuts out."""
        if said.statement.most == 0:
            return []
        waiting = self._waiting.get(said.number)
        if waiting is None:
            waiting = self._waiting[said.number] = dict(self.evidence.plan.get(said.number, {}))
        waiting.pop(address, None)
        if said.statement.exclusive:
            for way in [way for way in waiting if way[1:] == address[1:]]:
                del waiting[way]
        return list(waiting.values())

    def arrival(self, delay: Delay, arrive: Callable[[int], int], address: Address) -> int:
        """When something sent now arrives, given the record."""
        u = self.deal(address)
        if window := self.evidence.window(address):
            u = self._fit(u, delay, arrive, window)
            self.luck[address] = u
        return arrive(int(delay.quantile(u)))

    def _fit(self, v: float, delay: Delay, arrive: Callable[[int], int], window: Window) -> float:
        """The luck of a delay that arrives in its window."""
        first, last = (first_reaching(arrive, moment) for moment in (window.start, window.end))
        low, high = delay.chance_before(first), delay.chance_before(last)
        self._weigh(delay.chance_between(first, last), window.entry)
        u = inside(low + (high - low) * v)
        if not first <= int(delay.quantile(u)) < last:  # rounding left the window
            nearest = min(max(int(delay.quantile(u)), first), last - 1)
            u = inside(delay.chance_before(nearest + 0.5))
        return u

    def _weigh(self, factor: float, entry: str) -> None:
        if factor <= 0:
            raise RuledOut(entry, self.minute, NO_CHANCE)
        self.factors.append(Factor(self.minute, entry, log(factor)))

    def twin(self, fresh: Iterable[Address] = ()) -> Twin:
        """The same luck with no record: what the recorded run was dealt, save at `fresh` addresses, dealt anew."""
        anew = {address: fresh_luck(self.book, self.key, address) for address in fresh}
        return Twin(self.seed, self.replication, self.luck | anew, self.book)


class Twin(Chance):
    """The luck a recorded run was dealt, and no record: nothing is documented of it."""

    def __init__(
        self, seed: int, replication: int, luck: Mapping[Address, float], book: AddressBook | None = None
    ) -> None:
        super().__init__(seed, replication, book)
        self.luck = luck

    def happens(self, p: float, address: Address, slot: int | None = None) -> bool:
        """Whether an act of chance p happens, on the luck dealt before."""
        return self.luck.get(address, self.deal(address, slot)) < p

    def arrival(self, delay: Delay, arrive: Callable[[int], int], address: Address) -> int:
        """When something sent now arrives, on the luck dealt before."""
        return arrive(int(delay.quantile(self.luck.get(address, self.deal(address)))))


def fresh_luck(book: AddressBook, key: int, address: Address) -> float:
    """Luck of this address that no other run has: a second uniform beside the first."""
    return uniform(mix64(book.keys[book.slot(address)] ^ luck_key(key, 1)))


def steered(p: float, least: float, most: float, rest: list[float]) -> float | None:
    """The chance with which a draw of chance p is made to happen, so that of it and the `rest` at least `least` and at
    most `most` do; None where nothing is left to ask. Its share among the ways that are left."""
    if least <= 0 and most == inf:
        return None
    yes = p * between(rest, least - 1, most - 1)
    no = (1 - p) * between(rest, least, most)
    if yes + no <= 0:
        return 1.0 if least > 0 and most > 0 else 0.0
    return yes / (yes + no)


def between(chances: list[float], least: float, most: float) -> float:
    """The chance that of these draws at least `least` and at most `most` happen (Poisson-binomial)."""
    if most < 0 or least > len(chances):
        return 0.0
    top = int(max(least - 1, 0) if most == inf else most)
    counts = [1.0] + [0.0] * top  # of exactly 0 … top; what goes beyond is dropped
    for p in chances:
        for k in range(top, 0, -1):
            counts[k] = counts[k] * (1 - p) + counts[k - 1] * p
        counts[0] *= 1 - p
    low = int(max(least, 0))
    return 1 - sum(counts[:low]) if most == inf else sum(counts[low:])


def first_reaching(arrive: Callable[[int], int], moment: float, most: int = 1 << 24) -> float:
    """The fewest whole minutes of waiting that arrive at `moment` or later, infinity if none do."""
    if moment == inf or arrive(most) < moment:
        return inf
    if moment == -inf:
        return 0
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if arrive(middle) >= moment else (middle + 1, high)
    return low
