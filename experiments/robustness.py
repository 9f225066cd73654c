"""Which policy holds up in the worst plausible world: policies by draws of all that is not known of practice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from math import isclose
from pathlib import Path
from typing import Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.compare import arms, as_frame
from experiments.conduct import Finished, How, conduct, default_out
from experiments.design import Experiment, drawn, varied
from results.measures import MEASURES
from results.robust import Standing, blame, regrets, standings
from results.store import Store
from results.tables import PER
from scenarios.faults import BadInput, Fault, nearest
from scenarios.load import case_called, load_practice
from scenarios.policy import USUAL


@dataclass(frozen=True)
class Robustness(Finished):
    """What finished runs say. Everything is in the measure's unit, shares per 100; more is better, or less where the
    measure says so."""

    measure: str = "reach"

    @property
    def unit(self) -> str:
        """The unit of every number here."""
        return MEASURES[self.measure].unit

    @cached_property
    def values(self) -> dict[str, npt.NDArray[np.float64]]:
        """For each option a row for each world, a column for each of its runs, signed so that more is better."""
        sign = (PER if self.unit == "per 100" else 1) * (-1 if MEASURES[self.measure].better == "less" else 1)
        by_run = self.runs.pivot(index=["draw", "replication"], columns="arm", values=self.measure)
        each = self.experiment.per_draw
        wanted = [(draw, (draw - 1) * each + run) for draw in self.worlds for run in range(each)]
        by_run = by_run.reindex(index=pd.MultiIndex.from_tuples(wanted), columns=[a.name for a in self.experiment.arms])
        return {str(arm): sign * values.to_numpy(float).reshape(-1, each) for arm, values in by_run.items()}

    @property
    def worlds(self) -> range:
        """The numbers of the worlds: as `--draw` takes them."""
        return range(1, self.experiment.draws + 1)

    @cached_property
    def standings(self) -> list[Standing]:
        """Each option over all worlds, the smallest worst regret first."""
        return standings(self.values, USUAL)

    @cached_property
    def regrets(self) -> pd.DataFrame:
        """The regret of each option in each world."""
        return regrets(self.values)

    @cached_property
    def leaves(self) -> pd.DataFrame:
        """What is not known, world by world: a column for each leaf that varies."""
        practice = load_practice()
        names = varied(practice)
        rows = {draw: drawn(practice, self.experiment.seed, draw) for draw in self.worlds}
        return pd.DataFrame.from_dict(
            {draw: [world.value_of(name) for name in names] for draw, world in rows.items()}, "index", columns=names
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each option: where it is best, what it gains, what one has to fear of it and in which world."""
        titles = {arm.name: " + ".join(policy.title for policy in arm.policies) for arm in self.experiment.arms}
        rows = []
        for one in self.standings:
            said = asdict(one) | {"title": titles[one.option] or "practice as usual"}
            worst = said.pop("worst")
            said |= {"worst_regret": worst["centre"], "worst_low": worst["low"], "worst_high": worst["high"]}
            hard = blame(self.leaves, self.regrets[one.option], one.world) if one.worst.centre > 0 else []
            said["there"] = ", ".join(f"{leaf} {self._beside_usual(leaf, one.world)}" for leaf in hard)
            rows.append(said)
        first = ["option", "title", "best", "maybe_best", "gain", "least", "most", "regret", "worst_regret"]
        names = [*first, "worst_low", "worst_high", "confirmed", "world", "there"]
        return pd.DataFrame(rows)[names]

    def _beside_usual(self, leaf: str, world: int) -> str:
        value: float = self.leaves[leaf].loc[world]
        return f"{value:.2g} (usual {load_practice().value_of(leaf):.2g})"

    @property
    def sentence(self) -> str:
        """Which option one would regret least, and in how many worlds each that leads is best."""
        safest, most = self.standings[0], max(self.standings, key=lambda one: one.best)
        among = f"{self.experiment.draws} worlds that practice could be"
        tied = [_called(one.option) for one in self.standings if isclose(one.worst.centre, safest.worst.centre)]
        have = f"{', '.join(tied[:-1])} and {tied[-1]} are those" if len(tied) > 1 else f"{tied[0]} is the one"
        start = (
            f"Over {among}, {have} whose worst regret is smallest: "
            f"{safest.worst.centre:.1f} {self.unit} behind the best there (world {safest.world})"
        )
        if safest.worst.centre <= 0:
            return f"In each of {among}, none beats {_called(safest.option)}."
        if most.option == safest.option:
            return f"{start}; it is also best in most of them, {most.best:.0%}."
        return f"{start}; best in most of them is {_called(most.option)}, in {most.best:.0%}."


def _called(option: str) -> str:
    return "practice as usual" if option == USUAL else option


def question(
    case: str,
    policies: list[str] | None = None,
    worlds: int = 100,
    per_world: int = 20,
    measure: str = "reach",
    seed: int = 1,
    root: Path | None = None,
) -> Robustness:
    """The question, not yet asked. Raises BadInput for what does not exist or cannot be better."""
    case_called(case, load_practice())
    if measure not in MEASURES:
        raise BadInput([Fault("request", f"measure {measure}", "there is no such measure", nearest(measure, MEASURES))])
    if MEASURES[measure].better == "neither":
        advice = "Choose a measure of which more, or less, is better: safeguarding list measures."
        raise BadInput([Fault("request", f"measure {measure}", "neither more nor less of it is better", advice)])
    several = arms(policies or [])
    experiment = Experiment("robustness", case, several, seed, 0, worlds, per_world, tables=("runs", "failures"))
    return Robustness(experiment, root or default_out("robustness", case), measure)


def perform(found: Robustness, fresh: bool = False, **how: Unpack[How]) -> Robustness:
    """Run what is missing, write the tables and the figure. Raises what `conduct` raises."""
    conduct(found, lambda: write_results(found), fresh, **how)
    return found


def write_results(found: Robustness) -> None:
    """The standings, the regrets and the worlds, and the figure."""
    from results.plots.house import save
    from results.plots.regrets import regrets as draw

    store = Store(found.root)
    if len(found.failures):
        store.write_table("failures", found.failures)
    store.write_table("robustness", found.table)
    store.write_table("regrets", found.regrets.reset_index())
    store.write_table("worlds", found.leaves.rename_axis("world").reset_index())
    title = case_called(found.experiment.case, load_practice()).case.title
    figure = draw(
        found.table, found.regrets, title, found.measure, found.unit, found.sentence, found.experiment.per_draw
    )
    save(figure, found.root / "figures", "robustness")


def robustness(
    case: str,
    policies: list[str] | None = None,
    worlds: int = 100,
    per_world: int = 20,
    measure: str = "reach",
    out: Path | None = None,
    seed: int = 1,
    **how: Unpack[How],
) -> pd.DataFrame:
    """From a notebook: policies over worlds that practice could be, the smallest worst regret first."""
    found = perform(question(case, policies, worlds, per_world, measure, seed, out), **how)
    return as_frame(found.table, sentence=found.sentence, directory=str(found.root))
