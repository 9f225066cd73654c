"""Evidence: what a record says of the draws of a run (`chance.md`, MODEL.md).

A statement says of the draws it covers how many of them happened: none (it did not), at least one (it did, or one of
several did), exactly so many. A window says when what was sent arrived. How luck is bent to it is in `recorded.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import inf
from typing import NamedTuple

from simulation.chance import Address

Names = frozenset[str] | None
"""What a field may be; None is anything."""


class Span(NamedTuple):
    """The draws of some acts, by some, to some, about some, on some occasions, while the time is in [since, until)."""

    acts: frozenset[str]
    who: Names = None
    whom: Names = None
    item: Names = None
    occasion: Names = None
    since: float = -inf
    until: float = inf

    def covers(self, address: Address) -> bool:
        """Whether this draw is among them, whenever it is made."""
        return address[0] in self.acts and all(
            names is None or name in names for names, name in zip(self[1:5], address[1:], strict=True)
        )

    @property
    def named(self) -> int:
        """How narrow it is: how many of its fields it names."""
        return sum(names is not None for names in self[1:5])


@dataclass(frozen=True)
class Statement:
    """Of the draws that `spans` cover, at least `least` and at most `most` happened, all by the minute `due`.

    `closed`: every draw it covers is known by its address, so the last of them may be made to happen. `exclusive`: of
    its acts only one is ever tried for the same thing. `need` says for which entry it was added, if for one.
    """

    entry: str
    spans: tuple[Span, ...]
    least: float
    most: float
    due: float = inf
    closed: bool = False
    exclusive: bool = False
    need: str = ""


class Window(NamedTuple):
    """What went by this act arrived in [start, end), in minutes, if it was sent."""

    entry: str
    span: Span
    start: float
    end: float
    need: str = ""


class Said(NamedTuple):
    """A statement that covers one draw, and while when it does."""

    number: int
    statement: Statement
    since: float
    until: float


UNBENT: tuple[tuple[Said, ...], float] = ((), 0.0)
"""What most draws are bent by."""


class Expected(NamedTuple):
    """What to expect of a draw that a statement waits for: how likely it is to come and to happen where the statement
    is still unmet by then, and by which minute it has mostly been made."""

    chance: float
    minute: float = inf


Plan = Mapping[int, Mapping[Address, Expected]]
"""For each statement by its number, what to expect of the draws it covers."""


@dataclass(frozen=True)
class Evidence:
    """A whole record as statements about draws. Shared by all runs; only what it remembers of addresses grows."""

    statements: tuple[Statement, ...] = ()
    windows: tuple[Window, ...] = ()
    plan: Plan = field(default_factory=dict)
    surest: float = 0.98
    """How hard a run is steered towards a yes where other ways than those planned for may still bring one."""
    leaning: Mapping[Address, float] = field(default_factory=dict)
    """For draws of which nothing is said: by how much to shift their odds, so that more runs come to what is said. The
    weight takes it back, so this changes no estimate."""

    @cached_property
    def said(self) -> dict[Address, tuple[Said, ...]]:
        """What is said of each draw met so far, the narrowest first."""
        return {}

    @cached_property
    def bends(self) -> dict[Address, tuple[tuple[Said, ...], float]]:
        """What each draw met so far is bent by: what is said of it and, of nothing said, the shift of its odds (0 for
        none). Of most it is UNBENT."""
        return {}

    def bend(self, address: Address) -> tuple[tuple[Said, ...], float]:
        """What this draw is bent by, for one that was not met so far."""
        said, shift = self.of(address), self.leaning.get(address, 0.0)
        found = self.bends[address] = (said, shift) if said or shift else UNBENT
        return found

    @cached_property
    def dates(self) -> dict[float, list[tuple[int, Statement]]]:
        """The statements that are due by each date, by number."""
        due: dict[float, list[tuple[int, Statement]]] = {}
        for number, statement in enumerate(self.statements):
            due.setdefault(statement.due, []).append((number, statement))
        return dict(sorted(due.items()))

    @cached_property
    def within(self) -> dict[Address, Window | None]:
        """The window of arrival of each delay met so far."""
        return {}

    @cached_property
    def _about(self) -> dict[tuple[str, str | None], list[tuple[int, Span]]]:
        """The spans that may cover a draw, by its act and its item; under None those that name no item."""
        about: dict[tuple[str, str | None], list[tuple[int, Span]]] = {}
        for number, statement in enumerate(self.statements):
            for span in statement.spans:
                for act, item in product(span.acts, [None] if span.item is None else span.item):
                    about.setdefault((act, item), []).append((number, span))
        return about

    def of(self, address: Address) -> tuple[Said, ...]:
        """What is said of this draw, the narrowest first; of equals, what happened before what did not."""
        known = self.said.get(address)
        if known is None:
            known = self.said[address] = self._of(address)
        return known

    def _of(self, address: Address) -> tuple[Said, ...]:
        act, _, _, item, _ = address
        narrowest: dict[int, Span] = {}
        for number, span in (*self._about.get((act, item), ()), *self._about.get((act, None), ())):
            if span.covers(address) and (number not in narrowest or span.named > narrowest[number].named):
                narrowest[number] = span
        found = [Said(number, self.statements[number], span.since, span.until) for number, span in narrowest.items()]
        order = {
            number: (-span.named, self.statements[number].least == 0, number) for number, span in narrowest.items()
        }
        return tuple(sorted(found, key=lambda said: order[said.number]))

    @cached_property
    def _windows(self) -> dict[str, list[Window]]:
        """The windows that may speak of a delay, by the act that sends: a rule meets the same slow office."""
        by_act: dict[str, list[Window]] = {}
        for window in self.windows:
            for act in sorted({act.removeprefix("rule-") for act in window.span.acts}):
                by_act.setdefault(act, []).append(window)
        return by_act

    def window(self, address: Address) -> Window | None:
        """When what is sent with this delay is documented to have arrived: the overlap of all its windows."""
        if address not in self.within:
            act = address[0].removesuffix("-wait")
            about = [window for window in self._windows.get(act, ()) if _delays(window.span, address)]
            whole = about[0] if about else None
            for window in about[1:]:
                assert whole
                whole = whole._replace(start=max(whole.start, window.start), end=min(whole.end, window.end))
            self.within[address] = whole
        return self.within[address]


def _delays(span: Span, address: Address) -> bool:
    """Whether this delay is of what the span speaks of. A first message is about all its items, and names none."""
    word, who, whom, item, occasion = address
    act = word.removesuffix("-wait")
    some = span if item else span._replace(item=None)
    return any(some.covers((way, who, whom, item, occasion)) for way in (act, f"rule-{act}"))
