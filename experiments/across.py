"""Policies across cases: each case is a comparison of its own, in a directory of its own; one table reads them all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import pandas as pd

from experiments.compare import Comparison, arms, write_tables
from experiments.conduct import conduct
from experiments.design import Experiment
from experiments.manifest import identity
from experiments.runner import Progress
from results.across import across, where_it_helps
from results.store import Store
from scenarios.load import case_names, case_path, load_case, load_policies, load_practice, policies_across
from scenarios.policy import USUAL, weakest
from scenarios.recommendations import recommendations

REPLICATIONS, DRAWS, PER_DRAW = 60, 6, 10
"""Fewer than one case has, so that six of them end in minutes; the table says how many."""


@dataclass(frozen=True)
class Across:
    """What a finished run says."""

    experiments: tuple[Experiment, ...]
    root: Path

    @cached_property
    def comparisons(self) -> dict[str, Comparison]:
        """Each case's own comparison."""
        return {one.case: Comparison(one, self.root / one.case) for one in self.experiments}

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Runs that did not end, each with its case and the command that reproduces it."""
        parts = [one.failures.assign(case=case) for case, one in self.comparisons.items()]
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each policy and case."""
        titles = {
            arm.name: (
                " + ".join(policy.title for policy in arm.policies),
                weakest(policy.effect for policy in arm.policies),
            )
            for one in self.experiments
            for arm in one.arms
            if arm.name != USUAL
        }
        ended = {case: one.runs for case, one in self.comparisons.items() if USUAL not in one.never_ended}
        return across(ended, USUAL, titles)

    @cached_property
    def where(self) -> pd.DataFrame:
        """In which cases each policy is clearly more, and in which clearly fewer."""
        return where_it_helps(self.table)


def design(
    policies: list[str],
    adherence: float | None = None,
    cases: list[str] | None = None,
    replications: int = REPLICATIONS,
    draws: int = DRAWS,
    per_draw: int = PER_DRAW,
    seed: int = 1,
) -> tuple[Experiment, ...]:
    """The same policies in every case, the reviews before what is invented. Raises BadInput for what does not exist."""
    same = arms(policies or policies_across(), adherence)
    sizes = seed, replications, draws, per_draw
    return tuple(Experiment("across", name, same, *sizes) for name in _in_order(cases))


def design_levers(
    cases: list[str] | None = None,
    adherence: float | None = None,
    replications: int = REPLICATIONS,
    draws: int = DRAWS,
    per_draw: int = PER_DRAW,
    seed: int = 1,
) -> tuple[Experiment, ...]:
    """In each review the levers that it asks for itself, one by one. Raises BadInput for what does not exist."""
    sizes = seed, replications, draws, per_draw
    own = {name: own_levers(name) for name in _in_order(cases)}
    return tuple(Experiment("across", name, arms(asked, adherence), *sizes) for name, asked in own.items() if asked)


def own_levers(case: str) -> list[str]:
    """The policies that a review's recommendations come to, those aside that have no route or are another's under a
    second name."""
    policies = load_policies(load_practice())
    asked = dict.fromkeys(name for one in recommendations(policies) if one.case == case for name in one.policies)
    return [name for name in asked if not policies[name].no_route and not policies[name].covered_by]


def _in_order(cases: list[str] | None) -> list[str]:
    """These cases, or all that come with us, the reviews before what is invented."""
    practice = load_practice()
    invented = {name: load_case(case_path(name), practice).case.invented for name in cases or case_names()}
    return sorted(invented, key=lambda name: (invented[name], name))


def compare_all(
    experiments: tuple[Experiment, ...],
    root: Path,
    workers: int | str = 0,
    progress: Progress | None = None,
    fresh: bool = False,
    retry_failed: bool = False,
) -> Across:
    """Run what is missing in each case, write the tables, and return what was found. `fresh` takes away what runs of
    ours stand there, and nothing else.

    Raises ForeignDirectory where `root` holds anything else; the same command again resumes.
    """
    found, store = Across(experiments, root), Store(root)
    who = {"question": "across", "cases": {one.case: identity(one) for one in experiments}}
    who = json.loads(json.dumps(who))
    if fresh and store.manifest_path.exists():
        store.clear()
    else:
        store.open(who)
    store.write_manifest({"experiment": who, "made": {"runs": {one.case: one.runs for one in experiments}}})
    for number, comparison in enumerate(found.comparisons.values()):
        conduct(
            comparison,
            partial(write_tables, comparison),
            fresh,
            workers=workers,
            retry_failed=retry_failed,
            progress=_whole(progress, number, len(experiments)),
        )
    store.write_table("across", found.table)
    store.write_table("where", found.where)
    if len(found.failures):
        store.write_table("failures", found.failures)
    return found


def _whole(progress: Callable[[int, int], None] | None, number: int, cases: int) -> Callable[[int, int], None] | None:
    """One bar for all: the cases before are done, and each is as long as the next."""
    return (lambda done, total: progress(number * total + done, cases * total)) if progress else None
