"""What is wrong with a file, in words a reader can act on: where, what was found, what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from pydantic import BaseModel, ValidationError


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


def _likeness(word: str, other: str) -> tuple[float, int]:
    """How like two words are; of those equally like, the one that begins as the other does."""
    ratio = difflib.SequenceMatcher(None, other, word).ratio()
    return ratio, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))


def nearest(word: str, allowed: Iterable[str]) -> str:
    """What to do about an unknown word: the nearest allowed one if one is close, else a few."""
    allowed = sorted({*allowed})
    if close := difflib.get_close_matches(word, allowed, len(allowed) or 1, 0.6):
        return f"Did you mean {max(sorted(close), key=partial(_likeness, word))}?"
    return f"Allowed: {', '.join(allowed[:8])}{' …' if len(allowed) > 8 else ''}."


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
