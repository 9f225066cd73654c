"""A case with its record: read, completed, tried on a few runs, and refused where no run could fit it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import NamedTuple

from agents.population import populate
from scenarios.faults import BadInput, Fault, shown
from scenarios.load import case_called, case_names, load_practice
from scenarios.record import Record, read_record, record_path
from simulation.chance import Address
from simulation.evidence import Evidence, Statement
from simulation.model import SafeguardingModel
from simulation.needs import complete, contradictions, out_of_reach
from simulation.recorded import Recorded, RuledOut
from simulation.statements import Compiled, compiled, first_plan
from simulation.trace import Trace
from simulation.world import World


class Lived(NamedTuple):
    """A run under a record: its luck and its trace, as far as it came, and what ruled it out, if anything did."""

    chance: Recorded
    trace: Trace
    ruled_out: RuledOut | None


@dataclass(frozen=True)
class Documented:
    """A case's record in the world of practice as usual."""

    world: World
    record: Record
    found: Compiled
    evidence: Evidence

    def live(self, seed: int, replication: int, patient: bool = False) -> Lived:
        """One run that fits the record, or as far as it did; to its end in any case where it is `patient`."""
        chance = Recorded(seed, replication, self.evidence, self.world.book, patient)
        model = SafeguardingModel(self.world, chance)
        trace = model.trace
        try:
            populate(model)
            model.run()
            chance.check(inf)
        except RuledOut:
            pass
        finally:
            model.free()
        return Lived(chance, trace, next(iter(chance.ruled_out), None))

    def is_documented(self, address: Address) -> bool:
        """Whether the record says anything of this draw."""
        return bool(self.evidence.of(address))

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
    complete(found, world)
    beyond = [*out_of_reach(found, world, path.name), *contradictions(found, world, path.name)]
    if faults := [*faults, *found.faults, *beyond]:
        raise BadInput(shown(faults))
    evidence = Evidence(tuple(found.statements), tuple(found.windows), first_plan(found.statements, world))
    return Documented(world, record, found, evidence)


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
