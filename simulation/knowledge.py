"""Who, or which record, holds which part of what is true of a family."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Holding:
    """One item in one head: the row it was learned in, how, and from how many sources."""

    row: int
    time: int
    how: str
    sources: int = 1
    recognised: bool = False
    told: set[str] = field(default_factory=set)
    """Whom the holder knows to have it: who told her, who sat with her, whom she told."""
    bodies: set[str] = field(default_factory=set)
    """The bodies to which she has said it."""

    @property
    def first_hand(self) -> bool:
        """Whether she saw it, found it or joined it herself."""
        return self.how in FIRST_HAND


FIRST_HAND = frozenset({"saw", "found", "joined", "assumed", "start"})


@dataclass
class Knowledge:
    """All heads and all records of one run."""

    heads: dict[str, dict[str, Holding]] = field(default_factory=dict)
    files: dict[str, dict[str, int]] = field(default_factory=dict)

    def holding(self, who: str, item: str) -> Holding | None:
        """What `who` has of `item`, if she has it."""
        return self.heads[who].get(item)

    def items(self, who: str) -> list[str]:
        """What `who` holds, in order of id."""
        return sorted(self.heads[who])

    def in_file(self, file: str) -> list[str]:
        """What a record holds, in order of id."""
        return sorted(self.files.get(file, ()))
