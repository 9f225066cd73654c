"""Practice: every habit, rate, delay and hour of how agencies work, as one tree of leaves.

A leaf's id is its path: `tell.health-visitor.allocated-social-worker` is the habit of a health
visitor to tell the allocated social worker. The first word names the family, the rest fill that
family's slots. In each slot a leaf names a value, its kind, or `any`; what is left out is `any`.
The most specific leaf wins, earlier slots first. So a role falls back to its kind.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from scenarios.vocabulary import DECISIONS, Hours, Kind

Unit = Literal["chance", "odds ratio", "working hours", "working days", "minutes", "log sd", "yes/no", "count"]
Number = Annotated[float, Field(strict=True)]
"""A number as such: neither a text that looks like one nor true or false."""
Evidence = Literal["found", "known", "computed", "prior", "structural"]

FAMILIES: dict[str, tuple[str, ...]] = {
    "notice": ("role", "what"),
    "record": ("role", "what"),
    "recognise": ("role", "what"),
    "tell": ("role", "role", "what"),
    "phone": ("role", "role"),
    "refer": ("role", "what"),
    "refer-first": ("role", "what"),
    "asks": ("decision", "role"),
    "ask": ("decision", "role"),
    "report": ("decision", "role"),
    "answer": ("decision", "role"),
    "find": ("role",),
    "include": ("role",),
    "member": ("decision", "role"),
    "invite": ("decision", "role"),
    "attend": ("decision", "role"),
    "present": ("role", "what"),
    "raise": ("role", "what"),
    "circulate": ("decision", "role"),
    "open": ("channel", "role"),
    "open-file": ("decision", "role"),
    "expects": ("role", "role"),
    "assume": ("role",),
    "join": ("role",),
    "weigh": ("what",),
    "odds": ("word", "word"),
    "delay": ("word", "role"),
    "spread": ("word",),
    "ahead": ("word", "trigger"),
    "minutes": ("word",),
    "rule-tell": ("role", "role", "what"),
    "rule-ask": ("decision", "role"),
    "rule-invite": ("decision", "role"),
    "seek": ("role", "what"),
    "hand-over": ("channel",),
    "hands-over-by": ("channel", "role"),
    "lift": ("word", "role", "what"),
    "load": ("word", "role"),
    "call": ("word",),
    "rule-open-file": ("decision", "role"),
    "rule-log": ("role", "what"),
    "rule-read-log": ("decision", "role"),
    "rule-carry": ("decision",),
    "rule-check": ("role", "role", "what"),
    "rule-cover": ("role",),
    "rule-call": ("role", "what"),
    "rule-call-at": ("trigger", "meeting"),
    "rule-seek": ("role", "what"),
    "rule-reopen": ("role", "what"),
    "rule-index": ("role",),
}
"""Each family of leaves with its slots. `what` is an item's topic, its polarity or `any`."""


class Profession(BaseModel):
    """Whose habits: the kind it falls back to, the hours it keeps, where its habits come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    hours: Hours
    meaning: str


class Leaf(BaseModel):
    """One number of practice, with its papers.

    `range` is what a sweep and the *not knowing* band cover. `status` says how sure we are:
    found, known (from memory of a publication), computed, structural (a fact of who belongs
    where) or prior (a guess that says it is one).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Number
    unit: Unit
    meaning: Annotated[str, Field(min_length=8)]
    status: Evidence
    source: Annotated[str, Field(min_length=2)]
    range: tuple[Number, Number] | None = None

    @model_validator(mode="after")
    def _sound(self) -> Leaf:
        for number in (self.value, *(self.range or ())):
            if fault := unsound(self.unit, number):
                raise ValueError(fault)
        if self.range and not self.range[0] <= self.value <= self.range[1]:
            raise ValueError(f"value {self.value:g} lies outside its range {self.range}")
        if self.status == "prior" and self.unit != "yes/no" and self.range is None:
            raise ValueError("a prior needs a range: how far could it be wrong?")
        return self


def unsound(unit: Unit, number: float) -> str | None:
    """Why `number` cannot be a value of this unit, or None."""
    if unit == "chance" and not 0 <= number <= 1:
        return f"{number:g} is no chance: give a number from 0 to 1"
    if unit == "yes/no" and number not in (0, 1):
        return f"{number:g} is neither yes (1) nor no (0)"
    if unit == "odds ratio" and not 0 < number < 1000:
        return f"{number:g} is no odds ratio: give a number above 0"
    if not 0 <= number < 1e6:
        return f"{number:g} is out of bounds: give a number from 0 to a million"
    return None


@dataclass
class Practice:
    """The tree, resolved: ask it for the value that holds for these professions.

    `values` overrides the leaves' own values: that is what a policy, a sweep and a draw of the
    prior leaves all are.
    """

    leaves: dict[str, Leaf]
    professions: dict[str, Profession]
    values: dict[str, float] = field(default_factory=dict)
    _covers: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    _found: dict[tuple[str, ...], float] = field(default_factory=dict)

    def changed(self, values: dict[str, float]) -> Practice:
        """The same practice with some leaves changed; the tree itself is shared."""
        return Practice(self.leaves, self.professions, self.values | values, self._covers)

    def value_of(self, leaf: str) -> float:
        """The value of one leaf by its id."""
        return self.values[leaf] if leaf in self.values else self.leaves[leaf].value

    def value(self, *asked: str) -> float:
        """The value of the most specific leaf of a family for these slots.

        Raises KeyError where no leaf of the family covers them.
        """
        if asked not in self._found:
            leaf = self.leaf_for(*asked)
            if leaf is None:
                raise KeyError(f"no leaf of practice covers {'.'.join(asked)}")
            self._found[asked] = self.value_of(leaf)
        return self._found[asked]

    def rule(self, *asked: str) -> float:
        """The chance that a rule is followed here: of all the rules that apply, the strongest."""
        return max((self.value_of(leaf) for leaf in self.covering(*asked)), default=0.0)

    def lift(self, act: str, role: str, what: str) -> float:
        """What training, a tool or an audit does to the odds of an act: of all the lifts that
        apply, the strongest. Where an act's leaves have no role or no topic, give `any`."""
        return max((self.value_of(leaf) for leaf in self.covering("lift", act, role, what)), default=1.0)

    def leaf_for(self, *asked: str) -> str | None:
        """The id of the most specific leaf that covers a family's slots."""
        return next(iter(self.covering(*asked)), None)

    def covering(self, *asked: str) -> tuple[str, ...]:
        """The leaves that cover a family's slots, most specific first."""
        if asked not in self._covers:
            family, *slots = asked
            chains = [self._fallbacks(slot, value) for slot, value in zip(FAMILIES[family], slots, strict=True)]
            paths = (".".join((family, *choice)) for choice in itertools.product(*chains))
            self._covers[asked] = tuple(leaf for path in paths if (leaf := _without_any(path)) in self.leaves)
        return self._covers[asked]

    def _fallbacks(self, slot: str, value: str) -> tuple[str, ...]:
        if value == "any":
            return ("any",)
        match slot:
            case "role":
                return value, self.professions[value].kind, "any"
            case "decision" | "trigger" | "meeting":
                return value, DECISIONS.get(value, value), "any"
            case "what":
                return *value.split("/"), "any"
            case _:
                return value, "any"


def _without_any(path: str) -> str:
    """A leaf's id says nothing of the slots it leaves open at its end."""
    while path.endswith(".any"):
        path = path.removesuffix(".any")
    return path
