"""What an experiment would take, and what it could find, from a few pilot runs; nothing is written."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from math import ceil, sqrt

import pandas as pd
from scipy import stats  # type: ignore[import-untyped]

from experiments.design import CHUNK, POINT, Chunk, Experiment
from experiments.manifest import fingerprint
from experiments.pool import cores
from experiments.work import Bench, bench_for, chunk_rows
from results.measures import MEASURES
from results.statistics import LEVEL
from results.stopping import BLOCK, LEAST
from results.store import as_files, columns
from scenarios.policy import USUAL

POWER = 0.8
"""How often a design should find the difference that is called its smallest."""
PILOT_ARMS = 8
DRAWN = 4
"""Pilot runs an arm under a draw."""
MEASURE = "reach"


@dataclass(frozen=True)
class Plan:
    """What it would take. `differences` has a row for each arm of the pilot: how its difference from practice as usual
    spreads from run to run, and the smallest true difference the design would find four times in five."""

    experiment: Experiment
    workers: int | None
    practices: int
    replications: int
    seconds: float
    bytes: int
    pilot: int
    measure: str
    differences: pd.DataFrame

    @property
    def runs(self) -> int:
        """How many runs that is."""
        return sum(replace(self.experiment, replications=self.replications, until=None).runs.values())

    @property
    def minutes(self) -> float:
        """How long it would take on the workers there are; on one where that is not known."""
        return self.seconds / (self.workers or 1) / 60

    @property
    def smallest(self) -> float | None:
        """The smallest difference that the design would find, whichever of the arms that the pilot tried it is of, in
        the measure's unit."""
        return None if self.differences.empty else float(self.differences["smallest"].max())

    @property
    def _disk(self) -> str:
        return f"{self.bytes / 1e6:,.0f} MB" if self.bytes >= 1e6 else "less than 1 MB"

    @property
    def lines(self) -> list[str]:
        """What it takes and what it could find, in sentences."""
        where = f"{self.workers} processes" if self.workers else "one core"
        arms = len(self.experiment.arms)
        same = "" if self.practices == arms else f", {self.practices} of them different"
        of = "1 practice" if arms == 1 else f"{arms} practices{same}"
        sizes = [f"{self.replications:,} paired replications"] if self.replications else []
        sizes += [f"{self.experiment.draws:,} draws of {self.experiment.per_draw}"] if self.experiment.draws else []
        said = [
            f"{self.runs:,} runs: {of}, {' and '.join(sizes)}.",
            f"About {_about(self.minutes)} on {where} and {self._disk} (from {self.pilot} pilot runs).",
        ]
        if self.smallest is not None:
            unit, tried = MEASURES[self.measure].unit, len(self.differences)
            of = "practice" if tried >= self.practices - 1 else f"of the {tried} practices that the pilot tried"
            said.append(
                f"A true difference in {self.measure} of {self.smallest:.2g} {unit} would be found four times in five, "
                f"whichever {of} it is of."
            )
        return said


def plan(experiment: Experiment, workers: int | str = 0) -> Plan:
    """Run the pilot, here, and reckon from it. Raises BadInput where the case does not exist."""
    bench = bench_for(experiment.case, fingerprint(experiment.case))
    few = _few(experiment)
    practices = _practices(experiment, bench)
    per_run, runs, size = 0.0, pd.DataFrame(), 0.0
    if experiment.replications:
        per_run, runs, size = _pilot(few, Chunk(POINT, 0, CHUNK))
    per_draw = 0.0
    if experiment.draws:
        first = next(experiment.drawn())
        per_drawn, _, drawn_size = _pilot(few, replace(first, last=first.first + min(DRAWN, experiment.per_draw)))
        warm = per_run or per_drawn
        build = max(per_drawn - warm, 0.0) * DRAWN
        per_draw = build + warm * experiment.per_draw
        size = size or drawn_size
    replications, found = _found(experiment, runs)
    spent = practices * (replications * per_run + experiment.draws * per_draw)
    made = sum(replace(experiment, replications=replications, until=None).runs.values())
    there = _known(workers)
    pilot = len(few.arms) * (CHUNK * bool(experiment.replications) + DRAWN * bool(experiment.draws))
    measure = experiment.until.measure if experiment.until else MEASURE
    return Plan(experiment, there, practices, replications, spent, ceil(made * size), pilot, measure, found)


def _few(experiment: Experiment) -> Experiment:
    """The experiment with a few of its arms, practice as usual among them."""
    arms = experiment.arms
    step = max(len(arms) // PILOT_ARMS, 1)
    chosen = (arms[0], *arms[1::step][: PILOT_ARMS - 1]) if len(arms) > PILOT_ARMS else arms
    return replace(experiment, arms=chosen, draws=0, worlds=())


def _pilot(few: Experiment, chunk: Chunk) -> tuple[float, pd.DataFrame, float]:
    """A chunk run here: processor seconds a run of one practice, its runs, bytes a run."""
    begun = time.process_time()
    rows = chunk_rows(few, chunk, fingerprint(few.case))
    files = as_files(rows)
    spent = time.process_time() - begun
    each = chunk.last - chunk.first
    frame = pd.DataFrame(columns("runs", rows["runs"]).to_pandas()).astype({"arm": str})
    size = sum(map(len, files.values())) / (each * len(few.arms))
    return spent / (each * _practices(few, bench_for(few.case, fingerprint(few.case)))), frame, size


def _practices(experiment: Experiment, bench: Bench) -> int:
    """How many of its arms differ: those that come to the same practice share their runs."""
    return len({bench.world(arm, experiment.seed, POINT).key for arm in experiment.arms})


def _known(workers: int | str) -> int | None:
    """How many workers there are, where that can be known without asking a scheduler."""
    if isinstance(workers, str) and "://" in workers:
        return None
    return int(workers) if workers not in ("auto", 0, "0") else cores()


def _found(experiment: Experiment, runs: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """How many replications it comes to, and what they could find of each arm of the pilot."""
    asked = experiment.until
    measure = asked.measure if asked else MEASURE
    values = runs.pivot(index="replication", columns="arm", values=measure) if len(runs) else runs
    spreads = {str(arm): float((values[arm] - values[USUAL]).std(ddof=1)) for arm in values if arm != USUAL}
    level = 1 - (1 - LEVEL) / max(len(experiment.arms) - 1, 1)
    z = float(stats.norm.ppf((1 + level) / 2))
    n = experiment.replications
    if asked:
        needed = max((z * spread / asked.half_width) ** 2 for spread in spreads.values()) if spreads else 0
        n = min(max(LEAST, ceil(needed / BLOCK) * BLOCK), n)
    per = 100 if MEASURES[measure].unit == "per 100" else 1
    far = z + float(stats.norm.ppf(POWER))
    rows = [(arm, per * spread, per * (far * spread / sqrt(n) if spread else 3 / n)) for arm, spread in spreads.items()]
    return n, pd.DataFrame(rows, columns=["arm", "spread", "smallest"])


def _about(minutes: float) -> str:
    return f"{minutes:.0f} minutes" if minutes >= 1.5 else f"{minutes * 60:.0f} seconds"
