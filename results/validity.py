"""The ladder of trust: what was asked of the model, what was found, and whether it holds.

Each rung has its question and its measure fixed here, before any run. A rung that reality gives no answer to is "not
scored", never "pass".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from results import scoring
from results.statistics import Interval, mean_interval

Mark = Literal["pass", "miss", "not scored"]
LIKELIEST: Final = 2
"""How many of the model's likeliest stages may hold the documented one."""


class Rung(NamedTuple):
    """One question put to the model. `asked` says what counts as a pass; `found` is in words with its numbers."""

    ladder: str
    question: str
    asked: str
    found: str
    mark: Mark


def pairs(case: str, journeys: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Each documented pair with the share of runs in which it was read in time, and the stages at which it stopped
    most often, the commonest first, where it was not.

    Columns: case, item, decision, happened, chance, stages, likeliest, runs, documented.
    """
    mine = journeys.merge(outcomes, on=["item", "decision"])
    rows = []
    for (item, decision), runs in mine.groupby(["item", "decision"], observed=True, sort=True):
        likeliest = most_often(runs[~runs["read"]]["stage"].astype(str))
        first = runs.iloc[0]
        rows.append(
            (
                case,
                item,
                decision,
                bool(first["happened"]),
                float(runs["read"].mean()),
                first["stages"],
                likeliest,
                len(runs),
                bool(first["documented"]),
            )
        )
    names = ["case", "item", "decision", "happened", "chance", "stages", "likeliest", "runs", "documented"]
    return pd.DataFrame(rows, columns=names)


def most_often(stages: pd.Series[str]) -> tuple[str, ...]:
    """The stages that occur most often, the commonest first, equals by name."""
    counts = Counter(stages)
    return tuple(sorted(counts, key=lambda stage: (-counts[stage], stage)))[:LIKELIEST]


def of_reviews(found: pd.DataFrame, gaps: dict[str, Interval]) -> Iterator[Rung]:
    """What the reviews say of the model as usual: ranking, stage of loss, reassurance; level is printed alone.

    `found` is `pairs` of all reviews together; `gaps` is, by review, how much oftener reassurance was read than worry,
    per 100.
    """
    said = found[found["documented"]]
    yield ranking(said)
    yield with_readings(found)
    yield from own_rankings(said)
    yield stage_of_loss(said)
    yield from (reassurance(case, gap) for case, gap in gaps.items())
    yield from level(said)


def ranking(found: pd.DataFrame) -> Rung:
    """Whether what arrived was given higher chances than what did not."""
    asked = "the whole interval above 0.5, a guess"
    question = "Does what arrived get higher chances than what did not (AUC, all reviews together)?"
    if found["happened"].nunique() < 2:
        return Rung("reviews as usual", question, asked, "only one answer is documented", "not scored")
    area = scoring.pooled_auc(found["happened"], found["chance"], found["case"], found["item"])
    said = f"{area.centre:.2f} ({area.low:.2f} to {area.high:.2f}); {area.n} items, {len(found)} pairs"
    return Rung("reviews as usual", question, asked, said, "pass" if area.low > 0.5 else "miss")


def with_readings(found: pd.DataFrame) -> Rung:
    """The same ranking with those ends that are our reading of a source which does not quite say them."""
    every = ranking(found)
    return every._replace(question="The same with ends that are our reading", asked="printed only", mark="not scored")


def own_rankings(found: pd.DataFrame) -> Iterator[Rung]:
    """The same within one review, where both answers have items enough; too few to be a test."""
    for case, mine in found.groupby("case", sort=True):
        of_each = mine.groupby("happened")["item"].nunique()
        if len(of_each) == 2 and of_each.min() >= scoring.LEAST_OF_EACH:
            area = scoring.auc(mine["happened"], mine["chance"])
            said = f"{area:.2f}; {int(of_each[True])} items that arrived, {int(of_each[False])} that did not"
            yield Rung("reviews as usual", f"The same within {case}", "printed only", said, "not scored")


def stage_of_loss(found: pd.DataFrame) -> Rung:
    """Whether the documented stage of loss is among the model's likeliest two, oftener than a guess from the others."""
    lost = found[~found["happened"] & found["stages"].map(bool) & found["likeliest"].map(bool)]
    question = f"Is the documented stage of loss among the model's likeliest {LIKELIEST}?"
    asked = "more often than the two stages commonest in the other reviews"
    if lost["case"].nunique() < 2:
        return Rung("reviews as usual", question, asked, "one review alone has stages to compare", "not scored")
    stages, cases = lost["stages"].map(set), lost["case"]
    hit = [bool(documented & set(likely)) for documented, likely in zip(stages, lost["likeliest"], strict=True)]
    guesses = {case: commonest(lost[cases != case]) for case in cases.unique()}
    guess = [bool(documented & guesses[case]) for documented, case in zip(stages, cases, strict=True)]
    said = f"{100 * np.mean(hit):.0f} of 100 pairs; by the guess {100 * np.mean(guess):.0f}; {len(lost)} pairs"
    return Rung("reviews as usual", question, asked, said, "pass" if np.mean(hit) > np.mean(guess) else "miss")


def commonest(lost: pd.DataFrame) -> set[str]:
    """The stages that reviews name most often, each pair counting once however many its fate allows."""
    weights: dict[str, float] = {}
    for stages in lost["stages"]:
        for stage in stages:
            weights[stage] = weights.get(stage, 0.0) + 1 / len(stages)
    return set(sorted(weights, key=lambda stage: (-weights[stage], stage))[:LIKELIEST])


def reassurance(case: str, gap: Interval) -> Rung:
    """Whether reassuring items get through more often than critical worries."""
    question = f"Does reassurance get through oftener than worry in {case}?"
    asked = "the whole interval above zero"
    if np.isnan(gap.centre):
        return Rung("reviews as usual", question, asked, "no reassuring item bears on a decision", "not scored")
    said = f"{gap.centre:+.0f} per 100 ({gap.low:+.0f} to {gap.high:+.0f})"
    return Rung("reviews as usual", question, asked, said, "pass" if gap.low > 0 else "miss")


def level(found: pd.DataFrame) -> Iterator[Rung]:
    """Brier, log score and calibration beside the base rate and beside "nothing reaches". Never a target."""
    if found.empty:
        return
    runs, base = int(found["runs"].min()), scoring.base_rates(found["happened"], found["case"])
    rivals = {"the model": found["chance"].to_numpy(float), "nothing reaches": np.zeros(len(found))}
    if not np.isnan(base).any():
        rivals["the other reviews' share"] = base
    for name, score in (
        ("Brier score (0 is best)", scoring.brier),
        ("bits lost per pair (0 is best)", lambda yes, chance: scoring.log_score(yes, chance, runs)),
    ):
        said = "; ".join(f"{rival} {score(found['happened'], chance):.2f}" for rival, chance in rivals.items())
        yield Rung("reviews as usual", f"Level: {name}", "printed only", said, "not scored")
    bins = scoring.calibration(found["happened"], found["chance"])
    said = "; ".join(
        f"{100 * one.chance:.0f} in 100 given, {100 * one.happened:.0f} came ({one.pairs})" for one in bins
    )
    yield Rung("reviews as usual", "Level: calibration", "printed only", said, "not scored")


def gap_of(runs: pd.DataFrame) -> Interval:
    """How much oftener reassurance than worry was read, per 100 pairs, over runs."""
    return mean_interval(runs["gap"]).times(100)


def tally(rungs: list[Rung]) -> dict[str, int]:
    """How many rungs hold, do not, and were not scored."""
    return {mark: sum(rung.mark == mark for rung in rungs) for mark in ("pass", "miss", "not scored")}
