"""What ought to move, and what ought not: a case's counterfactuals asked of the model, on the same luck.

They are compared with the model, never read by it, and no leaf is set to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Unpack

import pandas as pd
from pydantic import BaseModel, ConfigDict
from rich.table import Table

from experiments.conduct import Finished, How, conduct
from experiments.design import Arm, Experiment
from results.statistics import Interval, holm_intervals, paired_difference, paired_yes_no
from results.store import Store
from scenarios.load import HERE, load_policies, load_practice
from scenarios.policy import USUAL
from scenarios.toml import read_toml

WITHOUT_END = 100_000.0
"""Hours a week that nobody's work fills."""


class Counterfactual(BaseModel):
    """One row: with these policies and leaves, `expect` of these items at these decisions (none named: at each that
    they bear on). `within` is how far from none still counts as none; without it nothing at all may differ. `margin` is
    how large a rise or fall "clearly" asks for, as a share of runs. `at_least` is how many pairs of runs it takes to
    tell. `why` says by which rule it falls short, where it does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    words: str
    policies: tuple[str, ...] = ()
    leaves: dict[str, float] = {}
    items: tuple[str, ...]
    decisions: tuple[str, ...]
    measure: Literal["read", "voiced", "weighed"] = "read"
    expect: Literal["more", "fewer", "none"]
    within: float = 0.0
    margin: float = 0.0
    no_queues: bool = False
    asked: bool = False
    at_least: int = 0
    why: str = ""
    cite: str

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The levers it names that no policy bears yet: until one does, it cannot be asked."""
        known = load_policies(load_practice())
        return tuple(name for name in self.policies if name not in known)

    @property
    def arms(self) -> tuple[Arm, Arm]:
        """Practice without, and with it."""
        known = load_policies(load_practice())
        policies = tuple(known[name] for name in self.policies)
        free = (("load.hours", WITHOUT_END),) if self.no_queues else ()
        without = Arm(f"{USUAL} without queues", changes=free) if free else Arm(USUAL)
        return without, Arm(self.id, policies, (*self.leaves.items(), *free))


@dataclass(frozen=True)
class Moved:
    """What one counterfactual did. Shares of runs: `pairs` simultaneously (Holm), `together` of all its pairs."""

    row: Counterfactual
    usual: float
    together: Interval
    pairs: dict[str, Interval]
    same: bool

    @property
    def holds(self) -> bool:
        """Whether what was expected came: the whole interval on its side of zero and as much as said, or nothing (the
        whole interval as near to it as said)."""
        if self.row.expect == "none":
            most = self.row.within
            return self.same or all(-most <= pair.low and pair.high <= most for pair in self.pairs.values())
        side = self.together.low > 0 if self.row.expect == "more" else self.together.high < 0
        return side and abs(self.together.centre) >= self.row.margin


def load_counterfactuals(case: str) -> tuple[Counterfactual, ...]:
    """The counterfactuals of a case, none where it has no file of them."""
    path = HERE / "targets" / f"{case}-counterfactuals.toml"
    rows = read_toml(path)["counterfactual"] if path.exists() else ()
    return tuple(Counterfactual.model_validate(row) for row in rows)


def direction(
    case: str,
    rows: tuple[Counterfactual, ...],
    root: Path,
    replications: int = 400,
    seed: int = 1,
    fresh: bool = False,
    **how: Unpack[How],
) -> list[Moved]:
    """Run both sides of every row on the same luck, and say what moved: over `replications` pairs of runs, in a
    directory of their own over more where a row asks for more. Raises what `conduct` raises."""
    moved: dict[str, Moved] = {}
    for pairs in sorted({max(replications, row.at_least) for row in rows}):
        these = tuple(row for row in rows if max(replications, row.at_least) == pairs)
        where = root if pairs == replications else root / f"{pairs} pairs"
        moved |= _direction(case, these, where, pairs, seed, fresh, **how)
    return [moved[row.id] for row in rows]


def _direction(
    case: str, rows: tuple[Counterfactual, ...], root: Path, pairs: int, seed: int, fresh: bool, **how: Unpack[How]
) -> dict[str, Moved]:
    arms = {arm.name: arm for row in rows for arm in row.arms}
    experiment = Experiment("direction", case, tuple(arms.values()), seed, pairs, draws=0)
    conduct(Finished(experiment, root), lambda: None, fresh, **how)
    wanted = {item for row in rows for item in row.items}
    parts = [part[part["item"].isin(wanted)] for part in Store(root).each("journeys")]
    journeys = pd.concat(parts, ignore_index=True).astype({"arm": str, "item": str, "decision": str})
    return {row.id: _moved(row, journeys) for row in rows}


def measured(
    case: str, arms: tuple[Arm, ...], root: Path, replications: int = 400, seed: int = 1, **how: Unpack[How]
) -> pd.DataFrame:
    """Every measure of every run of these arms, on the same luck: a run a line."""
    found = Finished(Experiment("direction", case, arms, seed, replications, draws=0), root)
    conduct(found, lambda: None, **how)
    return found.runs


def as_table(found: list[Moved], without: str = "as usual") -> Table:
    """What was expected, what came, and whether it holds, for a terminal of eighty columns; `without` names what the
    lever is held against."""
    table = Table(title="What ought to move, and what ought not", title_justify="left", caption_justify="left")
    for heading, width in {"if": None, "expected": 8, without: 8, "difference": 15, "holds": 5}.items():
        table.add_column(heading, width=width, justify="right" if width else "left")
    for moved in found:
        row, band = moved.row, moved.together
        size = "the same,\nrun by run" if moved.same else f"{band.centre:+.3f}\n({band.low:+.3f} {band.high:+.3f})"
        holds = ("yes" if moved.holds else "NO") if row.asked else ("(yes)" if moved.holds else "(no)")
        table.add_row(f"{row.id}: {row.words} ({row.cite})", row.expect, f"{moved.usual:.3f}", size, holds)
    runs = " or ".join(f"{n:,}" for n in sorted({moved.together.n for moved in found}))
    table.caption = (
        "Shares of pairs of an item and a decision in all runs; paired differences with 95 % intervals over "
        f"{runs} runs. In brackets: printed, not asked for by a test."
    )
    return table


def _moved(row: Counterfactual, journeys: pd.DataFrame) -> Moved:
    without, arm = (_answers(row, journeys, side.name) for side in row.arms)
    differences = {pair: (arm[pair] - without[pair]).to_numpy(float) for pair in arm.columns}
    return Moved(
        row,
        float(without.to_numpy(float).mean()),
        _together(arm, without),
        holm_intervals(differences, yes_no=True),
        arm.equals(without),
    )


def _together(arm: pd.DataFrame, without: pd.DataFrame) -> Interval:
    """One pair is a yes/no question; several stand in the same runs, so the runs' own shares are compared."""
    if arm.shape[1] == 1:
        return paired_yes_no(arm.iloc[:, 0], without.iloc[:, 0])
    return paired_difference(arm.mean(axis=1), without.mean(axis=1))


def _answers(row: Counterfactual, journeys: pd.DataFrame, arm: str) -> pd.DataFrame:
    """A run a line, a pair of item and decision a column: 1.0 where it came about."""
    mine = journeys[(journeys["arm"] == arm) & journeys["item"].isin(row.items)]
    if row.decisions:
        mine = mine[mine["decision"].isin(row.decisions)]
    pairs = mine["item"] + " " + mine["decision"]
    return mine.assign(pair=pairs).pivot(index="replication", columns="pair", values=row.measure).astype(float)
