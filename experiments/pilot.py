"""A pilot: a few runs that are not used again, to learn how a record comes about and what no run can meet.

What is learned steers later runs towards the record and changes no estimate: their weights take it back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import exp, inf, log
from pathlib import Path
from statistics import median
from typing import NamedTuple

from experiments.documented import Documented, Lived, exceptions, of_file
from scenarios.faults import BadInput, Fault
from scenarios.load import case_called, case_names, load_practice
from scenarios.record import read_record
from simulation.chance import Address
from simulation.evidence import Evidence, Expected, Statement
from simulation.trace import Event
from simulation.world import World

ROUNDS, PILOTS = 3, 40
"""How many times a pilot is run, each with what the last has learned, and of how many runs."""
CURIOUS = 0.5
"""How hard a pilot is steered towards the first way to a thing, so that it sees the others too."""
LIKELIEST, RAREST = 0.98, 0.02
"""How sure a plan may be of a draw, after so few runs."""
EVEN_ENOUGH = 0.95
"""An entry that runs fit as evenly as this (their effective share) needs no help."""
A_USUAL_WAY = 0.25
"""The share of runs that came to an entry in which an act led to it, from which on it is helped."""
FURTHEST = 20.0
"""By how much the odds of a draw are shifted at most."""
WORTHWHILE = 0.2
"""The least shift, as a logarithm, that is made at all."""
ON_AN_ITEM = frozenset(
    {"include", "present", "raise", "tell", "refer", "hand-over", "hand-over-sheet", "record", "join"}
)


class Waited(NamedTuple):
    """A run in which a statement had something to ask: what was drawn meanwhile, in order, each with its chance and its
    minute; and when the statement was met, and by which draw."""

    weight: float
    drawn: dict[Address, tuple[float, int]]
    met_at: float
    met_by: Address | None

    def waits_for(self, address: Address, turn: float, before: set[tuple[Address, Address]]) -> bool:
        """Whether it was still unmet when the turn of this draw came: by the minute, or on one occasion, whichever day
        it fell on, by what was drawn `before` what."""
        if address in self.drawn or self.met_by is None:
            return True
        return (address, self.met_by) in before if address[4] == self.met_by[4] else self.met_at > turn


class Tried(NamedTuple):
    """What is kept of one run of a pilot: by slots of the book, what was drawn and what happened; for each statement
    that it came to, how far the run fits it (0 to 1) and the acts behind. It counts by what leaning took from it."""

    weight: float
    drawn: set[int]
    happened: set[int]
    fits: dict[int, float]
    behind: dict[int, set[Address]]


def _sums() -> defaultdict[Address, float]:
    return defaultdict(float)


@dataclass
class Learned:
    """What pilots have shown so far."""

    asked: dict[int, list[Waited]] = field(default_factory=lambda: defaultdict(list))
    """For each statement, the runs in which it had something to ask."""
    runs: list[Tried] = field(default_factory=list)
    deaths: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What ruled out runs of the last round."""
    logs: list[float] = field(default_factory=list)
    """The logarithms of the weights of the last round's runs, -inf for those ruled out."""

    @property
    def weight(self) -> float:
        """How many runs it comes to."""
        return sum(run.weight for run in self.runs)


def piloted(known: Documented, seed: int, rounds: int = ROUNDS, runs: int = PILOTS) -> tuple[Documented, Learned]:
    """The same record with a plan and a leaning learned from pilots, and what they showed."""
    learned, surest = Learned(), known.evidence.surest
    known = replace(known, evidence=replace(known.evidence, surest=CURIOUS))
    for turn in range(rounds):
        learned.deaths.clear()
        learned.logs.clear()
        for number in range(turn * runs + 1, (turn + 1) * runs + 1):
            _add(learned, known, known.live(seed, -number, patient=True))
        evidence = known.evidence
        found = replace(evidence, plan=_plan(evidence, learned), leaning=_leaning(known, learned))
        known = replace(known, evidence=found)
    return replace(known, evidence=replace(known.evidence, surest=surest)), learned


def _add(learned: Learned, known: Documented, lived: Lived) -> None:
    """What one run shows."""
    weight = min(exp(lived.chance.leant), FURTHEST)
    learned.logs.append(-inf if lived.ruled_out else lived.chance.log_weight)
    for entry, why in {(one.entry, one.why) for one in lived.chance.ruled_out}:
        learned.deaths[entry, why] += 1
    for number, drawn in lived.chance.asked.items():
        last = next(reversed(drawn))
        met = lived.chance.met[number] >= known.evidence.statements[number].least
        learned.asked[number].append(Waited(weight, drawn, drawn[last][1] if met else inf, last if met else None))
    acts = {event[2:7]: event for event in lived.trace.events if event.chance is not None}
    held = {(event.who, event.item): event for event in reversed(lived.trace.events) if event.act == "hold"}
    judged = {(event.who, event.item): event for event in acts.values() if event.act == "recognise" and event.happened}
    taken: dict[str, float] = defaultdict(float)
    for factor in lived.chance.factors:
        taken[factor.entry] += factor.log
    came: dict[int, list[Event]] = defaultdict(list)
    for address, event in acts.items():
        for said in known.evidence.of(address):
            if _is_about_something(said.statement):
                came[said.number].append(event)
    fits, behind = {}, {}
    for number, reached in came.items():
        statement = known.evidence.statements[number]
        fits[number] = 1.0 if statement.least > 0 else exp(taken[statement.entry])
        behind[number] = {event[2:7] for event in _behind(known.world, lived, reached, held, judged, acts)}
    slots = known.world.book.slots
    happened = {slots[address] for address, event in acts.items() if event.happened}
    learned.runs.append(Tried(weight, lived.chance.dealt, happened, fits, behind))


def _is_about_something(statement: Statement) -> bool:
    """Whether it says what was told, or is of an act that tells nothing: else all that was ever told leads to it. What
    was added as not having happened before goes with what it was added for."""
    return all(span.item is not None for span in statement.spans) and not (statement.need and statement.most == 0)


def _behind(
    world: World,
    lived: Lived,
    waiting: list[Event],
    held: dict[tuple[str, str], Event],
    judged: dict[tuple[str, str], Event],
    acts: dict[Address, Event],
) -> Iterator[Event]:
    """The acts that led to these: what each was caused by, how its item came to whoever acts on it, that she had judged
    it to matter, and who had written down what was found."""
    seen = {event.row for event in waiting}
    while waiting:
        event = waiting.pop()
        led = [lived.trace[event.cause]] if event.cause else []
        if event.act in ON_AN_ITEM and (event.who, event.item) in held:
            led.append(held[event.who, event.item])
        if event.act in ("tell", "refer") and (event.who, event.item) in judged:
            led.append(judged[event.who, event.item])
        if event.act == "find":
            writers = {who for who, file in world.writes_in.items() if file == event.whom}
            led += [
                one
                for one in acts.values()
                if one.act == "record" and one.happened and one.item == event.item and one.who in writers
            ]
        for one in led:
            if one.row not in seen:
                seen.add(one.row)
                waiting.append(one)
                if one.chance is not None and one.happened:
                    yield one


def _plan(evidence: Evidence, learned: Learned) -> dict[int, dict[Address, Expected]]:
    """What to expect of each draw, of the runs whose statement was unmet when its turn usually came. Runs that drew
    nothing of a statement do not count: nobody in them would want to know what else may bring it."""
    plan = {number: dict.fromkeys(ways, Expected(RAREST)) for number, ways in evidence.plan.items()}
    for number, runs in learned.asked.items():
        draws: dict[Address, list[tuple[float, float, int]]] = defaultdict(list)
        latest: dict[str, int] = defaultdict(int)
        for run in runs:
            for address, (p, minute) in run.drawn.items():
                draws[address].append((run.weight, p, minute))
                latest[address[4]] = max(latest[address[4]], minute)
        before = {pair for run in runs for pair in combinations(run.drawn, 2)}
        for address, made in sorted(draws.items()):
            turn = median(minute for _, _, minute in made)
            waiting = sum(run.weight for run in runs if run.waits_for(address, turn, before))
            chance = sum(weight * p for weight, p, _ in made) / waiting
            expected = Expected(min(max(chance, RAREST), LIKELIEST), latest[address[4]])
            plan.setdefault(number, {})[address] = expected
    return plan


def _leaning(known: Documented, learned: Learned) -> dict[Address, float]:
    """By how much the odds of an act that often led to what is documented were better, or worse, in the runs that fit
    it (the cross-entropy method of rare events). Of several entries that an act leads to, the one that asks most."""
    leaning: dict[Address, float] = {}
    for number, statement in enumerate(known.evidence.statements):
        fits = [run.weight * run.fits.get(number, float(statement.least == 0)) for run in learned.runs]
        squares = sum(fit * fit / run.weight for fit, run in zip(fits, learned.runs, strict=True))
        if not squares or not _is_about_something(statement) or sum(fits) ** 2 > EVEN_ENOUGH * learned.weight * squares:
            continue
        came = [run for run in learned.runs if number in run.behind]
        often = _sums()
        for run in came:
            for address in run.behind[number]:
                often[address] += run.weight
        for address, times in sorted(often.items()):
            if times > A_USUAL_WAY * sum(run.weight for run in came) and not known.evidence.of(address):
                slot = known.world.book.slots[address]
                usual = _share(learned.runs, [run.weight for run in learned.runs], slot, 0.5)
                there = _share(learned.runs, fits, slot, usual)
                shift = there / (1 - there) * (1 - usual) / usual
                shift = min(max(shift, 1 / FURTHEST), FURTHEST)
                leaning[address] = max(leaning.get(address, 1.0), shift, key=lambda ratio: abs(log(ratio)))
    return {address: shift for address, shift in leaning.items() if abs(log(shift)) > WORTHWHILE}


def _share(runs: list[Tried], weights: list[float], slot: int, otherwise: float) -> float:
    """In what share of the runs in which it was tried an act happened, the runs counting by these weights; drawn by one
    run's weight towards what it is `otherwise`."""
    tried = sum(weight for run, weight in zip(runs, weights, strict=True) if slot in run.drawn)
    yes = sum(weight for run, weight in zip(runs, weights, strict=True) if slot in run.happened)
    return (yes + otherwise) / (tried + 1)


def checked(path: Path) -> list[str]:
    """What a record holds, in lines for a reader. Raises BadInput with all that is wrong."""
    record, faults = read_record(path)
    practice = load_practice()
    case = record.record.case
    if case not in case_names():
        raise BadInput([*faults, Fault(path.name, "record case", f"there is no case {case!r}", "Check the name.")])
    known = of_file(path, World(case_called(case, practice), practice))
    _, learned = piloted(known, 1, 1, PILOTS)
    lines = [
        f"a record of {known.world.case.case.title}: {len(record.entry)} entries, "
        f"{len(record.unsaid)} not expressible, "
        f"{len(known.evidence.statements) - len(known.added)} statements and {len(known.added)} that they need"
    ]
    lines += [f"  {name} says what is so in every run: it costs nothing" for name in known.found.idle]
    lines += [f"  {narrow} is an exception within {wide}" for narrow, wide in exceptions(known.evidence)]
    if learned.deaths:
        lines.append(f"  of {PILOTS} runs tried, so many ended at an entry they could not meet (no fault; others fit):")
        lines += [f"    {count:>3}  {entry}: {why}" for (entry, why), count in learned.deaths.most_common()]
    return lines
