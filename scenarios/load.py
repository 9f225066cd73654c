"""TOML to models. Says exactly what is wrong, where, and what to do; all faults at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from scenarios.policy import Policy
from scenarios.practice import FAMILIES, Leaf, Practice, Profession, unsound
from scenarios.schema import Case, Contact, Decision, Meeting
from scenarios.vocabulary import DECISIONS, KINDS, MEETINGS, POLARITIES, TOPICS

HERE = Path(__file__).parent
LARGEST_FILE = 4_000_000
DEEPEST_NESTING = 12
LONG_KEY = re.compile(rf"(?:[\w\"'-]+[ \t]*\.[ \t]*){{{DEEPEST_NESTING}}}")
"""A dotted key that goes deeper: refused unread, since reading it takes time in its square."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file: where, what was found, what to do."""

    file: str
    row: str
    found: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.row}: {self.found}. {self.remedy}"


class BadInput(Exception):
    """A file or a request was refused before anything ran; `faults` lists all that is wrong."""

    def __init__(self, faults: list[Fault]):
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def nearest(word: str, allowed: Iterable[str]) -> str:
    """What to do about an unknown word: the nearest allowed one if one is close, else a few."""
    allowed = sorted({*allowed})
    close = difflib.get_close_matches(word, allowed, 1, 0.6)
    if close:
        return f"Did you mean {close[0]}?"
    return f"Allowed: {', '.join(allowed[:8])}{' …' if len(allowed) > 8 else ''}."


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables. Raises BadInput where it cannot be read as TOML at all."""

    def refused(found: object, remedy: str, row: str = "file") -> BadInput:
        return BadInput([Fault(path.name, row, str(found), remedy)])

    if not path.is_file():
        raise refused("not a file" if path.exists() else f"not there ({path})", "Check the path.")
    too_deep = refused(f"nested more than {DEEPEST_NESTING} deep", "Write one plain table a row.")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise refused(f"larger than {LARGEST_FILE:,} bytes", "Keep to one family, or one theme, a file.")
        text = content.decode("utf-8-sig")
        if LONG_KEY.search(text):
            raise too_deep
        tables = tomllib.loads(text)
    except OSError as error:
        raise refused(error.strerror, "Check the path.") from None
    except RecursionError:
        raise too_deep from None
    except UnicodeDecodeError:
        raise refused("not UTF-8 text", "Save it as UTF-8.") from None
    except ValueError as error:
        where = re.search(r" \(at (line \d+), column \d+\)", str(error))
        row, found = (where[1], str(error).replace(where[0], "")) if where else ("file", error)
        raise refused(f"not readable as TOML: {found}", "Mend it and check again.", row) from None
    if _deeper(tables, DEEPEST_NESTING):
        raise too_deep
    return tables


def _deeper(tables: dict[str, Any], most: int) -> bool:
    """Whether tables and lists stand inside one another more than `most` deep."""
    level: list[Any] = [tables]
    for _ in range(most):
        level = [part for whole in level for part in (whole.values() if isinstance(whole, dict) else whole)]
        level = [part for part in level if isinstance(part, dict | list)]
    return bool(level)


def model_faults(file: str, prefix: str, error: ValidationError, names: dict[str, str]) -> list[Fault]:
    """pydantic's errors in a reader's words: one fault each, its row by id where it has one."""
    faults = []
    for problem in error.errors(include_url=False, include_context=False):
        table, *rest = [str(part) for part in problem["loc"]] or [""]
        row = names.get(".".join([table, *rest[:1]]), "")
        field = ".".join(rest[1:] if row else rest)
        where = " ".join(part for part in (prefix, table, row, field) if part)
        message = problem["msg"].removeprefix("Value error, ")
        found, remedy = WORDS.get(problem["type"], (message, "Correct the value."))
        given = problem.get("input")
        if problem["type"] == "literal_error":
            found, remedy = "an unknown word", nearest(str(given), re.findall(r"'([^']*)'", message))
        if not isinstance(given, dict | list | tuple | BaseModel) and problem["type"] != "missing":
            found += f" (found {str(given)[:60]!r})"
        faults.append(Fault(file, where, found, remedy))
    return faults


WORDS = {
    "missing": ("it is missing", "Add it."),
    "extra_forbidden": ("there is no such key", "Remove it, or check its spelling."),
    "string_pattern_mismatch": ("this is no id", "Use letters, digits and hyphens, at most 60."),
}
"""What was found and what to do, where pydantic's own words would puzzle a reader."""


# --- cases -----------------------------------------------------------------------------------


def load_case(path: Path, practice: Practice) -> Case:
    """A case, checked against itself and against the professions that practice knows."""
    tables = read_toml(path)
    names = {
        f"{table}.{number}": str(row.get("id", f"row {number + 1}")) if isinstance(row, dict) else f"row {number + 1}"
        for table, rows in tables.items()
        if isinstance(rows, list)
        for number, row in enumerate(rows)
    }
    faults: list[Fault] = []
    case: Case | None
    try:
        case = Case.model_validate(tables)
    except ValidationError as error:
        faults = model_faults(path.name, "", error, names)
        case = _sound_rows(tables, error)
    if case:
        faults += case_faults(path.name, case, practice, _ids(tables))
    if case is None or faults:
        raise BadInput(faults)
    return case


def _sound_rows(tables: dict[str, Any], error: ValidationError) -> Case | None:
    """The case without the rows that are faulty in themselves, so that the rest is checked in the
    same go; None if too little is left. (Rows told by their number go together, to keep it.)"""
    faulty = {problem["loc"][:2] for problem in error.errors()}
    tables = {table: rows for table, rows in tables.items() if table in Case.model_fields}
    for table, rows in tables.items():
        if isinstance(rows, list):
            sound = [row for number, row in enumerate(rows) if (table, number) not in faulty]
            tables[table] = [] if table in ("knows", "away") and len(sound) < len(rows) else sound
    try:
        return Case.model_validate(tables)
    except ValidationError:
        return None


def _ids(tables: dict[str, Any]) -> dict[str, list[str]]:
    """Every id that stands in the file, by table, whether or not the rest of its row is sound."""
    return {
        table: [str(row.get("id")) for row in tables.get(table, ()) if isinstance(row, dict)]
        for table in ("role", "file", "item", "contact", "meeting", "decision")
    }


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
        "contact": {"by": "role", "items": "item"},
        "meeting": {"lead": "role", "deciders": "role", "convener": "role", "said": "item"},
        "decision": {"lead": "role", "deciders": "role", "meeting": "meeting"},
        "away": {"role": "role"},
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
    dated: list[tuple[str, Contact | Meeting | Decision]] = [("contact", row) for row in case.contact]
    dated += [("meeting", row) for row in case.meeting] + [("decision", row) for row in case.decision]
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


def _whole_faults(file: str, case: Case) -> Iterator[Fault]:
    """What only a case with all its rows can be asked: is there a desk, can each item be seen?"""
    agency, agencies = case.case.desk_agency, [role.agency for role in case.role]
    if agency not in agencies:
        yield Fault(file, "case desk_agency", f"no role is of the agency {agency!r}", nearest(agency, agencies))
    seen = {name for contact in case.contact for name in contact.items} | {
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
                "Name it in a contact, a meeting's said, held_by or recorded_in.",
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


# --- practice --------------------------------------------------------------------------------


@cache
def load_practice(folder: Path = HERE / "practice") -> Practice:
    """The whole tree, from every file of the folder."""
    leaves: dict[str, Leaf] = {}
    stands_in: dict[str, str] = {}
    professions: dict[str, Profession] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        tables = read_toml(path)
        for name, row in tables.pop("profession", {}).items():
            try:
                professions[name] = Profession.model_validate(row)
            except ValidationError as error:
                faults += model_faults(path.name, f"profession {name}", error, {})
        for leaf, row in _leaf_tables(tables, ()):
            try:
                if leaf in leaves:
                    raise ValueError("this leaf stands twice")
                leaves[leaf], stands_in[leaf] = Leaf.model_validate(row), path.name
            except ValidationError as error:
                faults += model_faults(path.name, f"leaf {leaf}", error, {})
            except ValueError as error:
                faults.append(Fault(path.name, f"leaf {leaf}", str(error), "Remove one."))
    faults += [fault for leaf, file in stands_in.items() for fault in _leaf_name_faults(file, leaf, professions)]
    if faults:
        raise BadInput(faults)
    return Practice(leaves, professions)


def _leaf_tables(table: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A table with a `value` is a leaf; its tables are more specific leaves of the same family."""
    if "value" in table:
        yield ".".join(path), {name: part for name, part in table.items() if not isinstance(part, dict)}
    for name, part in table.items():
        if isinstance(part, dict):
            yield from _leaf_tables(part, (*path, name))


def _leaf_name_faults(file: str, leaf: str, professions: dict[str, Profession]) -> Iterator[Fault]:
    family, *slots = leaf.split(".")
    if family not in FAMILIES:
        yield Fault(file, f"leaf {leaf}", f"unknown family {family!r}", nearest(family, FAMILIES))
        return
    if len(slots) > len(FAMILIES[family]):
        yield Fault(file, f"leaf {leaf}", "too many parts", f"{family} has {len(FAMILIES[family])}.")
    allowed = {
        "role": {*professions, *KINDS},
        "decision": {*DECISIONS, *DECISIONS.values()},
        "what": {*TOPICS, *POLARITIES},
    }
    for slot, word in zip(FAMILIES[family], slots, strict=False):
        words = allowed.get(slot)
        if words and word != "any" and word not in words:
            yield Fault(file, f"leaf {leaf}", f"unknown {slot} {word!r}", nearest(word, words))
    if slots and slots[-1] == "any":
        yield Fault(file, f"leaf {leaf}", "it ends in 'any'", "Leave that out: what is left out is any.")


# --- policies --------------------------------------------------------------------------------


def load_policies(practice: Practice, folder: Path = HERE / "policies") -> dict[str, Policy]:
    """Every policy by name, each checked against the leaves that exist."""
    policies: dict[str, Policy] = {}
    for path in sorted(folder.glob("*.toml")):
        policies |= policies_in(path, practice)
    return policies


def policies_in(path: Path, practice: Practice) -> dict[str, Policy]:
    """The policies of one file. Raises BadInput with all that is wrong with any of them."""
    policies: dict[str, Policy] = {}
    faults: list[Fault] = []
    for name, row in read_toml(path).items():
        try:
            policies[name] = Policy.model_validate(row)
        except ValidationError as error:
            faults += model_faults(path.name, f"policy {name}", error, {})
            continue
        faults += policy_faults(path.name, name, policies[name], practice)
    if faults:
        raise BadInput(faults)
    return policies


def policy_faults(file: str, name: str, policy: Policy, practice: Practice) -> list[Fault]:
    """Leaves that do not exist, values they cannot take, a lever that says nothing."""
    faults = change_faults(file, f"policy {name}", policy.leaves, practice)
    if not policy.leaves and not policy.no_route:
        faults.append(Fault(file, f"policy {name}", "changes no leaf", "Say in no_route why it has no route here."))
    return faults


def change_faults(file: str, row: str, changes: dict[str, float], practice: Practice) -> list[Fault]:
    """What is wrong with a map from leaf to value."""
    faults = []
    for leaf, value in changes.items():
        if leaf not in practice.leaves:
            faults.append(
                Fault(file, f"{row} {leaf}", "there is no such leaf of practice", nearest(leaf, practice.leaves))
            )
        elif fault := unsound(practice.leaves[leaf].unit, value):
            faults.append(Fault(file, f"{row} {leaf}", fault, f"The leaf's unit is {practice.leaves[leaf].unit}."))
    return faults


# --- what there is ---------------------------------------------------------------------------


def case_names() -> list[str]:
    """The cases that come with the package."""
    return sorted(path.stem for path in (HERE / "cases").glob("*.toml"))


def case_path(name: str) -> Path:
    """A case by its name, or by the path of a file of your own."""
    if name.endswith(".toml"):
        return Path(name)
    if name not in case_names():
        raise BadInput([Fault("request", f"case {name}", "there is no such case", nearest(name, case_names()))])
    return HERE / "cases" / f"{name}.toml"


def check_file(path: Path) -> str:
    """What a file holds, if nothing is wrong with it. Raises BadInput with all that is."""
    practice = load_practice()
    tables = read_toml(path)
    if "case" in tables:
        case = load_case(path, practice)
        return f"a case, {case.case.title}: {len(case.role)} roles, {len(case.item)} items, no fault found"
    policies = policies_in(path, practice)
    return f"{len(policies)} policies, no fault found"
