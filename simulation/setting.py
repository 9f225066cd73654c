"""The setting: a case, indexed once, so that a run only looks things up.

Everything is kept in the order of its id, so the order of rows in a file changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from math import inf

from scenarios.practice import Profession
from scenarios.schema import Case, Contact, Item, Meeting, Role, Transition
from scenarios.vocabulary import MEETINGS
from simulation.calendar import Calendar, Rota
from simulation.clock import DAY

SHARED_LOG = "shared-log"
"""The record that a rule may ask all who visit to write in: one for each family."""

URGENT = 3 * DAY
"""Within three days of a decision questions and invitations go by phone."""


@dataclass(frozen=True)
class Choice:
    """A decision with its times: it is prepared at `start` and taken at `at`, in minutes."""

    id: str
    words: str
    kind: str
    lead: str
    deciders: tuple[str, ...]
    convened: int
    start: int
    at: int
    meeting: str | None

    @property
    def all_deciders(self) -> tuple[str, ...]:
        """The lead, then the joint deciders."""
        return (self.lead, *self.deciders)

    def urgent(self, now: int) -> bool:
        """Whether it is so near that people ring instead of writing (`design.md` §4)."""
        return self.start - now <= URGENT


@dataclass(frozen=True)
class Trigger:
    """What a meeting may be called before: a transition or a decision, who would call people together,
    from which minute it could be known, and when it is."""

    id: str
    kind: str
    convener: str
    known: int
    at: int
    body: str = ""
    """The body that holds the meeting at which it is decided, if any."""


@dataclass
class Setting:
    """One case: what stands before any practice is chosen."""

    case: Case
    professions: dict[str, Profession]

    @cached_property
    def calendar(self) -> Calendar:
        """The days of the window."""
        return Calendar(self.case.case.start, self.case.case.end)

    @cached_property
    def office(self) -> Rota:
        """When offices are open."""
        return self.calendar.rota("office")

    @cached_property
    def end(self) -> int:
        """The window's last midnight, in minutes."""
        return self.calendar.days * DAY

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Every role by id, in order."""
        return {role.id: role for role in sorted(self.case.role, key=lambda role: role.id)}

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item by id, in order."""
        return {item.id: item for item in sorted(self.case.item, key=lambda item: item.id)}

    @cached_property
    def meetings(self) -> dict[str, Meeting]:
        """Every meeting by id, in order."""
        return {meeting.id: meeting for meeting in sorted(self.case.meeting, key=lambda meeting: meeting.id)}

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """Every contact, in order of id."""
        return tuple(sorted(self.case.contact, key=lambda contact: contact.id))

    def days_of(self, contact: Contact) -> tuple[int, int]:
        """The first and the last minute at which a contact may begin: as given, or within its range of days."""
        at = self.calendar.minute(contact.at)
        if contact.earliest is None or contact.latest is None:
            return at, at
        first, last = ((day - contact.at.date()).days * DAY for day in (contact.earliest, contact.latest))
        return at + first, at + last

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """Every decision by id, in order of time."""
        choices = []
        for row in self.case.decision:
            if row.meeting:
                choices.append(self._choice(row.id, row.words, self.meetings[row.meeting], row.deciders))
                continue
            assert row.at and row.lead and row.convened
            at, convened = self.calendar.minute(row.at), self.calendar.minute(row.convened)
            choices.append(Choice(row.id, row.words, row.kind, row.lead, row.deciders, convened, at, at, None))
        return {choice.id: choice for choice in sorted(choices, key=lambda choice: (choice.at, choice.id))}

    @cached_property
    def gatherings(self) -> dict[str, Choice]:
        """What each meeting decides: a listed decision, or one that is not scored."""
        listed = {choice.meeting: choice for choice in reversed(self.choices.values())}
        return {name: listed.get(name) or self.choice_of(meeting) for name, meeting in self.meetings.items()}

    def choice_of(self, meeting: Meeting) -> Choice:
        """What a meeting decides that is not scored."""
        return self._choice(meeting.id, meeting.words, meeting)

    def _choice(self, name: str, words: str, meeting: Meeting, joint: tuple[str, ...] = ()) -> Choice:
        start = self.calendar.minute(meeting.at)
        deciders = tuple(sorted({*meeting.deciders, *joint} - {meeting.lead}))
        convened = self.calendar.minute(meeting.convened)
        end = start + meeting.lasts_minutes
        return Choice(name, words, meeting.kind, meeting.lead, deciders, convened, start, end, meeting.id)

    @cached_property
    def rotas(self) -> dict[str, Rota]:
        """When each role is there."""
        leave: dict[str, list[tuple[object, object]]] = {}
        for row in self.case.away:
            leave.setdefault(row.role, []).append((row.first, row.last))
        shared: dict[str, Rota] = {}
        rotas = {}
        for name, role in self.roles.items():
            hours = self.professions[role.profession].hours
            if name in leave:
                rotas[name] = self.calendar.rota(hours, leave[name])  # type: ignore[arg-type]
            else:
                rotas[name] = shared.setdefault(hours, self.calendar.rota(hours))
        return rotas

    @cached_property
    def acquaintance(self) -> dict[str, dict[str, int]]:
        """Whom each role knows to be involved, and from which minute."""
        known: dict[str, dict[str, int]] = {name: {} for name in self.roles}
        for row in self.case.knows:
            since = self.calendar.midnight(row.since)
            for who in row.who:
                for whom in row.whom:
                    if who != whom:
                        known[who][whom] = min(since, known[who].get(whom, since))
        return {who: dict(sorted(whom.items())) for who, whom in known.items()}

    @cached_property
    def parting(self) -> dict[tuple[str, str], float]:
        """Until which minute each role knows each other to be involved: the last that the case gives, mostly never."""
        until: dict[tuple[str, str], float] = {}
        for row in self.case.knows:
            ends = inf if row.until is None else self.calendar.midnight(row.until + timedelta(days=1))
            for pair in ((who, whom) for who in row.who for whom in row.whom):
                until[pair] = max(ends, until.get(pair, 0))
        return until

    def knows(self, who: str, whom: str, now: float) -> bool:
        """Whether `who` knows `whom` to be involved at this minute."""
        return whom in self.acquaintance[who] and self.acquaintance[who][whom] <= now < self.parting[who, whom]

    @cached_property
    def desks(self) -> tuple[str, ...]:
        """The desks that take referrals for the case's own agency."""
        agency = self.case.case.desk_agency
        return tuple(name for name, role in self.roles.items() if self.kind(name) == "desk" and role.agency == agency)

    @cached_property
    def case_holders(self) -> tuple[str, ...]:
        """Those who carry the whole of the case."""
        return tuple(name for name, role in self.roles.items() if role.case_holder)

    def knows_case_holder(self, who: str, now: float) -> bool:
        """Whether `who` knows of anybody who holds the case at this minute."""
        return any(self.knows(who, holder, now) for holder in self.case_holders)

    @cached_property
    def writes_in(self) -> dict[str, str]:
        """The file each role writes in."""
        return {who: file.id for file in sorted(self.case.file, key=lambda file: file.id) for who in file.written_by}

    @cached_property
    def can_open(self) -> dict[str, tuple[str, ...]]:
        """The files each role can open."""
        files = sorted(self.case.file, key=lambda file: file.id)
        return {name: tuple(file.id for file in files if name in file.opened_by) for name in self.roles}

    @cached_property
    def openers(self) -> dict[str, tuple[str, ...]]:
        """Who can open each file."""
        return {file.id: file.opened_by for file in self.case.file}

    @cached_property
    def first_sighting(self) -> dict[str, tuple[int, str, str]]:
        """When, where and by whom each item was first seen in the window, as the case gives it."""
        first: dict[str, tuple[int, str, str]] = {}
        occasions = [(self.calendar.minute(row.at), row.id, row.by[0], row.items) for row in self.contacts]
        occasions += [(self.calendar.minute(row.at), row.id, row.lead, row.said) for row in self.meetings.values()]
        for at, occasion, who, items in sorted(occasions):
            for item in items:
                first.setdefault(item, (at, occasion, who))
        return first

    @cached_property
    def first_chance_to_ask(self) -> dict[str, int]:
        """When each item that must be asked for could first have been asked for."""
        first: dict[str, int] = {}
        for at, row in sorted((self.calendar.minute(row.at), row.sought) for row in self.contacts):
            for item in row:
                first.setdefault(item, at)
        return first

    @cached_property
    def composites(self) -> dict[str, tuple[Item, ...]]:
        """For each item, the composites it is a part of."""
        return {name: tuple(whole for whole in self.items.values() if name in whole.parts) for name in self.items}

    @cached_property
    def kin(self) -> dict[str, frozenset[str]]:
        """For each worry, the other worries on its topic; nothing for anything else."""
        worries = [item for item in self.items.values() if item.polarity == "risk"]
        kin = {
            item.id: frozenset(one.id for one in worries if one.topic == item.topic and one != item) for item in worries
        }
        return {name: kin.get(name, frozenset()) for name in self.items}

    @cached_property
    def maskers(self) -> dict[str, frozenset[str]]:
        """For each item, the items that make little of it."""
        return {name: frozenset(one.id for one in self.items.values() if name in one.masks) for name in self.items}

    @cached_property
    def transitions(self) -> tuple[Transition, ...]:
        """Where work changes hands, in order of id: what the case gives, and each return from leave."""
        returns = [
            Transition(
                id=f"return-{row.role}-{number}",
                words=f"{self.roles[row.role].words} came back from leave",
                at=datetime.combine(row.last + timedelta(days=1), time(9)),
                kind="transfer",
                who=(row.cover,),
                whom=(row.role,),
                cite=row.cite,
            )
            for number, row in enumerate(sorted(self.case.away, key=lambda row: (row.first, row.role)))
            if row.cover and row.last < self.case.case.end
        ]
        return tuple(sorted([*self.case.transition, *returns], key=lambda row: row.id))

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """What a meeting may be called before: each decision, by its lead; each transition of the case,
        by whoever hands over, else by a case-holder, from the window's first minute on."""
        ahead = [
            Trigger(one.id, one.kind, one.lead, one.convened, one.start, MEETINGS[one.kind] if one.meeting else "")
            for one in self.choices.values()
        ]
        ahead += [
            Trigger(row.id, row.kind, convener, 0, self.calendar.minute(row.at))
            for row in sorted(self.case.transition, key=lambda row: row.id)
            for convener in (*row.who, *self.case_holders)[:1]
        ]
        return tuple(ahead)

    @cached_property
    def closed_from(self) -> float:
        """From which minute social care has closed the case; infinity where it never does."""
        own = {name for name, role in self.roles.items() if role.agency == self.case.case.desk_agency}
        closed = [choice.at for choice in self.choices.values() if choice.kind == "closure" and choice.lead in own]
        closed += [
            self.calendar.minute(row.at)
            for row in self.case.transition
            if row.kind == "closure" and not own.isdisjoint(row.who)
        ]
        return min(closed, default=inf)

    def cover_for(self, role: str, now: int) -> str | None:
        """Who stands in for somebody on leave, if anybody is named."""
        day = self.calendar.moment(now).date()
        stands_in = (row.cover for row in self.case.away if row.role == role and row.first <= day <= row.last)
        return next(stands_in, None)

    @cached_property
    def covered(self) -> frozenset[str]:
        """Those who have somebody to stand in for them at some time."""
        return frozenset(row.role for row in self.case.away if row.cover)

    def next_of_body(self, missed: Choice, now: int) -> Choice | None:
        """The next meeting, after `now`, of the body whose meeting this was."""
        body = MEETINGS.get(missed.kind)
        coming = [one for one in self.gatherings.values() if MEETINGS[one.kind] == body and one.start > now]
        return min(coming, key=lambda one: (one.start, one.id), default=None)

    @cached_property
    def silences(self) -> tuple[Item, ...]:
        """The beliefs that form out of hearing nothing."""
        return tuple(item for item in self.items.values() if item.silence)

    def profession(self, role: str) -> str:
        """Whose habits this role has."""
        return self._professions[role]

    @cached_property
    def _professions(self) -> dict[str, str]:
        return {name: role.profession for name, role in self.roles.items()}

    def kind(self, role: str) -> str:
        """Child-facing, adult-facing, property-facing, statutory, a desk or administrative."""
        return self._kinds[role]

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {name: self.professions[role.profession].kind for name, role in self.roles.items()}

    def what(self, item: str) -> str:
        """Topic and polarity: all of an item that a habit may depend on."""
        return self._whats[item]

    @cached_property
    def _whats(self) -> dict[str, str]:
        return {name: f"{item.topic}/{item.polarity}" for name, item in self.items.items()}

    def topic(self, item: str) -> str:
        """What an item is about; "" for what is no item of this case."""
        return self.items[item].topic if item in self.items else ""

    @cached_property
    def whats(self) -> tuple[str, ...]:
        """Every topic with its polarity that an item of this case has."""
        return tuple(sorted(set(self._whats.values())))

    def body(self, meeting: str) -> str:
        """The body that holds this meeting, to which a thing said once is said."""
        return MEETINGS[self.meetings[meeting].kind]

    def listed(self, by: int) -> list[str]:
        """The services that anybody knows to be involved at this minute, desks and offices left out, in order."""
        return [
            whom
            for whom in self.roles
            if self.kind(whom) not in ("desk", "administrative")
            and any(self.knows(who, whom, by) for who in self.roles)
        ]

    def known_to(self, who: str, by: int) -> list[str]:
        """Whom `who` knows to be involved by this minute, in order."""
        return [whom for whom in self.acquaintance[who] if self.knows(who, whom, by)]
