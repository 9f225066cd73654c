"""Measures: from journeys to one row per replication. Each is defined in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from results.targets import Target, load_targets
from simulation.world import World

KEY = ["draw", "replication", "arm"]


@dataclass(frozen=True)
class Measure:
    """A number computed from traces: what it says, its unit, which way is better."""

    name: str
    words: str
    unit: str
    better: str


MEASURES = {
    measure.name: measure
    for measure in (
        Measure(
            "reach",
            "Of every 100 scored pairs of a critical item and a decision it bears on, those in which the "
            "decision's lead had read it before the decision. Without pairs the lead saw herself first, "
            "and without beliefs.",
            "per 100",
            "more",
        ),
        Measure(
            "weighed", "Of the same pairs, those in which it was read and counted in the decision.", "per 100", "more"
        ),
        Measure(
            "any_decider",
            "Of the same pairs, those in which the lead or any joint decider had read it.",
            "per 100",
            "more",
        ),
        Measure("voiced", "Of the same pairs at meetings, those in which it was said in the room.", "per 100", "more"),
        Measure(
            "reassuring",
            "Of every 100 pairs of a reassuring item and a decision it bears on, those in which the lead had read it.",
            "per 100",
            "neither",
        ),
        Measure(
            "gap",
            "Reassuring less worrying: how much more easily reassurance gets through than critical worries.",
            "per 100",
            "less",
        ),
        Measure(
            "wider",
            "Items about the family that came, by being told, heard, read or found, to people who have no part in any "
            "of its decisions: each item in each such head once.",
            "items per case",
            "less",
        ),
        Measure(
            "passed_on",
            "Items that came to anybody from a colleague, a paper or a record.",
            "items per case",
            "neither",
        ),
        Measure(
            "load",
            "Reading load: items laid before somebody (a message, a call, a paper in time, minutes), opened or not, "
            "for each critical item of the case.",
            "items per critical item",
            "less",
        ),
        Measure("signal", "Of every 100 items laid before somebody, those that were critical.", "per 100", "more"),
        Measure(
            "one",
            "Of the critical items that bear on a meeting's decision and could have been seen before it, those that "
            "the best informed person anywhere held as it began.",
            "per 100",
            "more",
        ),
        Measure("room", "Of the same items, those that all in the room held together as it began.", "per 100", "more"),
        Measure("between", "Of the same items, those that all services held between them.", "per 100", "more"),
        Measure(
            "hours", "Working hours that all practitioners spent on acts of this model for the family.", "hours", "less"
        ),
    )
}

SCORED = "scored"
OWN = "the lead saw it first"
BELIEF = "a belief, not a fact"
"""The lines a pair can stand on. Only the first makes the headline; the others are printed apart."""


def lines(world: World) -> pd.DataFrame:
    """What each pair of item and decision counts as, from the case alone.

    Columns: item, decision, critical (yes, support, no), polarity, line.
    """
    rows = []
    for choice in world.choices.values():
        for item in world.items.values():
            if choice.id not in item.bears_on:
                continue
            first = world.first_sighting.get(item.id)
            own = choice.lead in item.held_by or (not item.held_by and first is not None and first[2] == choice.lead)
            line = BELIEF if item.silence else OWN if own else SCORED
            rows.append((item.id, choice.id, item.critical, item.polarity, line))
    return pd.DataFrame(rows, columns=["item", "decision", "critical", "polarity", "line"])


def measured(world: World) -> frozenset[str]:
    """The items that a measure, a table or a target reads: critical or reassuring ones, and those targets name."""
    named = {item for target in load_targets(world.case.case.id) for item in target.items}
    mine = {item.id for item in world.items.values() if item.critical == "yes" or item.polarity == "reassuring"}
    return frozenset(mine | named)


def scored_at(world: World) -> dict[str, tuple[str, ...]]:
    """For each critical item that is scored anywhere, the decisions it is scored at, in order of time."""
    frame = lines(world)
    scored = frame[(frame["critical"] == "yes") & (frame["line"] == SCORED)]
    found: dict[str, tuple[str, ...]] = {}
    for item, decision in zip(scored["item"], scored["decision"], strict=True):
        found[item] = (*found.get(item, ()), decision)
    return {item: tuple(sorted(found[item], key=lambda name: world.choices[name].at)) for item in sorted(found)}


def per_replication(
    journeys: pd.DataFrame, minutes: pd.DataFrame, spread: pd.DataFrame, frame: pd.DataFrame, meetings: set[str]
) -> pd.DataFrame:
    """One row per draw, replication and arm, one column per measure; shares from 0 to 1, and hours."""
    pairs = journeys.merge(frame, on=["item", "decision"], how="left")
    scored = pairs[(pairs["line"] == SCORED) & (pairs["critical"] == "yes")]
    reassuring = pairs[(pairs["line"] == SCORED) & (pairs["polarity"] == "reassuring")]
    by_run = scored.groupby(KEY, observed=True)
    out = pd.DataFrame(
        {
            "reach": by_run["read"].mean(),
            "weighed": by_run["weighed"].mean(),
            "any_decider": by_run["joint"].mean(),
        }
    )
    voiced = scored[scored["decision"].isin(meetings)].groupby(KEY, observed=True)["voiced"].mean()
    out["voiced"] = voiced
    out["reassuring"] = reassuring.groupby(KEY, observed=True)["read"].mean()
    worries = scored[scored["polarity"] == "risk"].groupby(KEY, observed=True)["read"].mean()
    out["gap"] = out["reassuring"] - worries
    out["hours"] = minutes.groupby(KEY, observed=True)["minutes"].sum() / 60
    by_key = spread.set_index(KEY)
    out[["wider", "passed_on", "one", "room", "between"]] = by_key[["wider", "passed_on", "one", "room", "between"]]
    facts = frame[(frame["critical"] == "yes") & (frame["line"] != BELIEF)]["item"].nunique()
    out["load"] = by_key["delivered"] / facts if facts else float("nan")
    out["signal"] = by_key["delivered_critical"] / by_key["delivered"]
    return out.reset_index()


def reach(journeys: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The headline alone, a share from 0 to 1: one row per draw, replication and arm."""
    scored = frame[(frame["line"] == SCORED) & (frame["critical"] == "yes")]
    pairs = journeys.merge(scored[["item", "decision"]], on=["item", "decision"])
    return pairs.groupby(KEY, observed=True)["read"].mean().rename("reach").reset_index()


def by_decision(journeys: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Reach at each decision, at the point values: per arm, decision and line."""
    pairs = journeys[journeys["draw"] == 0].merge(frame[frame["critical"] == "yes"], on=["item", "decision"])
    grouped = pairs.groupby(["arm", "decision", "line"], observed=True)
    out = 100 * grouped[["read", "weighed", "voiced", "joint"]].mean()
    out["pairs"] = grouped["item"].nunique()
    return out.reset_index()


def by_item(journeys: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Every item at every decision, at the point values: how often read, and where it stopped."""
    pairs = journeys[journeys["draw"] == 0].merge(frame, on=["item", "decision"])
    grouped = pairs.groupby(["arm", "item", "decision", "critical", "line"], observed=True)
    out = 100 * grouped[["read", "weighed", "voiced", "joint"]].mean()
    out["runs"] = grouped.size()
    stopped = pairs[~pairs["read"]].groupby(["arm", "item", "decision"], observed=True)["reason"]
    out = out.reset_index()
    commonest = stopped.agg(lambda reasons: reasons.value_counts().index[0]).rename("commonest_reason").reset_index()
    return out.merge(commonest, on=["arm", "item", "decision"], how="left")


def reasons(journeys: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Where critical items stopped, at the point values: stage and reason per 100 scored pairs."""
    scored = frame[(frame["critical"] == "yes") & (frame["line"] == SCORED)]
    pairs = journeys[journeys["draw"] == 0].merge(scored, on=["item", "decision"])
    totals = pairs.groupby("arm", observed=True).size()
    out = pairs.groupby(["arm", "stage", "reason"], observed=True).size().rename("pairs").reset_index()
    out["per_100"] = 100 * out["pairs"] / out["arm"].map(totals).astype(float)
    return out


def against_targets(rows: pd.DataFrame, targets: tuple[Target, ...]) -> pd.DataFrame:
    """Each target's share of runs in which all its parts came about, and each part's own."""
    out = []
    for target in targets:
        mine = rows[rows["target"] == target.id]
        whole = mine.groupby("replication")["met"].all()
        parts = mine.groupby("part", observed=True, sort=False)["met"].mean()
        out.append(
            {
                "target": target.id,
                "words": target.words,
                "cite": target.cite,
                "expected_share": target.share,
                "expected": target.expected,
                "share_as_usual": float(whole.mean()),
                "by_part": ", ".join(f"{part} {share:.2f}" for part, share in parts.items()),
                "runs": len(whole),
            }
        )
    return pd.DataFrame(out)


def minutes_by_role(minutes: pd.DataFrame, runs: int) -> pd.DataFrame:
    """Hours per case by role and arm, at the point values."""
    point = minutes[minutes["draw"] == 0]
    out = point.groupby(["arm", "role"], observed=True)["minutes"].sum() / 60 / max(runs, 1)
    return out.rename("hours").reset_index()
