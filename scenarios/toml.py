"""A TOML file from anybody, read within bounds: what is no text, too large or too deep is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scenarios.faults import BadInput, Fault, shown

LARGEST_FILE = 2_000_000
"""Bytes. A case ten times the longest review we know is smaller; parsing more costs a gigabyte."""
DEEPEST_NESTING = 12
"""Tables and lists in one another. The deepest leaf of practice stands at six."""
MOST_ROWS = 1000
"""Rows of a table, names of a list, keys of a row: ten times the most that a review needs."""
MOST_VALUES = 100_000
"""Values in a whole file, so that what is wrong with each of them can still be listed."""
LONGEST_TEXT = 2000
"""Letters. A paragraph of a review has fewer."""
LARGEST_NUMBER = 10**15
"""No count and no number of minutes comes near; a larger one may be too long to print."""

STRING = re.compile(
    r'"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+(?:"{3,5}+)?|'
    r"'''(?:[^']++|'(?!''))*+(?:'{3,5}+)?|"
    r"\"(?:[^\"\\\n]++|\\.)*+\"?|'[^'\n]*+'?|#[^\n]*+"
)
LONG_KEY = re.compile(rf"(?:\.[^.,=\[\]{{}}\n]*+){{{DEEPEST_NESTING}}}")
"""A dotted key that goes deeper: refused unread, since reading it takes time in its square. Looked
for where texts and comments (STRING) are blotted out; both patterns read every letter a few times at most."""
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What moves a terminal's cursor, or turns the reading direction, rather than being read."""

TOO_DEEP = f"nested more than {DEEPEST_NESTING} deep", "Write one plain table a row."


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables. Raises BadInput where it cannot be read as TOML, or holds more than it may."""
    file = path.name or str(path)
    tables = _parsed(file, _text(file, path))
    if faults := [*_size_faults(file, tables)] or [*_value_faults(file, tables)]:
        raise BadInput(shown(faults))
    return tables


def _refused(file: str, found: object, remedy: str, row: str = "file") -> BadInput:
    return BadInput([Fault(file, row, str(found), remedy)])


def _text(file: str, path: Path) -> str:
    try:
        if not path.is_file():  # a pipe or a device might never end
            found = "not a file" if path.exists() else f"not there ({path})"
            raise _refused(file, found, "Check the path.")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _refused(file, error.strerror or error, "Check the path.") from None
    if len(content) > LARGEST_FILE:
        raise _refused(file, f"larger than {LARGEST_FILE:,} bytes", "Keep to one family, or one theme, a file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(file, "not UTF-8 text", "Save it as UTF-8.") from None


def _parsed(file: str, text: str) -> dict[str, Any]:
    if LONG_KEY.search(STRING.sub('""', text)):
        raise _refused(file, *TOO_DEEP)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _refused(file, *TOO_DEEP) from None
    except ValueError as error:
        where = re.search(r" \(at (line \d+), column \d+\)", str(error))
        row, found = (where[1], str(error).replace(where[0], "")) if where else ("file", error)
        raise _refused(file, f"not readable as TOML: {found}", "Mend it and check again.", row) from None


def _size_faults(file: str, tables: dict[str, Any]) -> Iterator[Fault]:
    """Whether the file as a whole holds too much, or nests it too deep."""
    level: list[Any] = [tables]
    values = 0
    for _ in range(DEEPEST_NESTING):
        level = [part for whole in level for part in (whole.values() if isinstance(whole, dict) else whole)]
        values += len(level)
        level = [part for part in level if isinstance(part, dict | list)]
    if values > MOST_VALUES:
        yield Fault(file, "file", f"holds {values:,} values", f"Keep to {MOST_VALUES:,}.")
    if level:
        yield Fault(file, "file", *TOO_DEEP)


def _value_faults(file: str, part: Any, where: str = "") -> Iterator[Fault]:
    """Each list, text, number and key that no file needs. (Goes as deep as a file may.)"""
    if isinstance(part, str) and len(part) > LONGEST_TEXT:
        yield Fault(file, where, f"a text of {len(part):,} letters", f"Keep to {LONGEST_TEXT:,}.")
    if isinstance(part, str) and (odd := CONTROL.search(part)):
        yield Fault(file, where, f"a control character {odd[0]!r}", "Remove it.")
    if isinstance(part, int) and abs(part) > LARGEST_NUMBER:
        yield Fault(file, where, "a number of more than 15 digits", "Check it.")
    if not isinstance(part, dict | list):
        return
    if len(part) > MOST_ROWS:
        yield Fault(file, where or "file", f"holds {len(part):,} rows", f"Keep to {MOST_ROWS:,}.")
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if key == "":
            yield Fault(file, where or "file", "a key without a name", "Give it one, or remove it.")
        elif isinstance(key, str):
            yield from _value_faults(file, key, f"{where} key {key[:60]}".strip())
        name = key if isinstance(key, str) else row_name(key, value)
        yield from _value_faults(file, value, f"{where} {name[:60]}".strip())


def row_name(number: int, row: object) -> str:
    """A row's id, or where it has none its number as a reader counts."""
    name = row.get("id") if isinstance(row, dict) else None
    return name if isinstance(name, str) else f"row {number + 1}"
