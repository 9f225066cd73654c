"""One run as a trainer would read it aloud: what was seen, said, sent and read, in order of time.

Rows that belong to one event become one entry. How far an item got is asked of `simulation.journey`
and of nothing else. What is spoken of is information, a paper or a room, never a culprit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from textwrap import wrap

from results.sentences import ACTS, ASIDES, KINDS, WITH_CAUSE, asides
from results.telling import Telling, anchor, cap
from scenarios.faults import BadInput, Fault, nearest
from simulation.routes import Routes
from simulation.trace import NOTHING, Event, Trace
from simulation.world import World


@dataclass(frozen=True)
class Entry:
    """One event in words, with the rows it rests on, and its day as a heading says it. At a decision, `had` is what
    its lead had read."""

    when: datetime
    day: str
    words: str
    rows: tuple[int, ...]
    kind: str
    had: tuple[str, ...] = ()


def chronology(trace: Trace, world: World, routes: Routes, item: str | None = None) -> list[Entry]:
    """The run in words, in order of time; with `item`, that item's story and nothing else.

    Raises BadInput if the case has no such item.
    """
    if item is not None and item not in world.items:
        raise BadInput([Fault("request", f"item {item}", "there is no such item", nearest(item, world.items))])
    telling = Telling(trace, world, routes, item)
    rows = {event.row for event in trace.events}
    if item:
        rows = story(trace, item) | {telling.index.decided[name].row for name in telling.journeys}
    groups = [(kind, [event for event in group if event.row in rows]) for kind, group in events(trace)]
    in_order = sorted((anchor(group).row, kind, group) for kind, group in groups if group)
    told = [one for _, kind, group in in_order if (one := entry(telling, kind, group)).words]
    if item and told:
        words = f"This follows one thing: that {world.items[item].words} ({item})."
        return [Entry(told[0].when, told[0].day, words, (), "opening"), *told]
    return sorted(told + quiet(telling), key=lambda entry: entry.when) if not item else told


def as_text(entries: Iterable[Entry], width: int = 100) -> str:
    """Plain text: a heading for each day, then what happened under each time."""
    lines: list[str] = []
    for day, same_day in groupby(entries, key=lambda entry: entry.day):
        lines += [day, ""]
        for clock, same_minute in groupby(same_day, key=lambda entry: f"{entry.when:%H:%M}"):
            said = [line for entry in same_minute for line in entry.words.splitlines()]
            for number, line in enumerate(said):
                first = " " * 7 if number else f"{clock}  "
                lines += wrap(line, width, initial_indent=first, subsequent_indent=" " * 7, break_on_hyphens=False)
            lines.append("")
    return "\n".join(lines)


def entry(telling: Telling, kind: str, rows: list[Event]) -> Entry:
    """One event in words."""
    words = " ".join([*KINDS[kind].say(telling, rows), *(asides(telling, rows) if telling.item else ())])
    found = telling.journeys.get(rows[0].occasion, []) if kind == "decision" else []
    numbers = {event.row for event in rows} | {one.row for one in found if one.row}
    when = telling.world.calendar.moment(anchor(rows).time)
    had = tuple(one.item for one in found if one.read)
    return Entry(when, telling.days.heading(when), words, tuple(sorted(numbers)), kind, had)


def quiet(telling: Telling) -> list[Entry]:
    """Contacts, meetings and dates that left no row: they took place."""
    told = {event.occasion for event in telling.index.trace.events}
    visits = [row for name, row in telling.contacts.items() if name not in told]
    meetings = [row for name, row in telling.world.meetings.items() if name not in told]
    not_given = "What was seen or said is not given."
    dates = [row for row in telling.world.transitions if row.id not in told and not row.whom]
    passed = [(row.at, f"{telling.visit(row.id)} {not_given}", "contact") for row in visits]
    passed += [(row.at, " ".join([f"{cap(row.words)}.", *telling.room(row.id, [])]), "meeting") for row in meetings]
    passed += [(row.at, f"{cap(row.words)}.", "date") for row in dates]
    return [Entry(at, telling.days.heading(at), words, (), kind) for at, words, kind in passed]


def events(trace: Trace) -> list[tuple[str, list[Event]]]:
    """The rows of the trace put together by the event they belong to, each with its kind of entry."""
    keys: dict[int, tuple[object, ...]] = {}
    groups: dict[tuple[object, ...], list[Event]] = {}
    for event in trace.events:
        kind = "start" if event.occasion == "start" else ACTS[event.act]
        if kind == "passing" and not event.happened:
            kind = "kept"
        afterwards = event.act.removeprefix("rule-") in ASIDES and event.cause and event.time != trace[event.cause].time
        a_paper = event.act == "answer" and trace[event.cause].act.removeprefix("rule-") == "ask"
        follows = event.act in WITH_CAUSE and event.cause and not afterwards and not a_paper
        fields = (getattr(event, name) for name in KINDS[kind].one_event)
        keys[event.row] = key = keys[event.cause] if follows else (kind, *fields)
        groups.setdefault(key, []).append(event)
    return [(str(key[0]), group) for key, group in groups.items()]


def led_from(trace: Trace, row: int) -> int:
    """The row that led to this one; a message that was opened carried other things too, and their
    coming is no part of this one's story."""
    cause = trace[row].cause
    other = trace[row].act == "open" and cause and trace[cause].item
    return NOTHING if other else cause


def story(trace: Trace, item: str) -> set[int]:
    """The rows about an item, the rows that led to them, and what followed for this item."""
    rows = {event.row for event in trace.events if event.item == item}
    for row in sorted(rows):
        while (row := led_from(trace, row)) and row not in rows:
            rows.add(row)
    for event in trace.events:
        of_part = event.act == "join" and event.cause and trace[event.cause].item == item
        if event.cause in rows and (not event.item or of_part):
            rows.add(event.row)
    return rows
