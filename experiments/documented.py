"""A case with its record: read, completed, tried on a few runs, and refused where no run could fit it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import NamedTuple

from experiments.replication import live
from scenarios.faults import BadInput, Fault, shown
from scenarios.load import case_called, case_names, load_practice
from scenarios.record import Record, read_record, record_path
from simulation.chance import Address
from simulation.evidence import Evidence, Recorded, RuledOut, Statement
from simulation.needs import complete
from simulation.statements import Compiled, compiled, first_plan
from simulation.trace import Trace
from simulation.world import World

PILOTS, ROUNDS = 30, 2
"""Runs of a pilot, and how often it is repeated with what it has learned."""
LIKELIEST, RAREST = 0.98, 0.02
"""How sure a plan may be of a draw, after so few runs."""


class Lived(NamedTuple):
    """A run under a record: its luck and its trace, or what ruled it out."""

    chance: Recorded
    trace: Trace | None
    ruled_out: RuledOut | None


@dataclass(frozen=True)
class Documented:
    """A case's record in the world of practice as usual."""

    world: World
    record: Record
    found: Compiled
    evidence: Evidence

    def live(self, seed: int, replication: int) -> Lived:
        """One run that fits the record, or as far as it did."""
        chance = Recorded(seed, replication, self.evidence, self.world.book)
        try:
            trace = live(self.world, chance)
            chance.check(inf)
        except RuledOut as ruled_out:
            return Lived(chance, None, ruled_out)
        return Lived(chance, trace, None)

    @property
    def added(self) -> list[Statement]:
        """What the record was completed with."""
        return [statement for statement in self.evidence.statements if statement.need]


def documented(case: str, keep: Iterable[str] | None = None) -> Documented:
    """The record of a case, or some of its entries alone. Raises BadInput with all that is wrong with it."""
    practice = load_practice()
    path = record_path(case)
    if not path.exists():
        known = [name for name in case_names() if record_path(name).exists()]
        raise BadInput([Fault("request", f"case {case}", "it has no record", f"There is one of: {', '.join(known)}.")])
    return of_file(path, World(case_called(case, practice), practice), keep)


def of_file(path: Path, world: World, keep: Iterable[str] | None = None) -> Documented:
    """A record file, against the world it is of."""
    record, faults = read_record(path)
    if keep is not None:
        record = record.only({*keep})
    found = compiled(record, world, path.name)
    if faults := [*faults, *found.faults]:
        raise BadInput(shown(faults))
    complete(found, world)
    evidence = Evidence(tuple(found.statements), tuple(found.windows), first_plan(found.statements, world))
    return Documented(world, record, found, evidence)


def piloted(known: Documented, seed: int) -> tuple[Documented, Counter[tuple[str, str]]]:
    """The same, with a plan learned from runs that are not used again, and what ruled runs out of the last round."""
    deaths: Counter[tuple[str, str]] = Counter()
    for turn in range(ROUNDS):
        deaths.clear()
        chances: dict[int, Counter[Address]] = {}
        for pilot in range(1, PILOTS + 1):
            lived = known.live(seed, -turn * PILOTS - pilot)
            if lived.ruled_out:
                deaths[lived.ruled_out.entry, lived.ruled_out.why] += 1
            for number, drawn in lived.chance.chances.items():
                chances.setdefault(number, Counter()).update(drawn)
        known = replace(known, evidence=replace(known.evidence, plan=_learned(known.evidence, chances)))
    return known, deaths


def _learned(evidence: Evidence, chances: dict[int, Counter[Address]]) -> dict[int, dict[Address, float]]:
    """How likely each draw is to come and to happen: its mean chance, nothing in runs that did not come to it."""
    plan = {number: dict.fromkeys(ways, RAREST) for number, ways in evidence.plan.items()}
    for number, drawn in chances.items():
        if evidence.statements[number].most > 0:
            for address, total in sorted(drawn.items()):
                plan.setdefault(number, {})[address] = min(max(total / PILOTS, RAREST), LIKELIEST)
    return plan


def checked(path: Path) -> list[str]:
    """What a record holds, in lines for a reader. Raises BadInput with all that is wrong."""
    record, faults = read_record(path)
    practice = load_practice()
    case = record.record.case
    if case not in case_names():
        raise BadInput([*faults, Fault(path.name, "record case", f"there is no case {case!r}", "Check the name.")])
    known = of_file(path, World(case_called(case, practice), practice))
    _, deaths = piloted(known, seed=1)
    lines = [
        f"a record of {known.world.case.case.title}: {len(record.entry)} entries, {len(record.unsaid)} not expressible, "
        f"{len(known.evidence.statements) - len(known.added)} statements and {len(known.added)} that they need"
    ]
    lines += [f"  {name} says what is so in every run: it costs nothing" for name in known.found.idle]
    lines += [f"  {narrow} is an exception within {wide}" for narrow, wide in exceptions(known.evidence)]
    if deaths:
        lines.append(f"  of {PILOTS} runs tried, {deaths.total()} could not meet it:")
        lines += [f"    {count:>3}  {entry}: {why}" for (entry, why), count in deaths.most_common()]
    return lines


def exceptions(evidence: Evidence) -> list[tuple[str, str]]:
    """Each documented act that stands inside a wider "never", with it."""
    said = [statement for statement in evidence.statements if not statement.need]
    never = [statement for statement in said if statement.most == 0]
    return sorted(
        {
            (narrow.entry, wide.entry)
            for narrow in said
            if narrow.least > 0
            for wide in never
            if any(_within(one, other) for one in narrow.spans for other in wide.spans)
        }
    )


def _within(narrow: tuple[object, ...], wide: tuple[object, ...]) -> bool:
    """Whether every draw that the first span covers is covered by the second."""
    fields = zip(narrow[:5], wide[:5], strict=True)
    return all(w is None or (n is not None and n <= w) for n, w in fields)  # type: ignore[operator]
