"""What is wrong with a file, in words a reader can act on: where, what was found, what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import takewhile

from pydantic import BaseModel, ValidationError

MOST_SHOWN = 50
"""Faults a reader can work through in one go; the rest are counted."""
LONGEST_SHOWN = 600
"""Letters of any one part of a fault: eight of the longest names, and the words around them."""
LONGEST_COMPARED = 120
"""Letters up to which the nearest name is looked for: longer ones are no slip of the finger, and slow."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file: where, what was found, what to do.

    `advice` may be put off until somebody reads it: finding the nearest name takes its time.
    """

    file: str
    row: str
    found: str
    advice: str | Callable[[], str]

    @cached_property
    def remedy(self) -> str:
        """What to do."""
        return self.advice if isinstance(self.advice, str) else self.advice()

    def __str__(self) -> str:
        return f"{_plain(self.file)}: {_plain(self.row)}: {_plain(self.found)}. {_plain(self.remedy)}"


def _plain(text: str) -> str:
    """What of a stranger's text is safe to print: no control characters, no end of length."""
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]}…"
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def shown(faults: list[Fault]) -> list[Fault]:
    """The first faults of a file, and how many more there are."""
    more = len(faults) - MOST_SHOWN
    if more <= 0:
        return faults
    return [*faults[:MOST_SHOWN], Fault(faults[0].file, "file", f"and {more:,} more faults", "Mend these first.")]


class BadInput(Exception):
    """A file or a request was refused before anything ran; `faults` lists all that is wrong."""

    def __init__(self, faults: list[Fault]):
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults

    def __reduce__(self) -> tuple[type[BadInput], tuple[list[Fault]]]:
        """As it comes back from another process, with every remedy found."""
        return BadInput, ([replace(fault, advice=fault.remedy) for fault in self.faults],)


def _likeness(word: str, other: str) -> tuple[float, int]:
    """How like two words are; of those equally like, the one that begins as the other does."""
    ratio = difflib.SequenceMatcher(None, other, word).ratio()
    return ratio, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))


def nearest(word: str, allowed: Iterable[str]) -> str:
    """What to do about an unknown word: the nearest allowed one if one is close, else a few."""
    allowed = sorted(name for name in {*allowed} if len(name) <= LONGEST_COMPARED)
    close = difflib.get_close_matches(word, allowed, len(allowed) or 1, 0.6) if len(word) <= LONGEST_COMPARED else []
    if close:
        return f"Did you mean {max(sorted(close), key=partial(_likeness, word))}?"
    if not allowed:
        return "There is none to choose from."
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
        advice: str | Callable[[], str]
        found, advice = WORDS.get(problem["type"], (message, "Correct the value."))
        if problem["type"] in BOUNDS:
            found, advice = BOUNDS[problem["type"]]
            advice = advice.format(*re.findall(r"\d+(?:\.\d+)?", message))
        given = problem.get("input")
        if problem["type"] == "literal_error":
            found, advice = "an unknown word", partial(nearest, str(given), re.findall(r"'([^']*)'", message))
        if not isinstance(given, dict | list | tuple | BaseModel) and problem["type"] != "missing":
            found += f" (found {str(given)[:60]!r})"
        faults.append(Fault(file, where, found, advice))
    return faults


WORDS = {
    "missing": ("it is missing", "Add it."),
    "extra_forbidden": ("there is no such key", "Remove it, or check its spelling."),
    "string_type": ("this is no text", "Write it in quotes."),
    "int_type": ("this is no whole number", "Write it in digits, without quotes."),
    "float_type": ("this is no number", "Write it in digits, without quotes."),
    "bool_type": ("this is neither true nor false", "Write true or false, without quotes."),
    "tuple_type": ("this is no list", "Write it in square brackets."),
    "dict_type": ("this is no table", "Give it a table of its own."),
    "model_type": ("this is no table", "Give it a table of its own."),
    "date_type": ("this is no day", "Write it like 2024-01-31, without quotes."),
    "datetime_type": ("this is no day with its hour", "Write it like 2024-01-31T15:30:00, without quotes."),
    "string_pattern_mismatch": ("this is no id", "Use letters, digits and hyphens, at most 60."),
}
"""What was found and what to do, where pydantic's own words would puzzle a reader."""

BOUNDS = {
    "greater_than_equal": ("it is too small", "Give {} or more."),
    "less_than_equal": ("it is too large", "Give {} or less."),
    "string_too_short": ("it says nothing", "Write something."),
    "string_too_long": ("it is too long", "Keep to {} letters."),
    "too_short": ("it names nobody", "Name at least {}."),
    "too_long": ("it holds too many", "Keep to {}."),
}
"""The same, where the bound belongs into the advice."""
