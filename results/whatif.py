"""What is said of a what-if: never that somebody would have known, always in how many runs of this model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.table import Table

from results.facts import in_few, undated
from results.statistics import Interval
from results.targets import Target

HALF = 0.5
"""The share of new luck above which a what-if is a forecast."""
WORTH_A_ROW = 0.5
"""Bits from which on a day has a row of its own."""
NAMED = 4
"""Entries that such a row names."""


def of_runs(share: float, beside: float = -1.0) -> str:
    """A share of runs in words: "about 7 of 10 runs"; of a hundred where it is nearer to none or all, or where another
    share that stands `beside` it would read the same."""
    if share <= 0.005:
        return "fewer than 1 of 100 runs"
    if share >= 0.995:
        return "more than 99 of 100 runs"
    of = 10 if 0.05 <= share < 0.95 and round(10 * share) != round(10 * beside) else 100
    return f"about {round(share * of)} of {of} runs"


@dataclass(frozen=True)
class Changed:
    """One item at one decision, under one policy: shares of runs as recorded, on the same luck, on fresh luck."""

    arm: str
    item: str
    decision: str
    recorded: Interval
    same: Interval
    fresh: Interval
    gained: Interval


@dataclass(frozen=True)
class Told:
    """What is said of one policy as a whole: of 100 pairs of an item and a decision. `luck` up to the last decision is
    documented, shared and new; `moved` is how many documented acts' chance it moves, a run."""

    arm: str
    title: str
    gained: Interval
    fresh: Interval
    luck: tuple[float, float, float]
    moved: float
    parted: str
    parted_share: float

    @property
    def is_a_forecast(self) -> bool:
        """Whether over half the luck behind it is new."""
        return self.luck[2] > HALF


def luck_in_words(luck: tuple[float, float, float]) -> str:
    """Whose luck was behind it."""
    documented, shared, new = (f"{share:.0%}" for share in luck)
    return f"{documented} documented, {shared} shared, {new} new"


def a_forecast(told: Told) -> str:
    """What stands where most of the luck is new."""
    return f"{told.arm}: over half of the luck is new: read it as a forecast for a family like this one."


def policies(found: Iterable[Told], level: float) -> Table:
    """Every policy: what it adds on the same luck, what on fresh, and how far the sameness reaches."""
    table = Table(title="What if, on the luck the record leaves", title_justify="left", caption_justify="left")
    for heading in ("policy", "more of 100 pairs", "95 %", "fresh luck", "luck behind it"):
        table.add_column(heading, justify="right" if heading not in ("policy", "luck behind it") else "left")
    for told in found:
        band = f"{told.gained.low:+.1f} to {told.gained.high:+.1f}"
        fresh = f"{told.fresh.centre:+.1f}" if told.moved else "the same"
        table.add_row(f"{told.title} ({told.arm})", f"{told.gained.centre:+.1f}", band, fresh, luck_in_words(told.luck))
    table.caption = (
        f"As recorded {level:.1f} of 100 pairs of a critical item and a decision were read in time. Same luck: every "
        "act that both histories try turns out alike unless its chance moved; no record can test that, so documented "
        "acts whose chance a policy moves are dealt anew in the second figure."
    )
    return table


def changes(found: Iterable[Changed], words: Mapping[str, str], decisions: Mapping[str, str]) -> Table:
    """Item by item: in how many runs it was there, as recorded and with the policy."""
    table = Table(title="Where it shows most: shares of runs in which it was read in time", title_justify="left")
    table.add_column("that …")
    for heading in ("as recorded", "with it", "more", "fresh luck"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in found:
        more = f"{row.gained.centre:+.2f} ({row.gained.low:+.2f} {row.gained.high:+.2f})"
        item = f"{in_few(words[row.item], 52)} ({row.item}): {undated(decisions[row.decision])}, {row.arm}"
        table.add_row(item, f"{row.recorded.centre:.2f}", f"{row.same.centre:.2f}", more, f"{row.fresh.centre:.2f}")
    return table


def likelihood(costs: Iterable[tuple[str, str, float]]) -> Table:
    """The entries that the model found least likely."""
    table = Table(title="What the model found least likely of what is documented", title_justify="left")
    table.add_column("entry")
    table.add_column("")
    table.add_column("bits", justify="right")
    table.add_column("one in", justify="right")
    for name, words, bits in costs:
        table.add_row(name, words, f"{bits:.1f}", f"{2**bits:,.{int(bits < 3)}f}")
    return table


class Dated(NamedTuple):
    """What a day's entries cost in sequence: given all that was met before it, and so far in all."""

    day: str
    entries: tuple[str, ...]
    bits: float
    so_far: float


def in_sequence(days: Sequence[Dated]) -> Table:
    """The surprise day by day: the days that cost something, and the others together."""
    dear = [row for row in days if abs(row.bits) >= WORTH_A_ROW]
    table = Table(title="The surprise, date by date", title_justify="left", caption_justify="left")
    for heading in ("", "entries that bear on it", "bits", "so far"):
        table.add_column(heading, justify="right" if heading in ("bits", "so far") else "left")
    for row in dear:
        more = f" and {len(row.entries) - NAMED} more" if len(row.entries) > NAMED else ""
        table.add_row(row.day, ", ".join(row.entries[:NAMED]) + more, f"{row.bits:.1f}", f"{row.so_far:.1f}")
    rest = sum(row.bits for row in days) - sum(row.bits for row in dear)
    table.caption = (
        f"Each day given all that was met before it. The other {len(days) - len(dear)} days on which the record says "
        f"something come to {rest:+.1f}. Bits below zero are chance, or an earlier day's steering that comes back."
    )
    return table


class Beside(NamedTuple):
    """A target of information beside its share of runs as recorded. `stated`: the record settles it (see `beside`)."""

    target: Target
    share: float
    stated: bool

    @property
    def met(self) -> bool:
        """Whether the share is what is expected."""
        return self.target.met_by(self.share)


def targets(rows: Iterable[Beside], stated: bool) -> Table:
    """The targets that the record states, or those that it does not."""
    title = "What the record states: a check, no prediction" if stated else "What the record leaves open"
    table = Table(title=f"Targets. {title}", title_justify="left")
    for heading in ("", "", "expected", "as recorded", "met"):
        table.add_column(heading, justify="left" if heading == "" else "right", no_wrap=heading == "expected")
    for row in rows:
        if row.stated == stated:
            target = row.target
            words = target.words if row.met or not target.why else f"{target.words} [dim]({target.why})[/dim]"
            expected = f"{target.expected} {target.share:.2f}"
            table.add_row(target.id, words, expected, f"{row.share:.2f}", "yes" if row.met else "NO")
    return table


def of_targets(rows: Sequence[Beside]) -> str:
    """How many targets of either kind are met."""
    stated, others = ([row for row in rows if row.stated == kind] for kind in (True, False))
    held, met = (sum(row.met for row in some) for some in (stated, others))
    return (
        f"Targets of information: {held} of the {len(stated)} that the record states are met (a check, no prediction), "
        f"and {met} of the {len(others)} that it leaves open."
    )
