"""Luck that is bent to a record, and the same luck without it.

Where the record speaks, the luck u comes from the part of (0, 1) that gives what was recorded, and the run's weight
takes that part's length, at this run's own chance. A twin is dealt the same u, and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import inf, log
from typing import NamedTuple

from simulation.chance import Address, AddressBook, Chance, Delay, inside, luck_key, mix64, odds_shifted, uniform
from simulation.clock import Clock, Turn
from simulation.evidence import UNBENT, Evidence, Expected, Said, Statement, Window
from simulation.steering import steer_luck, steered

HEAVIEST = 8.0
"""By how much leaning on one draw may raise a run's weight, where the unlikely comes after all."""
LATE = 0.02
"""How likely a draw of a closed statement still is whose usual time has passed."""


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
        u, factor = steer_luck(v, p, steer)
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
            u, factor = steer_luck(v, p, steer)
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
        due = [
            expected.chance
            for way, expected in waiting.items()
            if expected.minute >= self.minute or _at_one_go(way, address)
        ]
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


def _at_one_go(way: Address, other: Address) -> bool:
    """Whether one person does both with one thing out of one occasion, whenever it came to her."""
    return way[1] == other[1] and way[3:] == other[3:]


def fresh_luck(book: AddressBook, key: int, address: Address) -> float:
    """Luck of this address that no other run has: a second uniform beside the first."""
    return uniform(mix64(book.keys[book.slot(address)] ^ luck_key(key, 1)))


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
