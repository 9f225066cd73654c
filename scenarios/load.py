"""TOML to models. Says exactly what is wrong, where, and what to do; all faults at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios.consistency import case_faults
from scenarios.faults import MOST_SHOWN, BadInput, Fault, model_faults, nearest, shown
from scenarios.policy import Policy, weakest
from scenarios.practice import FAMILIES, Leaf, Practice, Profession, unsound
from scenarios.schema import MOST_VARIANTS, NAME, Case
from scenarios.toml import read_toml, row_name
from scenarios.vocabulary import DECISIONS, KINDS, MEETINGS, POLARITIES, TOPICS, TRANSITIONS

HERE = Path(__file__).parent
VARYING = ("contact", "meeting", "decision", "transition")
"""The tables whose rows may belong to a variant."""


# --- cases -----------------------------------------------------------------------------------


def load_case(path: Path, practice: Practice, variant: str = "") -> Case:
    """A case in one reading, checked against itself and against the professions that practice
    knows. Every reading is checked, whichever is asked for."""
    tables = read_toml(path)
    named = [row["id"] for row in _rows(tables, "variant") if isinstance(row.get("id"), str)][:MOST_VARIANTS]
    if variant and variant not in named:
        raise BadInput([Fault(path.name, f"variant {variant}", "there is no such reading", nearest(variant, named))])
    faults = {(fault.row, fault.found): fault for fault in _variant_faults(path.name, tables, named)}
    cases = {}
    for name in dict.fromkeys(("", *named)):
        if len(faults) > MOST_SHOWN:
            break
        cases[name], found = _checked(path, _reading(tables, name), practice)
        for fault in found:
            faults.setdefault((fault.row, fault.found), _said_of(fault, name))
    case = cases.get(variant)
    if case is None or faults:
        raise BadInput(shown([*faults.values()]))
    return case


def _said_of(fault: Fault, variant: str) -> Fault:
    """A fault that no earlier reading had, told with the reading that has it."""
    return replace(fault, row=f"{fault.row} (in variant {variant})") if variant else fault


def _rows(tables: dict[str, Any], table: str) -> list[dict[str, Any]]:
    rows = tables.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _variant_faults(file: str, tables: dict[str, Any], named: list[str]) -> Iterator[Fault]:
    """Rows of a reading that no `variant` row introduces: they would never be read."""
    for table in VARYING:
        for number, row in enumerate(_rows(tables, table)):
            name = row.get("variant", "")
            if "variant" in row and name not in named:
                where = f"{table} {row_name(number, row)} variant"
                yield Fault(file, where, f"there is no variant {name!r}", partial(nearest, str(name), named))


def _reading(tables: dict[str, Any], variant: str) -> dict[str, Any]:
    """The tables with one variant's rows in the place of those of the same id, and no other's."""
    read = dict(tables)
    for table in VARYING:
        rows = _rows(tables, table)
        if rows and len(rows) == len(tables[table]):
            taken = {str(row.get("id")) for row in rows if row.get("variant") == variant}
            read[table] = [
                row
                for row in rows
                if row.get("variant") == variant or ("variant" not in row and str(row.get("id")) not in taken)
            ]
    return read


def _checked(path: Path, tables: dict[str, Any], practice: Practice) -> tuple[Case | None, list[Fault]]:
    """One reading of a case, and all that is wrong with it."""
    names = {
        f"{table}.{number}": row_name(number, row)
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
    return case, faults


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
    """Every row's id, by table, whether or not the rest of its row is sound; "" where it has none."""
    return {
        table: [name if isinstance(name := row.get("id"), str) else "" for row in _rows(tables, table)]
        for table in ("role", "file", "item", "contact", "meeting", "decision", "transition", "variant")
    }


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
        faults += _loose_faults(path.name, tables)
        for name, row in _tables(tables.pop("profession", {})):
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
    if not faults and not leaves:
        faults = [Fault(folder.name, "file", "holds no leaf of practice", "Check the path.")]
    if faults:
        raise BadInput(shown(faults))
    return Practice(leaves, professions)


def _tables(part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables that stand in a table, each with its name."""
    for name, row in part.items() if isinstance(part, dict) else ():
        if isinstance(row, dict):
            yield name, row


def _loose_faults(file: str, tables: dict[str, Any]) -> Iterator[Fault]:
    """What stands where a table should, and professions whose name no role could bear."""
    professions = tables.get("profession", {})
    loose = {f"profession {name}": row for name, row in professions.items()} if isinstance(professions, dict) else {}
    for name, row in (tables | loose).items():
        if not isinstance(row, dict):
            yield Fault(file, name, "is no table", "Write it as a table of its own.")
    for name in loose:
        yield from _name_faults(file, name, name.removeprefix("profession "))


def _name_faults(file: str, row: str, name: str) -> Iterator[Fault]:
    if not re.fullmatch(NAME, name):
        yield Fault(file, row, f"{name!r} is no name", "Use letters, digits and hyphens, at most 60.")


def _leaf_tables(table: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A table that holds more than tables is a leaf; its tables are more specific leaves of the family."""
    row = {name: part for name, part in table.items() if not isinstance(part, dict) or name == "value"}
    if path and (row or not table):
        yield ".".join(path), row
    for name, part in _tables(table):
        yield from _leaf_tables(part, (*path, name))


def _leaf_name_faults(file: str, leaf: str, professions: dict[str, Profession]) -> Iterator[Fault]:
    family, *slots = leaf.split(".")
    if family not in FAMILIES:
        yield Fault(file, f"leaf {leaf}", f"unknown family {family!r}", partial(nearest, family, FAMILIES))
        return
    if len(slots) > len(FAMILIES[family]):
        yield Fault(file, f"leaf {leaf}", "too many parts", f"{family} has {len(FAMILIES[family])}.")
    allowed = {
        "role": {*professions, *KINDS},
        "decision": {*DECISIONS, *DECISIONS.values()},
        "trigger": {*DECISIONS, *DECISIONS.values(), *TRANSITIONS},
        "meeting": {*MEETINGS, *MEETINGS.values()},
        "what": {*TOPICS, *POLARITIES},
    }
    for slot, word in zip(FAMILIES[family], slots, strict=False):
        words = allowed.get(slot)
        if words and word != "any" and word not in words:
            yield Fault(file, f"leaf {leaf}", f"unknown {slot} {word!r}", partial(nearest, word, words))
        elif not words:
            yield from _name_faults(file, f"leaf {leaf}", word)
    if slots and slots[-1] == "any":
        yield Fault(file, f"leaf {leaf}", "it ends in 'any'", "Leave that out: what is left out is any.")


# --- policies --------------------------------------------------------------------------------

DEFAULT, ACROSS = "default", "across"
"""The keys of a policy file that list, in order, what is compared in any case when nobody names a policy, and what is
compared across all cases."""


def load_policies(practice: Practice, folder: Path = HERE / "policies") -> dict[str, Policy]:
    """Every policy by name, each checked against the leaves and the policies that exist."""
    rows, stands_in, faults = _policy_rows(folder)
    for name, policy in rows.items():
        faults += policy_faults(stands_in[name], name, policy, practice)
    faults += [fault for name in rows for fault in _package_faults(stands_in[name], name, rows)]
    if faults:
        raise BadInput(shown(faults))
    return {name: _whole(name, rows, practice) for name in rows}


def policies_in(path: Path, practice: Practice) -> dict[str, Policy]:
    """The policies of one file, which may include those that come with the package. Raises
    BadInput with all that is wrong with any of them."""
    own, faults = _policies_of(path)
    rows = _policy_rows(HERE / "policies")[0] | own
    for name, policy in own.items():
        faults += [*policy_faults(path.name, name, policy, practice), *_package_faults(path.name, name, rows)]
    if faults:
        raise BadInput(shown(faults))
    return {name: _whole(name, rows, practice) for name in own}


def default_policies(case: str = "", folder: Path = HERE / "policies") -> list[str]:
    """What is compared when nobody names a policy, in order: what the case's own review asks for, then
    what is compared in any case."""
    files = [read_toml(path) for path in sorted(folder.glob("*.toml"))]
    asked = [name for rows in files for name, row in _tables(rows) if case and row.get("review") == case]
    return [*asked, *(name for rows in files for name in rows.get(DEFAULT, []))]


def policies_across(folder: Path = HERE / "policies") -> list[str]:
    """What is compared across all cases when nobody names a policy, in order."""
    return [name for path in sorted(folder.glob("*.toml")) for name in read_toml(path).get(ACROSS, [])]


def _policy_rows(folder: Path) -> tuple[dict[str, Policy], dict[str, str], list[Fault]]:
    """The rows of every file of a folder, the file each stands in, and what is wrong with them."""
    rows: dict[str, Policy] = {}
    stands_in: dict[str, str] = {}
    faults = []
    for path in sorted(folder.glob("*.toml")):
        found, wrong = _policies_of(path)
        faults += wrong
        for name in found:
            if name in rows:
                faults.append(Fault(path.name, f"policy {name}", f"it stands in {stands_in[name]} too", "Remove one."))
            rows[name], stands_in[name] = found[name], path.name
    return rows, stands_in, faults


def _policies_of(path: Path) -> tuple[dict[str, Policy], list[Fault]]:
    policies: dict[str, Policy] = {}
    faults: list[Fault] = []
    for name, row in read_toml(path).items():
        if name in (DEFAULT, ACROSS):
            continue
        faults += _name_faults(path.name, f"policy {name}", name)
        try:
            policies[name] = Policy.model_validate(row)
        except ValidationError as error:
            faults += model_faults(path.name, f"policy {name}", error, {})
    if not faults and not policies:
        faults = [Fault(path.name, "file", "holds neither a case nor a policy", "A case begins with [case].")]
    return policies, faults


def policy_faults(file: str, name: str, policy: Policy, practice: Practice) -> list[Fault]:
    """Leaves that do not exist, values they cannot take, a lever that says nothing or two things."""
    row = f"policy {name}"
    faults = change_faults(file, row, policy.leaves, practice)
    if not policy.leaves and not policy.stands_on and not policy.no_route:
        faults.append(Fault(file, row, "changes no leaf", "Say in no_route why it has no route here."))
    if policy.leaves and policy.no_route:
        faults.append(Fault(file, row, "changes leaves and says it has no route", "Keep one of the two."))
    if policy.covered_by and (policy.leaves or policy.includes or policy.no_route):
        faults.append(Fault(file, row, "is covered by another and says more", "Keep covered_by alone."))
    return faults


def _package_faults(file: str, name: str, rows: dict[str, Policy]) -> Iterator[Fault]:
    """Parts that do not exist, a package in itself, an effect that claims more than its parts."""
    policy, row = rows[name], f"policy {name}"
    unknown = [part for part in policy.stands_on if part not in rows]
    for part in unknown:
        yield Fault(file, f"{row} {part}", "there is no such policy", nearest(part, rows))
    parts = _parts(name, rows)
    if name in parts:
        yield Fault(file, row, "is a part of itself", "Take it out of what it includes.")
    elif policy.stands_on and not unknown:
        effects = [rows[part].effect for part in (name, *parts) if rows[part].leaves]
        if not effects and not policy.no_route:
            yield Fault(file, row, "changes no leaf", "Say in no_route why it has no route here.")
        if effects and policy.no_route:
            yield Fault(file, row, "changes leaves and says it has no route", "Keep one of the two.")
        if effects and policy.effect != (rests_on := weakest(effects)):
            found = f"{policy.effect!r}, and its parts rest on {rests_on!r}"
            yield Fault(file, f"{row} effect", found, "Say the same.")


def _parts(name: str, rows: dict[str, Policy]) -> list[str]:
    """All that a policy stands on, and what that stands on, each once."""
    parts: dict[str, None] = {}
    waiting = [*rows[name].stands_on]
    while waiting:
        part = waiting.pop(0)
        if part in rows and part not in parts:
            parts[part] = None
            waiting += rows[part].stands_on
    return [*parts]


def _whole(name: str, rows: dict[str, Policy], practice: Practice) -> Policy:
    """A policy with all that it stands on."""
    return rows[name].together_with([rows[part] for part in _parts(name, rows)], practice)


def change_faults(file: str, row: str, changes: dict[str, float], practice: Practice) -> list[Fault]:
    """What is wrong with a map from leaf to value."""
    faults = []
    for leaf, value in changes.items():
        if leaf not in practice.leaves:
            advice = partial(nearest, leaf, practice.leaves)
            faults.append(Fault(file, f"{row} {leaf}", "there is no such leaf of practice", advice))
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


def case_called(name: str, practice: Practice) -> Case:
    """A case by its name or path, in the reading asked for after an @: `some-case@another-reading`."""
    case, _, variant = name.partition("@")
    return load_case(case_path(case), practice, variant)


def check_file(path: Path) -> str:
    """What a file holds, if nothing is wrong with it. Raises BadInput with all that is."""
    practice = load_practice()
    tables = read_toml(path)
    if tables.keys() & Case.model_fields.keys():
        case = load_case(path, practice)
        return f"a case, {case.case.title}: {len(case.role)} roles, {len(case.item)} items, no fault found"
    policies = policies_in(path, practice)
    return f"{len(policies)} policies, no fault found"
