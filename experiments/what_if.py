"""What is shown of a case as recorded: rows and sentences, made of its runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from experiments.as_recorded import AsRecorded
from experiments.beside import beside
from experiments.compare import _title
from experiments.direction import Counterfactual, Moved, load_counterfactuals
from experiments.following import FRESH, SAME
from results.days import Days
from results.measures import pairs_of
from results.whatif import Beside, Changed, Dated, Told, of_runs
from simulation.clock import DAY

LEAST_LIKELY = 10
MOST_CHANGES = 4
"""Entries and pairs that are printed."""


@dataclass(frozen=True)
class Whole:
    """All that is printed."""

    opening: list[str]
    costs: list[tuple[str, str, float]]
    dates: dict[str, float]
    sequence: list[Dated]
    level: float
    rows: list[Told]
    changed: list[Changed]
    sentences: list[str]
    words: dict[str, str]
    decisions: dict[str, str]
    targets: list[Beside]


def whole(found: AsRecorded, items: list[str]) -> Whole:
    """All that is printed of a case as recorded; with `items`, of these alone."""
    world = found.world
    named = {entry.id: entry.words for entry in found.known.record.entry}
    scored = pairs_of(world).scored
    shown = [pair for pair in found.pairs if pair in scored and (not items or pair[0] in items)]
    columns = [found.pairs.index(pair) for pair in shown]
    enough = not found.too_few
    rows = [_told(found, arm.name, _title(arm)[0], columns) for arm in found.asked.arms] if enough else []
    changed = [row for arm in found.asked.arms for row in _changed(found, arm.name, shown)] if enough else []
    return Whole(
        opening(found),
        [(name, named[name], bits) for name, bits in list(found.entry_costs.items())[:LEAST_LIKELY]],
        _dates(found),
        _sequence(found),
        100 * found.weights.mean(found.answers()[:, columns].mean(axis=1))[0] if columns else 0.0,
        rows,
        changed,
        [
            _sentence(found, row)
            for number, row in enumerate(changed)
            if row.arm != changed[number - 1].arm or not number
        ],
        {item.id: item.words for item in world.items.values()},
        {choice.id: choice.words for choice in world.choices.values()},
        beside(found) if enough else [],
    )


def counterfactuals(found: AsRecorded, rows: Sequence[Counterfactual]) -> list[Moved]:
    """What each of a case's counterfactuals did on the luck the record leaves; its arm bears its id."""
    return [_moved(found, row) for row in rows]


def _moved(found: AsRecorded, row: Counterfactual) -> Moved:
    wanted = [(item, decision) for item, decision in found.pairs if item in row.items]
    pairs = [pair for pair in wanted if not row.decisions or pair[1] in row.decisions]
    columns = [found.pairs.index(pair) for pair in pairs]
    without, with_it = (found.answers(arm, SAME, row.measure)[:, columns] for arm in ("", row.id))
    gained = {
        pair: found.gained([column], row.id, SAME, row.measure) for pair, column in zip(pairs, columns, strict=True)
    }
    return Moved(
        row,
        found.weights.mean(without.mean(axis=1))[0],
        found.gained(columns, row.id, SAME, row.measure),
        {" ".join(pair): interval for pair, interval in gained.items()},
        bool((without == with_it).all()),
    )


def askable(case: str) -> list[Counterfactual]:
    """The counterfactuals of a case that can be asked as recorded: not those that wait for a policy, nor those in which
    nobody has other work, since that is another world than the one the record was made in."""
    return [row for row in load_counterfactuals(case) if not row.waits_for and not row.no_queues]


def opening(found: AsRecorded) -> list[str]:
    """How many runs, of how many entries, and how far the record surprised the model."""
    bits, error = found.all.bits
    part = "" if len(found.asked.keep or ()) == found.whole else f" (of {found.whole})"
    runs = (
        f"{len(found.weighed):,} runs were tried against {len(found.known.record.entry)} documented entries{part}; "
        f"{found.all.alive:,} fit, and count as {found.all.effective:,.0f} of equal weight."
    )
    surprise = f"The record surprised the model by {bits:.2f} ± {error:.2f} bits (one standard error)."
    if found.too_few:
        mend = "More runs (--replications) or a simpler record would mend it"
        return [runs, surprise, f"Too few: {found.too_few}. {mend}; until then nothing is said of a policy."]
    return [runs, surprise]


def _dates(found: AsRecorded) -> dict[str, float]:
    """What the entries of each day cost, in bits, of days that have any."""
    start = found.world.case.case.start
    costs = enumerate(found.date_costs)
    return {str(start + timedelta(days=day)): round(float(bits), 3) for day, bits in costs if abs(bits) > 1e-9}


def _sequence(found: AsRecorded) -> list[Dated]:
    """The same in words, day by day and so far."""
    world, rows, so_far = found.world, list[Dated](), 0.0
    said = Days.of(world.case.case)
    for day, bits in enumerate(found.date_costs):
        so_far += bits
        if abs(bits) > 1e-9 or day in found.met_on:
            moment = world.calendar.moment(day * DAY)
            rows.append(Dated(said.label(moment), tuple(found.met_on.get(day, ())), float(bits), so_far))
    return rows


def _told(found: AsRecorded, arm: str, title: str, columns: list[int]) -> Told:
    luck = found.luck(arm)
    moved = found.weights.mean([run.twins[arm, SAME].moved for run in found.followed])[0]
    parted, share = next(((where, share) for where, share in found.partings(arm) if where), ("", 0.0))
    return Told(
        arm,
        title,
        found.gained(columns, arm).times(100),
        found.gained(columns, arm, FRESH).times(100),
        luck[max(luck, key=lambda choice: found.world.choices[choice].at)],
        moved,
        parted,
        share,
    )


def _changed(found: AsRecorded, arm: str, pairs: list[tuple[str, str]]) -> list[Changed]:
    """The pairs that a policy changes most, on the same luck."""
    rows = [
        Changed(
            arm,
            *pair,
            found.share(pair),
            found.share(pair, arm),
            found.share(pair, arm, FRESH),
            found.gained([found.pairs.index(pair)], arm),
        )
        for pair in pairs
    ]
    clear = [row for row in rows if row.gained.excludes_zero]
    return sorted(clear, key=lambda row: -abs(row.gained.centre))[:MOST_CHANGES]


def _sentence(found: AsRecorded, row: Changed) -> str:
    """One what-if, said as it may be said."""
    item, choice = found.world.items[row.item], found.world.choices[row.decision]
    shares = row.same.centre, row.recorded.centre
    fresh = "" if row.fresh == row.same else f" ({of_runs(row.fresh.centre)} if the changed acts are dealt afresh)"
    return (
        f"Given what is documented, with {row.arm} in place it was known in time for {choice.words} that {item.words} "
        f"in {of_runs(*shares)} of this model{fresh}; as recorded in {of_runs(*shares[::-1])}."
    )
