"""What a well-formed case can still get wrong: names that lead nowhere, dates outside, circles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from graphlib import CycleError, TopologicalSorter

from scenarios.faults import Fault, nearest
from scenarios.practice import Practice
from scenarios.schema import About, Away, Case, Contact, Decision, Meeting, Transition
from scenarios.vocabulary import DECISIONS, MEETINGS

MOST_PAIRS = 250_000
"""Who knows whom: five hundred roles who all know one another."""
MOST_PARTS = 200
"""Parts of a pattern, and parts of those, along every way: each is looked at whenever it is asked for."""


def case_faults(file: str, case: Case, practice: Practice, ids: dict[str, list[str]]) -> Iterator[Fault]:
    """What a well-formed case can still get wrong: names that lead nowhere, dates outside."""
    for table, found in ids.items():
        for name, times in sorted(Counter(found).items()):
            if name and times > 1:
                yield Fault(file, f"{table} {name}", "this id stands twice", "Give one of them another id.")
    yield from _reference_faults(file, case, {table: {*found} - {""} for table, found in ids.items()})
    if sum(len(row.who) * len(row.whom) for row in case.knows) > MOST_PAIRS:
        yield Fault(file, "knows", f"more than {MOST_PAIRS:,} pairs", "Name only those who had to do with the family.")
    for number, knows in enumerate(case.knows):
        if knows.until and knows.until < knows.since:
            ends = f"{knows.until} is before {knows.since}"
            yield Fault(
                file, f"knows row {number + 1} until", ends, "Give the last day on which they are known, or none."
            )
    for role in case.role:
        if role.profession not in practice.professions:
            yield Fault(
                file,
                f"role {role.id} profession",
                f"unknown profession {role.profession!r}",
                partial(nearest, role.profession, practice.professions),
            )
    for table, kinds in (("meeting", MEETINGS), ("decision", DECISIONS)):
        for row in getattr(case, table):
            if row.kind not in kinds:
                advice = partial(nearest, row.kind, kinds)
                yield Fault(file, f"{table} {row.id} kind", f"unknown kind {row.kind!r}", advice)
    for number, away in enumerate(case.away):
        yield from _away_faults(file, f"away row {number + 1}", away)
    for transition in case.transition:
        yield from _hand_over_faults(file, f"transition {transition.id}", transition)
    if window_faults := [*_window_faults(file, case)]:
        yield from window_faults
    else:
        yield from _day_zero_faults(file, case.case)
        yield from _time_faults(file, case)
    if all(
        len(ids[table]) == len(getattr(case, table)) for table in ("role", "item", "contact", "meeting", "decision")
    ):
        yield from _whole_faults(file, case)


def _reference_faults(file: str, case: Case, ids: dict[str, set[str]]) -> Iterator[Fault]:
    """Names that stand nowhere, and names given twice in one list."""
    for where, names, target in _references(case):
        for name, times in Counter(names).items():
            if name not in ids[target]:
                yield Fault(file, where, f"there is no {target} {name!r}", partial(nearest, name, ids[target]))
            elif times > 1:
                yield Fault(file, where, f"{name!r} stands twice", "Leave one out.")


def _references(case: Case) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Every field that names rows: where it stands, the names, and the table they must stand in."""
    fields = {
        "file": {"written_by": "role", "opened_by": "role"},
        "knows": {"who": "role", "whom": "role"},
        "item": {"held_by": "role", "recorded_in": "file", "parts": "item", "masks": "item", "bears_on": "decision"},
        "contact": {"by": "role", "items": "item", "sought": "item"},
        "meeting": {"lead": "role", "deciders": "role", "convener": "role", "said": "item"},
        "decision": {"lead": "role", "deciders": "role", "meeting": "meeting"},
        "away": {"role": "role", "cover": "role"},
        "transition": {"who": "role", "whom": "role"},
    }
    for item in case.item:
        if item.silence:
            yield f"item {item.id} silence.source", item.silence.source, "role"
    for table, targets in fields.items():
        for number, row in enumerate(getattr(case, table)):
            for name, target in targets.items():
                value = getattr(row, name) or ()
                where = f"{table} {getattr(row, 'id', f'row {number + 1}')} {name}"
                yield where, (value,) if isinstance(value, str) else value, target


def _away_faults(file: str, where: str, away: Away) -> Iterator[Fault]:
    if not 0 <= (away.last - away.first).days <= 366:
        found = f"{away.first} to {away.last} is no leave"
        yield Fault(file, f"{where} last", found, "Give its first and its last day.")
    if away.cover == away.role:
        yield Fault(file, f"{where} cover", f"{away.cover!r} covers for herself", "Name somebody else, or nobody.")


def _hand_over_faults(file: str, where: str, transition: Transition) -> Iterator[Fault]:
    """Work that changes hands goes from somebody to somebody else."""
    if bool(transition.who) != bool(transition.whom):
        short = "whom" if transition.who else "who"
        yield Fault(file, f"{where} {short}", "it is missing", "Give both who hands over and to whom, or neither.")
    for name in sorted({*transition.who} & {*transition.whom}):
        yield Fault(file, f"{where} whom", f"{name!r} hands over to herself", "Name somebody else.")


def _window_faults(file: str, case: Case) -> Iterator[Fault]:
    """A window no other date can be held against."""
    about = case.case
    if about.end <= about.start:
        yield Fault(file, "case end", f"{about.end} is not after {about.start}", "Check both dates.")
    if (about.end - about.start).days > 3660:
        yield Fault(file, "case end", "the window is longer than ten years", "Choose the part of the story to run.")
    if not 1990 <= about.start.year <= 2100:
        yield Fault(file, "case start", f"{about.start} is not of our time", "Use a year from 1990 to 2100.")


def _day_zero_faults(file: str, about: About) -> Iterator[Fault]:
    """A day to count from is one of the story's own, and has a name."""
    if (about.day_zero is None) != (about.day_zero_words is None):
        lacks = "day_zero" if about.day_zero is None else "day_zero_words"
        yield Fault(file, f"case {lacks}", "it is missing", "Give both the day and what happened on it, or neither.")
    if about.day_zero and not about.start <= about.day_zero <= about.end:
        found = f"{about.day_zero} lies outside the window"
        yield Fault(file, "case day_zero", found, f"Use {about.start} to {about.end}.")


def _time_faults(file: str, case: Case) -> Iterator[Fault]:
    about = case.case
    dated: list[tuple[str, Contact | Meeting | Decision | Transition]] = [("contact", row) for row in case.contact]
    dated += [("meeting", row) for row in case.meeting] + [("decision", row) for row in case.decision]
    dated += [("transition", row) for row in case.transition]
    for table, row in dated:
        where = f"{table} {row.id}"
        convened = getattr(row, "convened", None)
        zoned = [name for name, at in (("at", row.at), ("convened", convened)) if at and at.tzinfo]
        for name in zoned:
            yield Fault(file, f"{where} {name}", "a time zone is given", "Write local time without one.")
        if zoned or row.at is None:
            continue
        inside = about.start <= row.at.date() <= about.end
        last = row.at + timedelta(minutes=getattr(row, "lasts_minutes", 0)) if inside else row.at
        if not about.start <= last.date() <= about.end:
            found = f"{last.isoformat(' ', 'minutes')} lies outside the window"
            yield Fault(file, f"{where} at", found, f"Use {about.start} to {about.end}.")
        if convened and convened > row.at:
            yield Fault(
                file,
                f"{where} convened",
                f"{convened.isoformat(' ', 'minutes')} is later than it takes place",
                "Say from when anyone could know of it.",
            )
    for contact in case.contact:
        yield from _range_faults(file, case, contact)
    for decision in case.decision:
        alone = [name for name in ("at", "lead", "convened") if getattr(decision, name) is None]
        if decision.meeting is None and alone:
            yield Fault(
                file,
                f"decision {decision.id}",
                f"has no meeting and no {', '.join(alone)}",
                "Name its meeting, or say when, by whom and from when.",
            )
        if decision.meeting and len(alone) < 3:
            yield Fault(
                file,
                f"decision {decision.id}",
                "has a meeting and its own time or lead",
                "Leave at, lead and convened to the meeting.",
            )


def _range_faults(file: str, case: Case, contact: Contact) -> Iterator[Fault]:
    """A date that is drawn needs both its ends, in order, inside the window, around the reading."""
    first, last = contact.earliest, contact.latest
    if first is None and last is None:
        return
    where = f"contact {contact.id}"
    if first is None or last is None:
        yield Fault(file, where, "has one of earliest and latest", "Give both, or neither.")
    elif not case.case.start <= first <= contact.at.date() <= last <= case.case.end:
        found = f"{first} to {last} does not enclose {contact.at.date()} within the window"
        yield Fault(file, where, found, "Let at be a day from earliest to latest.")


def _whole_faults(file: str, case: Case) -> Iterator[Fault]:
    """What only a case with all its rows can be asked: is there a desk, can each item be seen?"""
    agency, agencies = case.case.desk_agency, [role.agency for role in case.role]
    if agency not in agencies:
        yield Fault(file, "case desk_agency", f"no role is of the agency {agency!r}", nearest(agency, agencies))
    if not any(item.bears_on and item.critical == "yes" for item in case.item):
        found = "nothing critical bears on any decision, so there is nothing to count"
        yield Fault(file, "item", found, 'Say of at least one item critical = "yes" and what it bears_on.')
    seen = {name for contact in case.contact for name in (*contact.items, *contact.sought)} | {
        name for meeting in case.meeting for name in meeting.said
    }
    known = {item.id for item in case.item}
    parts = {item.id: {*item.parts} & known for item in case.item}
    unfolded = _unfolded(parts)
    for item in case.item:
        if not (item.id in seen or item.held_by or item.recorded_in or item.parts or item.silence):
            yield Fault(
                file,
                f"item {item.id}",
                "nobody could ever see it",
                "Name it in a contact's items or sought, a meeting's said, held_by or recorded_in.",
            )
        if item.parts and not 2 <= item.needs <= len(item.parts):
            yield Fault(
                file,
                f"item {item.id} needs",
                f"{item.needs} of {len(item.parts)} parts",
                "Give a number from 2 to the number of parts.",
            )
        if unfolded.get(item.id, 0) > MOST_PARTS:
            found = f"more than {MOST_PARTS} parts, those of its parts among them"
            yield Fault(file, f"item {item.id} parts", found, "Make it of fewer, or not of other patterns.")
        if item.id not in unfolded and item.id in _ancestors(item.id, parts):
            yield Fault(file, f"item {item.id} parts", "it is a part of itself", "Break the circle.")


def _unfolded(parts: dict[str, set[str]]) -> dict[str, int]:
    """How many parts each item has, those of its parts among them; none for items that hang on a circle."""
    found: dict[str, int] = {}
    sorter = TopologicalSorter(parts)
    with suppress(CycleError):
        sorter.prepare()
    while ready := sorter.get_ready():
        for name in ready:
            found[name] = min(sum(1 + found[part] for part in parts[name]), MOST_PARTS + 1)
        sorter.done(*ready)
    return found


def _ancestors(name: str, parts: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(parts[name])
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting.extend(parts[part])
    return found
