"""Which habits move the answer: Morris's screening or Sobol's shares of variance, by SALib, luck counted apart.

Every point of the design (`experiments/factors.py`) is run on the same luck, so that what moves between two points is
theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Unpack

import numpy as np
import pandas as pd

from experiments.compare import arms, as_frame
from experiments.conduct import Finished, How, conduct, default_out
from experiments.design import Experiment, usual
from experiments.factors import LEVELS, STEP, Factors, Method, Numbers, factors, problem, salib, shares, worlds
from results.measures import MEASURES
from results.screening import Effect, effect, noise_share, told_apart
from results.statistics import LEVEL
from results.store import Store
from results.tables import PER
from scenarios.faults import BadInput, Fault, nearest
from scenarios.load import case_called, load_practice
from scenarios.policy import USUAL


@dataclass(frozen=True)
class Sensitivity(Finished):
    """What a finished design says. Everything is in the measure's unit, shares per 100."""

    method: Method
    factors: Factors
    size: int
    measure: str

    @property
    def policy(self) -> str:
        """The policy whose gain is the answer; "" where the answer is the measure as usual."""
        return next((arm.name for arm in self.experiment.arms if arm.name != USUAL), "")

    @property
    def about(self) -> str:
        """The answer, in words."""
        return f"what {self.policy} adds to {self.measure}" if self.policy else f"{self.measure} as usual"

    @property
    def unit(self) -> str:
        """The unit of every number here."""
        return MEASURES[self.measure].unit

    @cached_property
    def design(self) -> Numbers:
        """How far along its range each leaf stands at each point."""
        return shares(self.factors, self.method, self.size, self.experiment.seed)

    @cached_property
    def answers(self) -> Numbers:
        """The answer at each point, run by run; a replication that failed anywhere is left out everywhere."""
        runs = self.runs.pivot(index="draw", columns=["arm", "replication"], values=self.measure)
        runs = runs.reindex(index=range(1, self.experiment.draws + 1))
        usual_runs = runs.xs(USUAL, axis="columns", level="arm")
        found = runs.xs(self.policy, axis="columns", level="arm") - usual_runs if self.policy else usual_runs
        values = found.to_numpy(float)
        whole = values[:, np.isfinite(values).all(axis=0)]
        if whole.shape[1] < 2:
            advice = "Look at tables/failures.csv, or try again with --retry-failed."
            raise BadInput([Fault("request", "sensitivity", "too few replications ended at every point", advice)])
        return np.asarray((PER if self.unit == "per 100" else 1) * whole)

    @cached_property
    def noise(self) -> float:
        """The share of the variance between points that is luck."""
        return noise_share(self.answers)

    @cached_property
    def effects(self) -> dict[str, Effect]:
        """What moving each factor alone does, over its whole range."""
        return {factor: effect(self._moves(number)) for number, factor in enumerate(self.factors)}

    def _moves(self, number: int) -> Numbers:
        """The answer after one factor moved less before it, in every pair of points between which only it moved."""
        several = len(self.factors)
        if self.method == "sobol":
            blocks = self.answers.reshape(self.size, several + 2, -1)
            return np.asarray(blocks[:, 1 + number] - blocks[:, 0])
        owner = np.repeat(np.arange(several), [len(group) for group in self.factors.values()])
        moved = self.design[1:, owner == number] != self.design[:-1, owner == number]
        others = self.design[1:, owner != number] != self.design[:-1, owner != number]
        alone = moved.any(axis=1) & ~others.any(axis=1)
        alone[several :: several + 1] = False  # between two trajectories nothing was moved alone
        return np.asarray(np.diff(self.answers, axis=0)[alone] / STEP)

    @cached_property
    def clear(self) -> set[str]:
        """The factors that are told from doing nothing, over all of them at once."""
        return told_apart(self.effects)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each factor, the strongest first: the method's indices with their 95 % intervals, the size of its
        effect without luck, what luck alone would have made, and whether it is told from zero."""
        indices = self._indices()
        rows = [
            {"factor": name, "leaves": len(self.factors[name])}
            | {column: float(values[number]) for column, values in indices.items()}
            | {"effect": one.size, "luck": one.luck, "p": one.p, "clear": name in self.clear}
            for number, (name, one) in enumerate(self.effects.items())
        ]
        first = "mu_star" if self.method == "morris" else "ST"
        return pd.DataFrame(rows).sort_values(first, ascending=False, kind="stable").reset_index(drop=True)

    def _indices(self) -> dict[str, Numbers]:
        """SALib's indices of the points' means, each with the ends of its interval."""
        means, seed = self.answers.mean(axis=1), self.experiment.seed
        names = ("mu_star",) if self.method == "morris" else ("S1", "ST")
        if np.ptp(means) == 0:  # nothing moves anything, and there is no variance to share out
            zero = np.zeros(len(self.factors))
            return {f"{name}{end}": zero for name in names for end in ("", "_low", "_high")}
        of = problem(self.factors)
        if self.method == "morris":
            found = salib("analyze.morris").analyze(
                of, self.design, means, conf_level=LEVEL, num_levels=LEVELS, num_resamples=1_000, seed=seed
            )
        else:
            found = salib("analyze.sobol").analyze(
                of, means, calc_second_order=False, conf_level=LEVEL, num_resamples=1_000, seed=seed
            )
        out: dict[str, Numbers] = {}
        for name in names:
            values, half = (np.asarray(found[key], float) for key in (name, f"{name}_conf"))
            low = np.maximum(values - half, 0) if name == "mu_star" else values - half  # a size is not below nothing
            out |= {name: values, f"{name}_low": low, f"{name}_high": values + half}
        return out

    @property
    def sentence(self) -> str:
        """What moves the answer most, what cannot be told from nothing, and how much is luck."""
        ranked = [(str(name), self.effects[str(name)]) for name in self.table["factor"]]
        clear = [(name, one) for name, one in ranked if name in self.clear]
        luck = "" if np.isnan(self.noise) else f" Luck is {self.noise:.0%} of the variance between points."
        if not clear:
            return f"None of {len(ranked)} factors is told from doing nothing to {self.about}.{luck}"
        named = ", ".join(f"{name} ({one.size:.2g})" for name, one in clear[:3])
        rest = len(ranked) - len(clear)
        unclear = f"; {rest} cannot be told from zero" if rest else ""
        return (
            f"{len(clear)} of {len(ranked)} factors move {self.about}, most of all {named} {self.unit} over the whole "
            f"range{unclear}.{luck}"
        )


def design_of(
    case: str,
    wanted: list[str] | None = None,
    design: Method = "morris",
    size: int = 10,
    per_point: int = 20,
    policy: str | None = None,
    measure: str = "reach",
    seed: int = 1,
    root: Path | None = None,
) -> Sensitivity:
    """The question, not yet asked. Raises BadInput for what does not exist or cannot be varied."""
    practice = load_practice()
    case_called(case, practice)
    if measure not in MEASURES:
        raise BadInput([Fault("request", f"measure {measure}", "there is no such measure", nearest(measure, MEASURES))])
    several = factors(practice, wanted or [])
    points = worlds(practice, several, shares(several, design, size, seed))
    compared = arms([policy]) if policy else (usual(),)
    experiment = Experiment(
        "sensitivity", case, compared, seed, 0, len(points), per_point, points, tables=("runs", "failures")
    )
    return Sensitivity(experiment, root or default_out("sensitivity", case), design, several, size, measure)


def perform(found: Sensitivity, fresh: bool = False, **how: Unpack[How]) -> Sensitivity:
    """Run what is missing, write the tables and the figure. Raises what `conduct` raises."""
    conduct(found, lambda: write_results(found), fresh, **how)
    return found


def write_results(found: Sensitivity) -> None:
    """The indices, the design with its answers, and the figure."""
    from results.plots.house import save
    from results.plots.influences import influences

    store = Store(found.root)
    if len(found.failures):
        store.write_table("failures", found.failures)
    store.write_table("sensitivity", found.table)
    points = pd.DataFrame([dict(world) for world in found.experiment.worlds])
    store.write_table("points", points.assign(answer=found.answers.mean(axis=1)))
    title = case_called(found.experiment.case, load_practice()).case.title
    figure = influences(found.table, title, found.about, found.unit, found.sentence, found.noise)
    save(figure, found.root / "figures", "sensitivity")


def sensitivity(
    case: str,
    wanted: list[str] | None = None,
    by: Method = "morris",
    size: int = 10,
    per_point: int = 20,
    policy: str | None = None,
    measure: str = "reach",
    out: Path | None = None,
    seed: int = 1,
    **how: Unpack[How],
) -> pd.DataFrame:
    """From a notebook: which habits move the answer, a row for each factor, the strongest first."""
    found = perform(design_of(case, wanted, by, size, per_point, policy, measure, seed, out), **how)
    return as_frame(found.table, sentence=found.sentence, noise=found.noise, directory=str(found.root))
