"""Evidence: what a record says of the draws of a run, and luck that is bent to it (`chance.md`, MODEL.md).

A statement says of the draws it covers how many of them happened: none (it did not), at least one (it did, or one of
several did), exactly so many. Where it speaks, the luck u comes from the part of (0, 1) that gives what was recorded,
and the run's weight takes that part's length, at this run's own chance. A twin is dealt the same u, and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import inf, log
from typing import NamedTuple

from simulation.chance import (
    Address,
    AddressBook,
    Chance,
    Delay,
    inside,
    luck_key,
    mix64,
    odds_shifted,
    under,
    uniform,
)
from simulation.clock import Clock, Turn

Names = frozenset[str] | None
"""What a field may be; None is anything."""
HEAVIEST = 8.0
"""By how much leaning on one draw may raise a run's weight, where the unlikely comes after all."""
LATE = 0.02
"""How likely a draw of a closed statement still is whose usual time has passed."""


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


UNBENT: tuple[tuple[Said, ...], float] = ((), 0.0)
"""What most draws are bent by."""


class Expected(NamedTuple):
    """What to expect of a draw that a statement waits for: how likely it is to come and to happen where the statement
    is still unmet by then, and by which minute it has mostly been made."""

    chance: float
    minute: float = inf


Plan = Mapping[int, Mapping[Address, Expected]]
"""For each statement by its number, what to expect of the draws it covers."""


@dataclass(frozen=True)
class Evidence:
    """A whole record as statements about draws. Shared by all runs; only what it remembers of addresses grows."""

    statements: tuple[Statement, ...] = ()
    windows: tuple[Window, ...] = ()
    plan: Plan = field(default_factory=dict)
    surest: float = 0.98
    """How hard a run is steered towards a yes where other ways than those planned for may still bring one."""
    leaning: Mapping[Address, float] = field(default_factory=dict)
    """For draws of which nothing is said: by how much to shift their odds, so that more runs come to what is said. The
    weight takes it back, so this changes no estimate."""

    @cached_property
    def said(self) -> dict[Address, tuple[Said, ...]]:
        """What is said of each draw met so far, the narrowest first."""
        return {}

    @cached_property
    def bends(self) -> dict[Address, tuple[tuple[Said, ...], float]]:
        """What each draw met so far is bent by: what is said of it and, of nothing said, the shift of its odds (0 for
        none). Of most it is UNBENT."""
        return {}

    def bend(self, address: Address) -> tuple[tuple[Said, ...], float]:
        """What this draw is bent by, for one that was not met so far."""
        said, shift = self.of(address), self.leaning.get(address, 0.0)
        found = self.bends[address] = (said, shift) if said or shift else UNBENT
        return found

    @cached_property
    def dates(self) -> dict[float, list[tuple[int, Statement]]]:
        """The statements that are due by each date, by number."""
        due: dict[float, list[tuple[int, Statement]]] = {}
        for number, statement in enumerate(self.statements):
            due.setdefault(statement.due, []).append((number, statement))
        return dict(sorted(due.items()))

    @cached_property
    def within(self) -> dict[Address, Window | None]:
        """The window of arrival of each delay met so far."""
        return {}

    @cached_property
    def _about(self) -> dict[tuple[str, str | None], list[tuple[int, Span]]]:
        """The spans that may cover a draw, by its act and its item; under None those that name no item."""
        about: dict[tuple[str, str | None], list[tuple[int, Span]]] = {}
        for number, statement in enumerate(self.statements):
            for span in statement.spans:
                for act, item in product(span.acts, [None] if span.item is None else span.item):
                    about.setdefault((act, item), []).append((number, span))
        return about

    def of(self, address: Address) -> tuple[Said, ...]:
        """What is said of this draw, the narrowest first; of equals, what happened before what did not."""
        known = self.said.get(address)
        if known is None:
            known = self.said[address] = self._of(address)
        return known

    def _of(self, address: Address) -> tuple[Said, ...]:
        act, _, _, item, _ = address
        narrowest: dict[int, Span] = {}
        for number, span in (*self._about.get((act, item), ()), *self._about.get((act, None), ())):
            if span.covers(address) and (number not in narrowest or span.named > narrowest[number].named):
                narrowest[number] = span
        found = [Said(number, self.statements[number], span.since, span.until) for number, span in narrowest.items()]
        order = {
            number: (-span.named, self.statements[number].least == 0, number) for number, span in narrowest.items()
        }
        return tuple(sorted(found, key=lambda said: order[said.number]))

    @cached_property
    def _windows(self) -> dict[str, list[Window]]:
        """The windows that may speak of a delay, by the act that sends: a rule meets the same slow office."""
        by_act: dict[str, list[Window]] = {}
        for window in self.windows:
            for act in sorted({act.removeprefix("rule-") for act in window.span.acts}):
                by_act.setdefault(act, []).append(window)
        return by_act

    def window(self, address: Address) -> Window | None:
        """When what is sent with this delay is documented to have arrived: the overlap of all its windows."""
        if address not in self.within:
            act = address[0].removesuffix("-wait")
            about = [window for window in self._windows.get(act, ()) if _delays(window.span, address)]
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


NO_CHANCE, NEVER_REACHED = "its chance was 0", "it was never reached"
TOO_SELDOM, TOO_OFTEN = "it did not happen in this run", "it happened too often in this run"


class Factor(NamedTuple):
    """What one piece of evidence did to a run's weight, and when: the logarithm of a chance."""

    minute: int
    entry: str
    log: float


class Recorded(Chance):
    """Luck bent to a record. `luck` keeps what was bent, `factors` what it cost; raises RuledOut where nothing fits,
    or where it is `patient` only notes it and goes on."""

    def __init__(
        self,
        seed: int,
        replication: int,
        evidence: Evidence,
        book: AddressBook | None = None,
        patient: bool = False,
    ) -> None:
        super().__init__(seed, replication, book)
        self.evidence, self.patient = evidence, patient
        self.ruled_out: list[RuledOut] = []
        self.luck: dict[Address, float] = {}
        self.factors: list[Factor] = []
        self.leant = 0.0
        """The logarithm of what leaning took from the run's weight, or gave it."""
        self.met: dict[int, int] = {}
        """How many of the draws that each statement covers happened, where one was made."""
        self.asked: dict[int, dict[Address, tuple[float, int]]] = {}
        """For each statement, the draws made while it had something to ask: the chance of each, and when."""
        self._bends = evidence.bends
        self._checked: set[float] = set()
        self._waiting: dict[int, dict[Address, Expected]] = {}
        self._clock: Clock | None = None

    @property
    def log_weight(self) -> float:
        """The logarithm of the chance of what was recorded, as far as this run has come."""
        return self.leant + sum(factor.log for factor in self.factors)

    @property
    def minute(self) -> int:
        """Now."""
        return self._clock.minute if self._clock else 0

    def begin(self, clock: Clock) -> None:
        """Look, as each date passes, whether what should have happened by then has."""
        self._clock = clock
        for due in self.evidence.dates:
            if 0 <= due < clock.end:
                clock.at(int(due), Turn.AFTERWARDS, self.check, due)

    def check(self, due: float) -> None:
        """Whether all that should have happened by `due` has happened often enough."""
        for date, statements in self.evidence.dates.items():
            if date > due:
                return
            if date not in self._checked:
                self._checked.add(date)
                for number, statement in statements:
                    self._check(number, statement, due)

    def _check(self, number: int, statement: Statement, due: float) -> None:
        met = self.met.get(number, 0)
        if met < statement.least:
            self._rule_out(statement.entry, due, TOO_SELDOM if number in self.met else NEVER_REACHED)
        elif 0 < statement.most < met:
            self._rule_out(statement.entry, due, TOO_OFTEN)

    def _rule_out(self, entry: str, minute: float, why: str) -> None:
        self.ruled_out.append(RuledOut(entry, minute, why))
        if not self.patient:
            raise self.ruled_out[-1]

    def happens(self, p: float, address: Address, slot: int | None = None) -> bool:
        """Whether an act of chance p happens, given the record."""
        u = self.deal(address, slot)
        bends = self._bends.get(address) or self.evidence.bend(address)
        if bends is UNBENT:
            return u < p
        said, shift = bends
        return (self._bend(u, p, address, said) if said else self._lean(u, p, address, shift)) < p

    def _lean(self, v: float, p: float, address: Address, shift: float) -> float:
        """The luck to use where a yes was made likelier, or less likely, than it is."""
        steer = min(max(odds_shifted(p, shift), p / HEAVIEST), 1 - (1 - p) / HEAVIEST)
        if not 0 < steer < 1:
            return v
        u, factor = _steer(v, p, steer)
        self.leant += log(factor)
        self.luck[address] = u
        return u

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
            steer = min(steer, max(self.evidence.surest, p))
        u = v
        if steer is not None:
            u, factor = _steer(v, p, steer)
            self._weigh(factor, statement.entry)
            self.luck[address] = u
        for one in speaking:
            met = self.met.get(one.number, 0)
            if one.statement.most > 0 and (met < one.statement.least or one.statement.most < inf):
                self.asked.setdefault(one.number, {})[address] = (p, now)
            self.met[one.number] = met + (u < p)
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
        due = [expected.chance for expected in waiting.values() if expected.minute >= self.minute]
        late = len(waiting) - len(due) if said.statement.closed else 0
        return due + [LATE] * late

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
        if factor > 0:
            self.factors.append(Factor(self.minute, entry, log(factor)))
        else:
            self._rule_out(entry, self.minute, NO_CHANCE)

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


def _steer(v: float, p: float, steer: float) -> tuple[float, float]:
    """The luck of a draw of chance p that says yes where v is under `steer`, and what its weight takes: the one rule
    that a recorded yes (steer 1), a recorded no (0) and all between come to."""
    if v < steer:
        return min(p * v / steer, under(p)), p / steer
    return max(p, min(p + (1 - p) * (v - steer) / (1 - steer), under(1))), (1 - p) / (1 - steer)


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
