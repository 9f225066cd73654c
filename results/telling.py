"""How things are named when a run is read aloud: people, rooms, days, and each item with its id once."""

from __future__ import annotations

from collections.abc import Iterable

from results.days import Days
from simulation.index import Index
from simulation.journey import Journey, could_be_seen, journey, journeys, next_step
from simulation.reasons import REASONS
from simulation.routes import Routes
from simulation.trace import Event, Trace
from simulation.world import World

FEW = 3
"""How many people, or things already known to all, are named before they are only counted."""

CONTACTS = {
    "home-visit": "a home visit by",
    "clinic": "a health contact with",
    "phone": "a phone call with",
    "police-attendance": "an attendance by",
    "emergency": "an emergency contact with",
    "session": "a session with",
    "public-call": "a call from the public to",
    "record-search": "a search of records by",
}
STEPS = {
    "hold": "it reaches {who}",
    "arrive": "it arrives with {who}",
    "include": "it goes into a paper by {who}",
}
"""The next step of what still moves, by act."""


def done(rows: Iterable[Event], *acts: str) -> list[Event]:
    """The rows of these acts that happened; a rule counts as its act."""
    return [row for row in rows if row.act.removeprefix("rule-") in acts and row.happened]


def undone(rows: Iterable[Event], *acts: str) -> list[tuple[str, list[Event]]]:
    """The rows of these acts that did not happen, by reason."""
    left = [row for row in rows if row.act.removeprefix("rule-") in acts and not row.happened]
    return [(reason, [row for row in left if row.reason == reason]) for reason in dict.fromkeys(r.reason for r in left)]


def anchor(group: list[Event]) -> Event:
    """The row at which an event is told: a paper when it comes in, word when all of it is sent, what was opened (its
    sending no part of the story) when it is read, all else at once."""
    sent = done(group, "tell", "refer")
    read = done(group, "hold")[:1] if group[0].act == "open" else []
    return [*done(group, "deliver")[:1], *sent[-1:], *read, group[0]][0]


def cap(words: str) -> str:
    """With a capital, to begin a sentence."""
    return words[:1].upper() + words[1:]


def short(reason: str) -> str:
    """What a reason says."""
    return REASONS[reason][1]


def sense(reason: str) -> str:
    """Why it made sense at the time, as a sentence."""
    return REASONS[reason][2]


def why(reason: str) -> str:
    """Why it made sense at the time, to follow a colon."""
    return sense(reason)[:1].lower() + sense(reason)[1:]


def series(words: Iterable[str]) -> str:
    """a, b and c, each once."""
    *most, last = dict.fromkeys(words)
    return f"{', '.join(most)} and {last}" if most else last


class Telling:
    """One reading of one trace: how things are named, each item with its id the first time."""

    def __init__(self, trace: Trace, world: World, routes: Routes, item: str | None) -> None:
        self.world, self.routes, self.item = world, routes, item
        self.index, self.days = Index(trace, world), Days.of(world.case.case)
        self.named: set[str] = set()
        self.files = {file.id: file.words for file in world.case.file}
        self.contacts = {row.id: row for row in world.contacts}
        self.choices = {choice.id: choice for choice in (*world.gatherings.values(), *world.choices.values())}
        self.called = {event.occasion: event for event in trace.events if event.act == "call"}
        self.journeys: dict[str, list[Journey]] = {}
        for one in self.of_one(item) if item else journeys(trace, world, routes):
            self.journeys.setdefault(one.decision, []).append(one)

    def of_one(self, item: str) -> list[Journey]:
        """The journeys of the item that a story follows."""
        bears_on = self.world.items[item].bears_on
        choices = [choice for name, choice in self.world.choices.items() if name in bears_on]
        return [
            journey(self.index, self.routes, item, choice)
            for choice in choices
            if choice.id in self.index.decided and could_be_seen(self.world, item, choice)
        ]

    def people(self, rows: Iterable[Event], to: bool = False) -> str:
        """Who did these acts, or to whom."""
        return self.roles(row.whom if to else row.who for row in rows)

    def roles(self, names: Iterable[str]) -> str:
        """Roles in words; an agency is the desk that is open there."""
        known = self.world.roles
        return series(known[name].words if name in known else "the desk that takes referrals" for name in names)

    def visit(self, contact: str) -> str:
        """Which contact it was."""
        row = self.contacts[contact]
        return f"{cap(CONTACTS[row.kind])} {self.roles(row.by)}."

    def room(self, meeting: str, rows: list[Event]) -> list[str]:
        """Who was there, and who had been invited and was not."""
        there = [*self.deciders(meeting), *(row.who for row in done(rows, "attend"))]
        answered = {*there, *(row.who for row in rows)}
        late = [row for row in done(self.index.by_occasion[meeting], "invite") if row.whom not in answered]
        said = [f"In the room: {self.roles(there)}."]
        return [*said, f"Invited, and not there: {self.people(late, to=True)}."] if late else said

    def deciders(self, meeting: str) -> tuple[str, ...]:
        """Who decides there, the lead first: at a meeting that a rule called, its lead and whoever called it."""
        if meeting in self.world.gatherings:
            return self.world.gatherings[meeting].all_deciders
        call = self.called[meeting]
        return tuple(dict.fromkeys((call.whom, call.who)))

    def decider(self, occasion: str) -> str:
        """Who leads what a paper is for: a decision, or a meeting that a rule called."""
        return self.choices[occasion].lead if occasion in self.choices else self.called[occasion].whom

    def occasion(self, row: Event) -> str:
        """The meeting or decision that a row is about."""
        known = self.world.meetings.get(row.occasion) or self.choices.get(row.occasion)
        if known:
            return known.words
        call = self.called[row.occasion]
        urgent = self.index.trace[call.cause].act == "rule-call"
        when = self.days.spoken(self.world.calendar.moment(call.time))
        return f"the {'urgent meeting' if urgent else call.how.replace('-', ' ')} called {when}"

    def new_to(self, meeting: str, rows: list[Event], heard: list[Event], speakers: list[Event]) -> str:
        """To whom in the room something was new: the one who decides by name, many others by their number."""
        there = {*self.deciders(meeting), *(row.who for row in done(rows, "attend"))}
        new = list(dict.fromkeys(row.who for row in heard))
        if there <= {*new, *(row.who for row in speakers)}:
            return "everybody else there" if speakers else "everybody there"
        if len(new) <= FEW:
            return self.roles(new)
        leads = [who for who in self.deciders(meeting)[:1] if who in new]
        others = f"{len(new) - len(leads)} of the others" if leads else f"{len(new)} of those there"
        return f"{self.roles(leads)} and {others}" if leads else others

    def day(self, then: int, now: int) -> str:
        """One moment as spoken of at another."""
        there, here = self.world.calendar.moment(then), self.world.calendar.moment(now)
        if there.date() == here.date():
            return f"at {there:%H:%M}"
        return self.days.spoken(there, here)

    def things(self, items: Iterable[str]) -> str:
        """Items after a colon, each with its id the first time; nothing where none is left to name."""
        every = list(dict.fromkeys(items))
        if every in ([], [self.item]):
            return ""
        ids = {item: "" if item in self.named else f" ({item})" for item in every}
        self.named.update(every)
        names = {item: f"that {self.world.items[item].words}{once}" for item, once in ids.items()}
        return ": " + "; ".join("it" if item == self.item else name for item, name in names.items())

    def has(self, who: str, item: str, row: int) -> bool:
        """Whether somebody had an item before this row."""
        return who in self.index.held[item] and self.index.held[item][who].row < row

    def awaited(self, row: Event) -> bool:
        """Whether a decision this bears on was still to come, and stood to gain by it."""
        decided, bears_on = self.index.decided, self.world.items[row.item].bears_on
        ahead = [self.choices[name] for name in bears_on if name in decided and decided[name].row > row.row]
        if row.whom not in self.world.roles:
            return bool(ahead) and not any(self.has(choice.lead, row.item, row.row) for choice in ahead)
        deciding = any(row.whom in choice.all_deciders for choice in ahead)
        return deciding and not self.has(row.whom, row.item, row.row)

    def next(self, one: Journey, decided: Event) -> str:
        """The next step of an item that still moves."""
        step = next_step(self.index, self.routes, one.item, self.choices[one.decision], decided.row)
        assert step
        words = STEPS[step.act].format(who=self.roles([step.who]), whom=self.roles([step.whom]))
        return f"Next, {words} {self.day(step.time, decided.time)}."
