"""The verbs as functions for a notebook: each returns a pandas frame, with the answer in words and where all files lie
in its `.attrs`.

    from experiments.notebook import compare
    compare("child-s", policies=["P30", "push"], replications=400)

They run in directories of their own, as the command does: the same call again resumes or reads what is there. `how`
takes `workers`, `method`, `executor`, `progress` and `retry_failed`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import pandas as pd

from experiments import assumptions as _assumptions
from experiments import dependence
from experiments import plan as _plan
from experiments import verify as _verify
from experiments.compare import arms, as_frame, compare
from experiments.conduct import How
from experiments.design import Experiment
from experiments.robustness import robustness
from experiments.sensitivity import sensitivity
from experiments.sweep import sweep

__all__ = ["assumptions", "compare", "depends", "plan", "robustness", "sensitivity", "sweep", "verify"]


def depends(
    case: str, policies: list[str] | None = None, out: Path | None = None, replications: int = 100, **how: Unpack[How]
) -> pd.DataFrame:
    """What the answers hang on: membership of meetings, the habit of asking, finding in a record."""
    found = dependence.depends(case, policies, out, replications, **how)
    return as_frame(found.table, sentence=found.sentence, directory=str(found.root))


def assumptions(
    case: str, policies: list[str] | None = None, out: Path | None = None, draws: int = 200, **how: Unpack[How]
) -> pd.DataFrame:
    """Which guess moves the answer: a row for each answer and leaf."""
    found = _assumptions.assumptions(case, policies, out, draws, **how)
    return as_frame(found.table, sentence=found.sentence, directory=str(found.root))


def plan(case: str, policies: list[str] | None = None, replications: int = 400, draws: int = 20) -> pd.DataFrame:
    """What a comparison would take and could find, from pilot runs: a row for each policy. Nothing is written."""
    found = _plan.plan(Experiment("compare", case, arms(policies or [], case=case), 1, replications, draws))
    return as_frame(
        found.differences, runs=found.runs, minutes=found.minutes, bytes=found.bytes, sentence=" ".join(found.lines)
    )


def verify(directory: Path, share: float = 0.01, seed: int | None = None) -> pd.DataFrame:
    """A random share of a directory's runs lived again: a row for each that came out otherwise, none where all hold."""
    found = _verify.verify(Path(directory), share, seed)
    return as_frame(found.differing, holds=found.holds, files=found.files, notes=found.notes, sentence=found.sentence)
