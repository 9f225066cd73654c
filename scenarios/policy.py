"""A policy: a named change to practice, within the agencies' power to make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from scenarios.practice import Number, Practice

USUAL = "usual"
"""The name under which practice as usual is run and reported."""


Effect = Literal["prior", "structural", "found", "none"]

WEAKEST_FIRST: tuple[Effect, ...] = ("prior", "structural", "found", "none")


class Policy(BaseModel):
    """A map from leaf to value, with its source and what its effect rests on.

    A leaf p with the policy's value p* becomes p + adherence × (p* − p). `effect` says what the
    effect rests on: *found* (measured somewhere), *structural* (only who is asked, told or
    invited changes) or *prior*. A package `includes` other policies: it is all of them at once,
    followed as far as its own `adherence`. A lever that asks for the same as another is
    `covered_by` it. A lever that does none of this must say in `no_route` why nothing of it can
    move information in this model.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=3, max_length=120)]
    meaning: Annotated[str, Field(min_length=8)]
    source: Annotated[str, Field(min_length=2)]
    effect: Effect
    adherence: Annotated[Number, Field(ge=0, le=1)] = 1.0
    leaves: dict[str, Number] = {}
    includes: tuple[str, ...] = ()
    covered_by: str = ""
    no_route: str = ""
    review: str = ""
    """The case whose review asks for this package: compared there when nobody names a policy."""
    standing_hours: Annotated[Number, Field(ge=0, le=500)] = 0.0
    """Training, audit and the like: hours per practitioner and year, never part of hours a case."""

    @property
    def stands_on(self) -> tuple[str, ...]:
        """The policies whose leaves it takes over."""
        return (*self.includes, self.covered_by) if self.covered_by else self.includes

    def together_with(self, parts: Sequence[Policy], practice: Practice) -> Policy:
        """This policy with all that its parts change; where two set one leaf the larger change wins."""
        leaves: dict[str, float] = {}
        for policy in (*parts, self):
            for leaf, aim in policy.leaves.items():
                now = practice.value_of(leaf)
                if leaf not in leaves or abs(aim - now) > abs(leaves[leaf] - now):
                    leaves[leaf] = aim
        hours = self.standing_hours + sum(part.standing_hours for part in parts)
        return self.model_copy(update={"leaves": leaves, "standing_hours": hours})

    def apply(self, practice: Practice) -> Practice:
        """Practice with this policy in place. Chances move by adherence, all else in full."""
        return practice.changed({leaf: self._moved(practice, leaf) for leaf in self.leaves})

    def _moved(self, practice: Practice, leaf: str) -> float:
        now, aim = practice.value_of(leaf), self.leaves[leaf]
        share = self.adherence if practice.leaves[leaf].unit == "chance" else 1.0
        return now + share * (aim - now)


def weakest(effects: Iterable[Effect]) -> Effect:
    """What several effects together rest on: the weakest of them."""
    return min(effects, key=WEAKEST_FIRST.index, default="none")


def apply_all(policies: list[Policy], practice: Practice) -> tuple[Practice, list[str]]:
    """Several policies at once; where two set one leaf the larger change wins, and is named."""
    changes: dict[str, float] = {}
    contested = []
    for policy in policies:
        for leaf, value in policy.apply(practice).values.items():
            if leaf not in policy.leaves:
                continue
            if leaf in changes and changes[leaf] != value:
                contested.append(leaf)
            now = practice.value_of(leaf)
            if leaf not in changes or abs(value - now) > abs(changes[leaf] - now):
                changes[leaf] = value
    return practice.changed(changes), sorted(set(contested))
