"""From the rows of a record to statements about draws, with all that is wrong with the rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import product
from math import inf

from scenarios.faults import Fault, nearest
from scenarios.record import ACTS, DESK, ROOM, Entry, Record, Way, as_moment
from simulation.chance import Address
from simulation.evidence import Expected, Span, Statement, Window
from simulation.reachable import choice_called, why_never
from simulation.world import World

MOST_CELLS = 2000
"""Statements that the lists of one row may come to."""
REFERRING = frozenset({"refer", "rule-refer"})


@dataclass
class Compiled:
    """What a record says of the draws of one world. `idle` are rows that say what is so in every run."""

    statements: list[Statement] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)


def compiled(record: Record, world: World, file: str) -> Compiled:
    """Every row as statements, those that could be made sense of; the rest are faults. The order of rows, and of names
    in a row, changes nothing."""
    found = Compiled()
    seen: set[str] = set()
    if record.record.case != world.case.case.id:
        advice = f"Write {world.case.case.id}, or give it the name of its own case."
        found.faults.append(Fault(file, "record case", f"this is a record of {record.record.case!r}", advice))
    for entry in sorted(record.entry, key=lambda entry: entry.id):
        if entry.id in seen:
            found.faults.append(
                Fault(file, f"entry {entry.id}", "this id stands twice", "Give one of them another id.")
            )
        seen.add(entry.id)
        if wrong := [*_faults(entry, world, file)]:
            found.faults += wrong
        else:
            _say(entry, world, found, file)
    return found


def _say(entry: Entry, world: World, found: Compiled, file: str) -> None:
    """One sound row: a statement for each of what it lists, or one about all of it together."""
    since, until = _minutes(world, entry.since, -inf), _minutes(world, entry.until, inf)
    cells = [[*_cells(way, world, since, until)] for way in entry.ways]
    each = [cell for own in cells for cell in own]
    if entry.has_window and entry.happened is None:
        found.windows += [_window(entry, span, world) for spans in each for span in spans]
        return
    if entry.happened is False or entry.any or entry.count is not None:
        each = [[span for spans in each for span in spans]]
    idle = True
    for spans in each:
        statement = _statement(entry, spans, world)
        open_ways = [why_never(world, address) for address in addresses(statement)] if statement.closed else [""]
        if "" not in open_ways:
            if statement.least > 0:
                what = " ".join(part for span in spans[:1] for part in _names(span))
                found.faults.append(
                    Fault(file, f"entry {entry.id}", f"this can never be drawn: {what}", open_ways[0] + ".")
                )
            continue
        idle = False
        found.statements.append(statement)
        if entry.has_window:
            found.windows += [_window(entry, span, world) for span in spans]
    if idle and entry.happened is False:
        found.idle.append(entry.id)


def _names(span: Span) -> Iterator[str]:
    yield "/".join(sorted(span.acts))
    for names in span[1:5]:
        if names is not None and names != {""}:
            yield "/".join(sorted(names))


def _statement(entry: Entry, spans: list[Span], world: World) -> Statement:
    least, most = (0.0, 0.0) if entry.happened is False else (1.0, inf)
    if entry.count is not None:
        least = most = float(entry.count)
    closed = all(names is not None for span in spans for names in span[1:5])
    due = max((due_of(span, world) for span in spans), default=inf)
    return Statement(entry.id, tuple(spans), least, most, due, closed, ACTS[entry.act].exclusive)


def due_of(span: Span, world: World) -> float:
    """The minute by which these draws have all been made: their decision's, or the end of their time."""
    due = span.until - 1
    if span.acts & AT_THE_TABLE and span.occasion is not None:
        due = min(due, max(choice.at for name in span.occasion if (choice := choice_called(world, name))))
    return due


AT_THE_TABLE = frozenset(
    way
    for act in ("invite", "attend", "report", "ask", "answer", "find", "open-file", "open-paper", "voice")
    for way in ACTS[act].ways
)
"""Acts that are drawn by the time their decision is taken, or never."""


def _window(entry: Entry, span: Span, world: World) -> Window:
    start, end = _minutes(world, entry.arrived_from, -inf), _minutes(world, entry.arrived_before, inf)
    return Window(entry.id, span, start, end)


def first_plan(statements: list[Statement], world: World) -> dict[int, dict[Address, Expected]]:
    """Every draw that may bring what a closed statement says happened, each as likely as not: until runs say better."""
    return {
        number: dict.fromkeys((way for way in addresses(statement) if not why_never(world, way)), Expected(0.5))
        for number, statement in enumerate(statements)
        if statement.closed and statement.most > 0
    }


def addresses(statement: Statement) -> list[Address]:
    """Every address that a closed statement covers, in order."""
    return sorted(
        (act, who, whom, item, occasion)
        for span in statement.spans
        for act in span.acts
        for who, whom, item, occasion in product(*(sorted(names or ()) for names in span[1:5]))
    )


def _cells(way: Way, world: World, since: float, until: float) -> Iterator[list[Span]]:
    """One list of spans for each of what a way's lists name: an agency is all its roles at once."""
    act = ACTS[way.act]
    who = _each(way.who, partial(_people, world))
    whom = _each(way.whom, partial(_people, world) if act.whom in ("role", "agency") else _just)
    if not act.whom:
        whom = [frozenset({WHOM.get(way.act, "")})]
    if way.act == "refer":
        whom = [frozenset({world.case.case.desk_agency})]
    item = _each(way.item, _just) if act.item else [frozenset({""})]
    occasion = _each(way.occasion, partial(_occasions, way.act, world))
    for one in product(who, whom, item, occasion):
        yield [*_spans(way.act, world, *one, since, until)]


WHOM = {"open-minutes": "minutes"}
"""What an act's address has in the place of a person, where a record need not say it."""


def _each(named: tuple[str, ...] | None, of: Callable[[str], frozenset[str]]) -> list[frozenset[str] | None]:
    """What each of these names stands for, in order; anything at all where none is named."""
    return [of(name) for name in sorted(named)] if named else [None]


def _just(name: str) -> frozenset[str]:
    return frozenset({name})


def _spans(
    act: str,
    world: World,
    who: frozenset[str] | None,
    whom: frozenset[str] | None,
    item: frozenset[str] | None,
    occasion: frozenset[str] | None,
    since: float,
    until: float,
) -> Iterator[Span]:
    """The draws of one cell. A desk is told and referred to; the model brings a referral to its agency."""
    ways = frozenset(ACTS[act].ways)
    if act != "pass-on":
        yield Span(ways, who, whom, item, occasion, since, until)
        return
    yield Span(ways - REFERRING, who, whom, item, occasion, since, until)
    if whom is None or whom & {*world.desks}:
        yield Span(ways & REFERRING, who, frozenset({world.case.case.desk_agency}), item, occasion, since, until)


def _people(world: World, name: str) -> frozenset[str]:
    """A role, or all roles of an agency."""
    if name in world.roles:
        return frozenset({name})
    return frozenset(role.id for role in world.roles.values() if role.agency == name)


def _occasions(act: str, world: World, name: str) -> frozenset[str]:
    """The occasion as the model's addresses have it: a meeting and what it decides may go by two names."""
    kinds = ACTS[act].occasion
    choice = choice_called(world, name) or next((one for one in world.choices.values() if one.meeting == name), None)
    if kinds not in (ROOM, DESK) or choice is None:
        return frozenset({name})
    if act == "assume":
        return frozenset({choice.id, choice.meeting or choice.id})
    return frozenset({choice.meeting or choice.id}) if kinds == ROOM else frozenset({choice.id})


def _minutes(world: World, day: date | datetime | None, otherwise: float) -> float:
    return otherwise if day is None else world.calendar.minute(as_moment(day))


# --- what can be wrong with a row ------------------------------------------------------------------


def _faults(entry: Entry, world: World, file: str) -> Iterator[Fault]:
    row = f"entry {entry.id}"
    for number, way in enumerate(entry.ways):
        yield from _way_faults(way, world, file, f"{row} or" if number else row)
    for name in ("since", "until", "arrived_from", "arrived_before"):
        day = getattr(entry, name)
        if isinstance(day, datetime) and day.tzinfo:
            yield Fault(file, f"{row} {name}", "a time zone is given", "Write local time without one.")
        elif day is not None and not world.case.case.start <= as_moment(day).date() <= world.case.case.end:
            advice = f"Use {world.case.case.start} to {world.case.case.end}, or leave it out."
            yield Fault(file, f"{row} {name}", f"{day} lies outside the window", advice)
    for first, last in (("since", "until"), ("arrived_from", "arrived_before")):
        low, high = getattr(entry, first), getattr(entry, last)
        if low is not None and high is not None and as_moment(high) <= as_moment(low):
            yield Fault(file, f"{row} {last}", f"{high} is not after {low}", "The first day counts, the last does not.")
    if entry.has_window and entry.act in ACTS and not ACTS[entry.act].arrives:
        yield Fault(
            file, row, f"what is said of {entry.act} never arrives", "Use since and until for when it was done."
        )


def _way_faults(way: Way, world: World, file: str, row: str) -> Iterator[Fault]:
    if way.act not in ACTS:
        yield Fault(file, f"{row} act", f"unknown act {way.act!r}", partial(nearest, way.act, ACTS))
        return
    act, case = ACTS[way.act], world.case
    agencies = {role.agency for role in case.role}
    allowed = {
        "who": {*world.roles, *agencies},
        "whom": {"": set(), "role": {*world.roles}, "agency": {*world.roles, *agencies}, "file": _files(world)}[
            act.whom
        ],
        "item": {*world.items} if act.item else set(),
        "occasion": {row.id for kind in act.occasion for row in getattr(world.case, kind)},
    }
    if act.occasion == ROOM:
        allowed["occasion"] |= {row.id for row in case.decision if row.meeting}
    if act.whom == "role":
        allowed["whom"] |= agencies
    if "transition" in act.occasion:
        allowed["occasion"] |= {row.id for row in world.transitions}
    unused = {"whom"} if not act.whom else set()
    unused |= set() if act.item else {"item"}
    for name, given in way.fields.items():
        if name in unused:
            yield Fault(file, f"{row} {name}", f"{way.act} has no {name}", "Leave it out.")
            continue
        for word in given:
            if word not in allowed[name]:
                kind = {"whom": act.whom, "who": "role", "occasion": " or ".join(act.occasion)}.get(name, name)
                yield Fault(
                    file, f"{row} {name}", f"there is no {kind} {word!r}", partial(nearest, word, allowed[name])
                )
    cells = 1
    for given in way.fields.values():
        cells *= len(given)
    if cells > MOST_CELLS:
        yield Fault(file, row, f"its lists come to {cells:,} statements", f"Keep to {MOST_CELLS:,} a row.")


def _files(world: World) -> set[str]:
    return {file.id for file in world.case.file}
