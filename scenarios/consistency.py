"""What a well-formed case can still get wrong: names that lead nowhere, dates outside, circles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scenarios.faults import Fault, nearest
from scenarios.practice import Practice
from scenarios.schema import Case, Contact, Decision, Meeting, Transition
from scenarios.vocabulary import DECISIONS, MEETINGS


def case_faults(file: str, case: Case, practice: Practice, ids: dict[str, list[str]]) -> Iterator[Fault]:
    """What a well-formed case can still get wrong: names that lead nowhere, dates outside."""
    for table, found in ids.items():
        for name in sorted({name for name in found if found.count(name) > 1}):
            yield Fault(file, f"{table} {name}", "this id stands twice", "Give one of them another id.")
    for table, row, field, name, target in _references(case):
        if name not in ids[target]:
            yield Fault(file, f"{table} {row} {field}", f"there is no {target} {name!r}", nearest(name, ids[target]))
    for role in case.role:
        if role.profession not in practice.professions:
            yield Fault(
                file,
                f"role {role.id} profession",
                f"unknown profession {role.profession!r}",
                nearest(role.profession, practice.professions),
            )
    for table, kinds in (("meeting", MEETINGS), ("decision", DECISIONS)):
        for row in getattr(case, table):
            if row.kind not in kinds:
                yield Fault(file, f"{table} {row.id} kind", f"unknown kind {row.kind!r}", nearest(row.kind, kinds))
    yield from _time_faults(file, case)
    if all(len(ids[table]) == len(getattr(case, table)) for table in ("role", "item", "contact", "meeting")):
        yield from _whole_faults(file, case)


def _references(case: Case) -> Iterator[tuple[str, str, str, str, str]]:
    """Every name a row uses: table, row, field, the name, and the table it must stand in."""
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
        for source in item.silence.source if item.silence else ():
            yield "item", item.id, "silence.source", source, "role"
    for table, targets in fields.items():
        for number, row in enumerate(getattr(case, table)):
            for name, target in targets.items():
                value = getattr(row, name)
                for reference in (value,) if isinstance(value, str) else value or ():
                    yield table, getattr(row, "id", f"row {number + 1}"), name, reference, target


def _time_faults(file: str, case: Case) -> Iterator[Fault]:
    about = case.case
    if about.end <= about.start:
        yield Fault(file, "case end", f"{about.end} is not after {about.start}", "Check both dates.")
        return
    if (about.end - about.start).days > 3660:
        yield Fault(file, "case end", "the window is longer than ten years", "Choose the part of the story to run.")
    if not 1990 <= about.start.year <= 2100:
        yield Fault(file, "case start", f"{about.start} is not of our time", "Use a year from 1990 to 2100.")
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
        last = row.at + timedelta(minutes=getattr(row, "lasts_minutes", 0))
        for moment in dict.fromkeys((row.at, last)):
            if not about.start <= moment.date() <= about.end:
                found = f"{moment:%Y-%m-%d %H:%M} lies outside the window"
                yield Fault(file, f"{where} at", found, f"Use {about.start} to {about.end}.")
        if convened and convened > row.at:
            yield Fault(
                file,
                f"{where} convened",
                f"{convened:%Y-%m-%d %H:%M} is later than it takes place",
                "Say from when anyone could know of it.",
            )
    for contact in case.contact:
        yield from _range_faults(file, case, contact)
    for number, away in enumerate(case.away):
        if not 0 <= (away.last - away.first).days <= 366:
            found = f"{away.first} to {away.last} is no leave"
            yield Fault(file, f"away row {number + 1} last", found, "Give its first and its last day.")
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
        found = f"{first} to {last} does not enclose {contact.at:%Y-%m-%d} within the window"
        yield Fault(file, where, found, "Let at be a day from earliest to latest.")


def _whole_faults(file: str, case: Case) -> Iterator[Fault]:
    """What only a case with all its rows can be asked: is there a desk, can each item be seen?"""
    agency, agencies = case.case.desk_agency, [role.agency for role in case.role]
    if agency not in agencies:
        yield Fault(file, "case desk_agency", f"no role is of the agency {agency!r}", nearest(agency, agencies))
    seen = {name for contact in case.contact for name in (*contact.items, *contact.sought)} | {
        name for meeting in case.meeting for name in meeting.said
    }
    known = {item.id for item in case.item}
    parts = {item.id: set(item.parts) & known for item in case.item}
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
        if item.id in _ancestors(item.id, parts):
            yield Fault(file, f"item {item.id} parts", "it is a part of itself", "Break the circle.")


def _ancestors(name: str, parts: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(parts[name])
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting.extend(parts[part])
    return found
