"""Which assumption matters, and which would be worth measuring: prior leaves drawn together, the same draws for every
policy (`results/influence.py` says how they are read)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Unpack

import pandas as pd

from experiments.compare import arms
from experiments.conduct import Finished, How, conduct, default_out
from experiments.design import Arm, Experiment, drawn, varied
from results.influence import Choice, Influence, choice, influences
from results.store import Store
from results.tables import PER
from scenarios.load import case_called, load_practice
from scenarios.policy import USUAL
from scenarios.practice import Practice

POLICIES = ("push", "pull")
"""Whose gain is asked about where nobody names a policy: the two families of remedy."""
FEWEST_DRAWS = 20


@dataclass(frozen=True)
class Assumptions(Finished):
    """What a finished run says. Every number is per 100 scored pairs."""

    @cached_property
    def practice(self) -> Practice:
        """Practice as it stands."""
        return load_practice()

    @cached_property
    def leaves(self) -> pd.DataFrame:
        """A draw a line, a prior leaf a column."""
        names, seed = varied(self.practice), self.experiment.seed
        worlds = {draw: drawn(self.practice, seed, draw) for draw in self.means.index}
        rows = {draw: [world.value_of(name) for name in names] for draw, world in worlds.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=names)

    @cached_property
    def means(self) -> pd.DataFrame:
        """A draw a line, an arm a column: mean reach over the draw's runs."""
        means = self.runs[self.runs["draw"] > 0].groupby(["draw", "arm"])["reach"].mean()
        return pd.DataFrame(PER * means.unstack())

    @cached_property
    def gains(self) -> pd.DataFrame:
        """What each policy adds, draw by draw."""
        others = [arm.name for arm in self.experiment.arms if arm.name != USUAL]
        return self.means[others].sub(self.means[USUAL], axis=0)

    @cached_property
    def answers(self) -> dict[str, list[Influence]]:
        """For each headline every leaf, the strongest pull first."""
        headlines = {USUAL: self.means[USUAL], **{str(arm): self.gains[arm] for arm in self.gains}}
        return {str(name): influences(self.leaves, values) for name, values in headlines.items()}

    @cached_property
    def choice(self) -> Choice | None:
        """What knowing a leaf would add to the choice between the policies, None where there is one alone."""
        return choice(self.leaves, self.gains, self.experiment.seed) if self.gains.shape[1] > 1 else None

    @property
    def sentence(self) -> str:
        """What to measure next, in a sentence."""
        if self.choice is None:
            return "With one policy there is no choice that knowing a number could change."
        clear = [worth for worth in self.choice.leaves if worth.clear]
        if not clear:
            return (
                f"{self.choice.best} looks best ({self.choice.gain:+.1f} per 100), "
                "and no single number, were it known, would clearly change that."
            )
        named = "; ".join(f"{self.practice.leaves[one.leaf].meaning.rstrip('.')} ({one.leaf})" for one in clear[:3])
        return f"{self.choice.best} looks best; worth measuring in real services, since it could change that: {named}."

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every headline and leaf: how far it moves the answer over its drawn range, whether clearly."""
        rows = []
        for answer, several in self.answers.items():
            for one in several:
                leaf = self.practice.leaves[one.leaf]
                ends = leaf.range or (leaf.value, leaf.value)
                rows.append((answer, one.leaf, leaf.meaning, *ends, one.moved, one.low, one.high, one.clear))
        names = ["answer", "leaf", "meaning", "from", "to", "moved", "low", "high", "clear"]
        return pd.DataFrame(rows, columns=names)


def assumptions(
    case: str,
    policies: list[str] | None = None,
    out: Path | None = None,
    draws: int = 200,
    per_draw: int = 4,
    seed: int = 1,
    fresh: bool = False,
    **how: Unpack[How],
) -> Assumptions:
    """Draw every prior leaf `draws` times, run each policy on the same luck, and say what moves with what.

    Raises BadInput for a case or a policy that does not exist.
    """
    case_called(case, load_practice())
    compared: tuple[Arm, ...] = arms(policies or list(POLICIES))
    experiment = Experiment("assumptions", case, compared, seed, 2, max(draws, FEWEST_DRAWS), per_draw)
    found = Assumptions(experiment, out or default_out("assumptions", case))
    conduct(found, lambda: write_results(found), fresh, **how)
    return found


def write_results(found: Assumptions) -> None:
    """The tables, and the figure."""
    from results.plots.house import save
    from results.plots.tornado import tornado

    store = Store(found.root)
    if len(found.failures):
        store.write_table("failures", found.failures)
    store.write_table("assumptions", found.table)
    if found.choice:
        store.write_table("worth", pd.DataFrame(found.choice.leaves))
    title = case_called(found.experiment.case, found.practice).case.title
    draws, runs = found.experiment.draws, found.experiment.per_draw
    drawn = tornado(found.table, f"{title}: which assumption matters?", found.sentence, draws, runs)
    save(drawn.whole(), found.root / "figures", "assumptions")
