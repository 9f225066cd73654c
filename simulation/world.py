"""The world: a setting under one practice. Shared by all replications; only its caches ever grow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from scenarios.practice import FAMILIES, Practice
from scenarios.schema import Case
from scenarios.vocabulary import MEETINGS
from simulation.calendar import WORKING_DAY
from simulation.chance import Address, AddressBook, Delay, odds_shifted
from simulation.clock import HOUR
from simulation.reasons import reason_for
from simulation.setting import SHARED_LOG, Setting, Trigger
from simulation.workload import LoadPlan

LOADED = {"notice": "notice", "record": "record", "attend": "attend"} | dict.fromkeys(
    ("open", "open-paper", "open-file"), "open"
)
"""The acts that a backlog bears on, each with the leaf that says how much."""
URGENT_WAITS = frozenset({"phone", "form", "invitation", "answer-urgent"})
"""What does not wait behind other work."""
NOWHERE = -1
"""The slot of an act that nobody does: it has no luck."""
SHEETS = ("printed", "notes")
"""What a handover may leave behind, the fullest first."""
UNITS = {"minutes": 1, "working hours": HOUR, "working days": WORKING_DAY}


class Listener(NamedTuple):
    """Somebody who may be told: from and until which minute she is known to be involved, by which
    habit (its last slot, what it is about, left open), by what channel."""

    name: str
    since: int
    until: float
    leaf: tuple[str, ...]
    channel: str


class Deed(NamedTuple):
    """What is fixed of an act at one address before any luck: the leaf it hangs on, its chance
    before any condition, where its luck stands, its price, why it mostly does not happen, and what
    a day of backlog does to its odds."""

    address: Address
    leaf: tuple[str, ...]
    chance: float
    slot: int
    minutes: float
    reason: str
    load: float


class Hand(dict[str, Deed]):
    """What is fixed of one kind of act, by one person towards one other on one occasion, item by
    item. What it is about is the leaf's last slot, where its family asks for that."""

    def __init__(self, world: World, leaf: tuple[str, ...], way: tuple[str, str, str, str]) -> None:
        self.world, self.leaf, self.way = world, leaf, way
        self.by_what = FAMILIES[leaf[0]][-1] == "what"

    def __missing__(self, item: str) -> Deed:
        """Work one out, once."""
        act, who, whom, occasion = self.way
        leaf = (*self.leaf, self.world.what(item)) if self.by_what else self.leaf
        deed = self[item] = self.world.deed(leaf, (act, who, whom, item, occasion))
        return deed


class Chances(dict[tuple[str, ...], float]):
    """A leaf's value, by family and slots: of a habit its most specific leaf's, of a rule the
    strongest that applies. Filled as it is asked."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice

    def __missing__(self, leaf: tuple[str, ...]) -> float:
        """Look a leaf up in practice, once."""
        if leaf[0].startswith("rule-"):
            value = self.practice.rule(*leaf)
        else:
            value = odds_shifted(self.practice.value(*leaf), self._lift(leaf))
        self[leaf] = value
        return value

    def _lift(self, leaf: tuple[str, ...]) -> float:
        """What training, a tool or supervision does to the odds of this act by this role on such a thing."""
        slots = dict(reversed(list(zip(FAMILIES[leaf[0]], leaf[1:], strict=True))))
        return self.practice.lift(leaf[0], slots.get("role", "any"), slots.get("what", "any"))


WORKED_OUT = tuple(name for name, part in vars(Setting).items() if isinstance(part, cached_property))


class World(Setting):
    """What is given (the setting) and how agencies work in it (the practice)."""

    def __init__(self, case: Case, practice: Practice, book: AddressBook | None = None) -> None:
        super().__init__(case, practice.professions)
        self.practice = practice
        self.book = AddressBook() if book is None else book

    def under(self, practice: Practice) -> World:
        """The same setting under another practice: what is worked out of the case serves both."""
        other = World(self.case, practice, self.book)
        vars(other).update({name: getattr(self, name) for name in WORKED_OUT})
        return other

    @cached_property
    def _delays(self) -> dict[tuple[str, str], Delay]:
        return {}

    @cached_property
    def _referrals(self) -> dict[tuple[str, str, str, bool, bool, bool], tuple[str, ...] | None]:
        return {}

    @cached_property
    def _colleagues(self) -> dict[tuple[str, str], tuple[Listener, ...]]:
        return {}

    def delay(self, word: str, role: str) -> Delay:
        """How long this takes this role, as a distribution over its working minutes."""
        profession = self.profession(role)
        if known := self._delays.get((word, profession)):
            return known
        leaf = self.practice.leaf_for("delay", word, profession)
        assert leaf, f"no delay {word}"
        unit = UNITS[self.practice.leaves[leaf].unit]
        delay = Delay(self.practice.value("delay", word, profession) * unit, self.practice.value("spread", word))
        self._delays[word, profession] = delay
        return delay

    @cached_property
    def minutes(self) -> dict[str, float]:
        """What one act of each kind costs in working minutes: one price everywhere."""
        leaves = [leaf.partition(".") for leaf in self.practice.leaves]
        return {act: self.practice.value(family, act) for family, _, act in leaves if family == "minutes"}

    @cached_property
    def load(self) -> LoadPlan:
        """Everybody's other work, before any luck."""
        return LoadPlan(self)

    @cached_property
    def load_odds(self) -> dict[str, float]:
        """What each day of backlog does to the odds of an act, for the acts that it bears on."""
        return {act: self.practice.value("odds", word, "load") for act, word in LOADED.items()}

    @cached_property
    def usual_backlog(self) -> float:
        """The backlog, in days, under which the chances of practice were guessed or found."""
        return self.practice.value("load", "usual-backlog", "any")

    @cached_property
    def most_backlog(self) -> float:
        """The days of backlog past which things get no worse."""
        return self.practice.value("load", "most-backlog", "any")

    def ahead(self, word: str, kind: str) -> int:
        """How many working minutes before a decision of this kind something is begun."""
        return int(self.practice.value("ahead", word, kind) * WORKING_DAY)

    def admits(self, kind: str, role: str) -> bool:
        """Whether this role may be asked to this kind of meeting."""
        return self.practice.value("member", kind, self.profession(role)) > 0

    @cached_property
    def chances(self) -> Chances:
        """What practice says of a leaf, before any condition."""
        return Chances(self.practice)

    @cached_property
    def _deeds(self) -> dict[Address, Deed]:
        return {}

    def deed(self, leaf: tuple[str, ...], address: Address) -> Deed:
        """What is fixed of the act at this address, worked out once."""
        deed = self._deeds.get(address)
        if deed is None or deed.leaf != leaf:
            act, who, *_ = address
            chance = self.chances[leaf]
            slot = self.book.slot(address) if chance else NOWHERE
            load = self.load_odds.get(act, 1.0) if who in self.load.weeks else 1.0
            deed = Deed(
                address,
                leaf,
                chance,
                slot,
                self.minutes[act],
                reason_for(act, self.kind(who), self.topic(address[3])),
                load,
            )
            self._deeds[address] = deed
        return deed

    def moves(self, other: World, address: Address) -> bool:
        """Whether an act that was drawn here hangs on another chance there."""
        deed = self._deeds.get(address)
        return deed is not None and other.chances[deed.leaf] != deed.chance

    @cached_property
    def _hands(self) -> dict[tuple[str, str, str, str], Hand]:
        return {}

    def hand(self, leaf: tuple[str, ...], way: tuple[str, str, str, str]) -> Hand:
        """The acts of one kind, by one person towards one other on one occasion, whatever the item."""
        hand = self._hands.get(way)
        if hand is None or hand.leaf != leaf:
            hand = self._hands[way] = Hand(self, leaf, way)
        return hand

    def colleagues(self, act: str, who: str) -> tuple[Listener, ...]:
        """Whom `who` may tell anything at all, in order."""
        found = self._colleagues.get((act, who))
        if found is None:
            mine = self.profession(who)
            may = [
                Listener(
                    whom,
                    since,
                    self.parting[who, whom],
                    (act, mine, self.profession(whom)),
                    self.channel(who, whom),
                )
                for whom, since in self.acquaintance[who].items()
            ]
            found = tuple(to for to in may if any(self.chances[*to.leaf, what] for what in self.whats))
            self._colleagues[act, who] = found
        return found

    def listeners(self, act: str, who: str, what: str) -> Iterator[Listener]:
        """Whom `who` may tell such a thing, in order."""
        return (to for to in self.colleagues(act, who) if self.chances[*to.leaf, what])

    def may_know(self, who: str, whom: str, by: int) -> bool:
        """Whether `who` knows, or could be shown, that `whom` is involved by this minute."""
        if self.knows(who, whom, by):
            return True
        return self.chances["rule-index", self.profession(who)] > 0 and whom in self.listed(by)

    def channel(self, who: str, whom: str) -> str:
        """Whether these two talk or write."""
        return "phone" if self.practice.value("phone", self.profession(who), self.profession(whom)) else "email"

    def hands_over_by(self, who: str) -> str:
        """On what this role hands over besides talking: the fullest that is in use, "" for nothing."""
        in_use = (name for name in SHEETS if self.practice.value("hands-over-by", name, self.profession(who)))
        return next(in_use, "")

    def follows(self, rule: str, who: str) -> bool:
        """Whether a rule asks this of her, about anything at all."""
        profession = self.profession(who)
        return any(self.chances[rule, profession, what] for what in self.whats)

    @cached_property
    def referrers(self) -> frozenset[tuple[str, str]]:
        """Each act of referring, with each role that may ever do it."""
        return frozenset(
            (act, who)
            for act in ("refer", "rule-refer")
            for who in self.roles
            if any(self._referral(act, who, what, known) for what in self.whats for known in (False, True))
        )

    @cached_property
    def callers(self) -> frozenset[str]:
        """Those whom a rule asks to call people together."""
        return frozenset(who for who in self.roles if self.follows("rule-call", who))

    def meetings_before(self, trigger: Trigger) -> tuple[str, ...]:
        """The kinds of meeting that a rule has called before this, but for one of the body that meets for it anyhow."""
        return tuple(
            kind
            for kind, body in MEETINGS.items()
            if body != trigger.body and self.chances["rule-call-at", trigger.kind, kind] > 0
        )

    @cached_property
    def loggers(self) -> frozenset[str]:
        """Those whom a rule asks to write in the log that all share."""
        return frozenset(who for who in self.roles if self.follows("rule-log", who))

    @cached_property
    def files_of(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Where each role writes things down: the act, and the file."""
        own = {who: (("record", self.writes_in[who]),) if who in self.writes_in else () for who in self.roles}
        return {who: (*mine, ("rule-log", SHARED_LOG)) if who in self.loggers else mine for who, mine in own.items()}

    @cached_property
    def call_events(self) -> int:
        """How many events call for an urgent meeting, where a rule does."""
        return int(self.practice.value("call", "events"))

    @cached_property
    def call_within(self) -> int:
        """Within how many working minutes they must have come."""
        return int(self.practice.value("call", "within") * WORKING_DAY)

    @cached_property
    def call_ahead(self) -> int:
        """How many working minutes after the call people meet."""
        return int(self.practice.value("call", "ahead") * HOUR)

    @cached_property
    def call_lasts(self) -> int:
        """How many minutes an urgent meeting takes."""
        return int(self.practice.value("call", "lasts"))

    def referral(self, act: str, who: str, what: str, now: int, saw: bool = True) -> tuple[str, ...] | None:
        """The leaf by which `who` may bring such a thing to the desk, None where none has a chance.

        Those who know of nobody that holds the case have a habit of their own for what they `saw`
        themselves, and a rule that names the case-holder sends them to her desk; once social care has
        closed the case, a rule may say what would have it opened again.
        """
        return self._referral(act, who, what, self.knows_case_holder(who, now), saw, now >= self.closed_from)

    def _referral(
        self, act: str, who: str, what: str, knows_case_holder: bool, saw: bool = True, closed: bool = True
    ) -> tuple[str, ...] | None:
        key = act, who, what, knows_case_holder, saw, closed
        if key not in self._referrals:
            habits = ("refer", "refer-first") if saw and not knows_case_holder else ("refer",)
            leaves = (
                [(habit, self.profession(who), what) for habit in habits]
                if act == "refer"
                else self._rules_to_desk(who, what, knows_case_holder, closed)
            )
            outside = self.roles[who].agency != self.case.case.desk_agency
            best = max(leaves, key=self.chances.__getitem__, default=None) if outside and self.desks else None
            self._referrals[key] = best if best and self.chances[best] > 0 else None
        return self._referrals[key]

    def _rules_to_desk(self, who: str, what: str, knows_case_holder: bool, closed: bool) -> list[tuple[str, ...]]:
        named = self.desks if knows_case_holder else (*self.desks, *self.case_holders)
        leaves: list[tuple[str, ...]] = [
            ("rule-tell", self.profession(who), self.profession(name), what) for name in named
        ]
        return [*leaves, ("rule-reopen", self.profession(who), what)] if closed else leaves
