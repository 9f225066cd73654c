"""A record: what a review documents that people did. Evidence to condition a run on, never a target.

Every row says that something happened, did not happen, or happened so often, and cites where the
review says so. It holds no chance, and nothing of what was known, weighed or concluded.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, Field, ValidationError, model_validator

from scenarios.faults import BadInput, Fault, model_faults, shown
from scenarios.load import HERE
from scenarios.schema import Day, Flag, Moment, Name, Row, Words
from scenarios.toml import read_toml, row_name


class Act(NamedTuple):
    """An act as a record speaks of it. `ways` are the model's own acts that it stands for, in the order they are tried;
    the rest says what its row may name. Of `exclusive` ways only one is ever tried for the same thing."""

    ways: tuple[str, ...]
    whom: Literal["", "role", "file", "agency"] = ""
    item: bool = False
    occasion: tuple[str, ...] = ("contact", "meeting", "decision", "transition")
    arrives: bool = False
    exclusive: bool = False


ROOM, DESK = ("meeting",), ("meeting", "decision")
ACTS: dict[str, Act] = {
    "invite": Act(("rule-invite", "invite"), "role", occasion=ROOM, arrives=True),
    "attend": Act(("attend",), occasion=ROOM),
    "report": Act(("report",), "role", occasion=DESK, arrives=True),
    "ask": Act(("rule-ask", "ask"), "role", occasion=DESK),
    "answer": Act(("answer",), "role", occasion=DESK, arrives=True),
    "include": Act(("include",), "role", True, DESK),
    "find": Act(("find",), "file", True, DESK),
    "open-file": Act(("rule-open-file", "open-file"), "file", occasion=DESK),
    "open-paper": Act(("open-paper",), "role", occasion=DESK),
    "voice": Act(("present", "raise"), "", True, ROOM, exclusive=True),
    "circulate": Act(("circulate",), "role", occasion=ROOM, arrives=True),
    "open-minutes": Act(("open",), "", occasion=ROOM),
    "open": Act(("open",), "role"),
    "tell": Act(("rule-tell", "tell"), "role", True, arrives=True),
    "refer": Act(("rule-refer", "refer"), "", True, arrives=True),
    "pass-on": Act(("rule-tell", "tell", "rule-refer", "refer"), "agency", True, arrives=True),
    "hand-over": Act(("hand-over", "hand-over-sheet"), "role", True, ("transition",)),
    "notice": Act(("notice",), "", True, ("contact",)),
    "seek": Act(("seek",), "", True, ("contact",)),
    "record": Act(("record",), "", True),
    "join": Act(("join",), "", True),
    "assume": Act(("assume",), "", True, DESK),
}
"""The acts a record may speak of. Recognising and weighing are not among them: a review tells what people did."""

Names = Annotated[tuple[Name, ...], Field(min_length=1)]


class Way(Row):
    """Who did what to whom about what on which occasion. What is left out is anybody, anything, any time; of the
    occasion, the root of the chain is meant."""

    act: str
    who: Names | None = None
    whom: Names | None = None
    item: Names | None = None
    occasion: Names | None = None

    @property
    def fields(self) -> dict[str, Names]:
        """What it names, by field."""
        named = {"who": self.who, "whom": self.whom, "item": self.item, "occasion": self.occasion}
        return {name: value for name, value in named.items() if value is not None}


class Entry(Way):
    """One statement. Listed names mean each of them, unless `any` (at least one) or `count` (exactly so many).

    `since` and `until` bound when the act took place, `arrived_from` and `arrived_before` when it arrived, each
    half-open. Without `happened`, a window speaks of what was sent, if it was. `or` adds other ways to an `any`.
    """

    id: Name
    words: Words
    cite: Words
    status: Literal["documented", "implied"]
    happened: Flag | None = None
    any: Flag = False
    count: Annotated[int, Field(ge=0, le=200, strict=True)] | None = None
    other_ways: Annotated[tuple[Way, ...], Field(alias="or", max_length=20)] = ()
    since: Moment | Day | None = None
    until: Moment | Day | None = None
    arrived_from: Moment | Day | None = None
    arrived_before: Moment | Day | None = None

    @property
    def ways(self) -> tuple[Way, ...]:
        """Its own way, then the others."""
        return (self, *self.other_ways)

    @property
    def has_window(self) -> bool:
        """Whether it says when something arrived."""
        return self.arrived_from is not None or self.arrived_before is not None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Entry:
        if self.happened is None and self.count is None and not self.has_window:
            raise ValueError("it says neither that it happened nor that it did not, nor how often, nor when it arrived")
        if self.happened is not None and self.count is not None:
            raise ValueError("it says both `happened` and `count`")
        if self.any and self.happened is not True:
            raise ValueError("`any` goes with happened = true")
        if self.other_ways and not (self.any or self.count is not None):
            raise ValueError("`or` goes with any = true, or with a count")
        if self.happened is False and self.has_window:
            raise ValueError(
                "what did not happen did not arrive: leave `happened` out to say when it did if it was sent"
            )
        if self.has_window and (self.any or self.count is not None):
            raise ValueError("a window of arrival goes with one act that happened, or with none said to have")
        return self


class Unsaid(Row):
    """A documented act that no run of this model could show, and why."""

    id: Name
    words: Words
    why: Words
    cite: Words


class About(Row):
    """Whose record it is."""

    case: Name


class Record(BaseModel):
    """What is documented of one case."""

    model_config = Row.model_config

    record: About
    entry: tuple[Entry, ...] = ()
    unsaid: Annotated[tuple[Unsaid, ...], Field(alias="not-expressible")] = ()

    def only(self, keep: set[str]) -> Record:
        """The same record with some of its entries alone."""
        return self.model_copy(update={"entry": tuple(entry for entry in self.entry if entry.id in keep)})


def as_moment(day: date | datetime) -> datetime:
    """A day begins at its midnight."""
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)


def record_path(case: str) -> Path:
    """Where the record of a case stands: beside the cases, or beside a case file of your own."""
    name = case.partition("@")[0]
    if name.endswith(".toml"):
        return Path(name).with_name(f"{Path(name).stem}-record.toml")
    return HERE / "records" / f"{name}.toml"


def read_record(path: Path) -> tuple[Record, list[Fault]]:
    """The rows that are sound in themselves, and all that is wrong with the others. Raises BadInput where nothing of
    the file can be read."""
    tables = read_toml(path)
    rows = tables.get("entry", [])
    faults: list[Fault] = []
    kept: list[dict[str, Any]] = []
    if not isinstance(rows, list):
        raise BadInput([Fault(path.name, "entry", "this is no list of rows", "Write [[entry]] above each row.")])
    for number, row in enumerate(rows):
        try:
            Entry.model_validate(row)
            kept.append(row)
        except ValidationError as error:
            names = {"": row_name(number, row)}
            faults += model_faults(path.name, f"entry {names['']}", error, {})
    try:
        return Record.model_validate(tables | {"entry": kept}), faults
    except ValidationError as error:
        raise BadInput(shown([*model_faults(path.name, "", error, {}), *faults])) from None
