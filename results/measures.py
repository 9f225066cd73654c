"""Measures: from journeys to one row per replication. Each is defined in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Any

import pandas as pd

from results.spread import Spread
from results.targets import Target, load_targets
from simulation.journey import Journey
from simulation.reasons import STAGES
from simulation.world import World

if TYPE_CHECKING:
    from pandas.core.groupby import DataFrameGroupBy

KEY = ["draw", "replication", "arm"]
KEY_OF_ITEM = ["arm", "item", "decision"]

Pair = tuple[str, str]
"""An item and a decision it bears on."""


@dataclass(frozen=True)
class Measure:
    """A number computed from traces: what it says, its unit, which way is better."""

    name: str
    words: str
    unit: str
    better: str


SUBJECTS: dict[str, tuple[str, ...]] = {
    "the child": ("child-wellbeing", "injury", "sleep", "pregnancy"),
    "the adults": ("drink", "drugs", "violence", "parent-mind"),
    "the home": ("home", "tenancy"),
    "services": ("engagement", "history", "network", "process"),
}
"""Whose life an item is about, by its topic. A case file does not say which child an item concerns."""

MORE = ("per 100", "more")


def about(subject: str) -> str:
    """The measure that asks about a subject."""
    return f"about_{subject.split()[-1]}"


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
            "Items laid before somebody (a message, a call, a paper in time, minutes), opened or not, "
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
        *(
            Measure(
                f"past_{stage}", f"Of the pairs of reach, those that stopped neither at “{stage}” nor before.", *MORE
            )
            for stage in STAGES[: STAGES.index("read")]
        ),
        *(
            Measure(about(subject), f"Reach of those pairs whose item is about {', '.join(topics)}.", *MORE)
            for subject, topics in SUBJECTS.items()
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


@dataclass(frozen=True)
class Pairs:
    """Which pairs of item and decision each measure reads, from the case alone; `facts` counts the critical items."""

    scored: frozenset[Pair]
    worries: frozenset[Pair]
    reassuring: frozenset[Pair]
    spoken: frozenset[Pair]
    about: Mapping[str, frozenset[Pair]]
    facts: int


def pairs_of(world: World) -> Pairs:
    """The pairs of a case, whatever the practice."""
    frame = lines(world)
    meetings = {choice.id for choice in world.choices.values() if choice.meeting}
    mine, critical = frame["line"] == SCORED, frame["critical"] == "yes"
    topic = frame["item"].map(lambda item: world.items[item].topic)

    def pairs(which: pd.Series[bool]) -> frozenset[Pair]:
        return frozenset(zip(frame["item"][which], frame["decision"][which], strict=True))

    return Pairs(
        scored=pairs(mine & critical),
        worries=pairs(mine & critical & (frame["polarity"] == "risk")),
        reassuring=pairs(mine & (frame["polarity"] == "reassuring")),
        spoken=pairs(mine & critical & frame["decision"].isin(meetings)),
        about={subject: pairs(mine & critical & topic.isin(topics).to_numpy()) for subject, topics in SUBJECTS.items()},
        facts=int(frame[critical & (frame["line"] != BELIEF)]["item"].nunique()),
    )


def of_run(ways: Iterable[Journey], came: Spread, minutes: Iterable[float], pairs: Pairs) -> tuple[float, ...]:
    """One replication's measures, in the order of `MEASURES`; shares from 0 to 1, NaN where nothing was due."""
    found = [(way, (way.item, way.decision)) for way in ways]
    scored = [way for way, pair in found if pair in pairs.scored]
    reassuring = _share(way.read for way, pair in found if pair in pairs.reassuring)
    values = {
        "reach": _share(way.read for way in scored),
        "weighed": _share(way.weighed for way in scored),
        "any_decider": _share(way.joint for way in scored),
        "voiced": _share(way.voiced for way, pair in found if pair in pairs.spoken),
        "reassuring": reassuring,
        "gap": reassuring - _share(way.read for way, pair in found if pair in pairs.worries),
        "wider": came.wider,
        "passed_on": came.passed_on,
        "load": came.delivered / pairs.facts if pairs.facts else nan,
        "signal": came.delivered_critical / came.delivered if came.delivered else nan,
        "one": came.one,
        "room": came.room,
        "between": came.between,
        "hours": sum(minutes) / 60,
    }
    values |= _past(Counter(way.stage for way in scored), len(scored))
    for subject, mine in pairs.about.items():
        values[about(subject)] = _share(way.read for way, pair in found if pair in mine)
    return tuple(float(values[name]) for name in MEASURES)


def _past(stopped: Mapping[str, int], pairs: int) -> dict[str, float]:
    """The share that went on past each stage, of so many pairs, of which so many stopped at each."""
    left, found = pairs, {}
    for stage in STAGES:
        left -= stopped.get(stage, 0)
        found[f"past_{stage}"] = left / pairs if pairs else nan
    return found


def _share(answers: Iterable[bool]) -> float:
    yes = list(answers)
    return sum(yes) / len(yes) if yes else nan


COUNTED = ("read", "weighed", "voiced", "joint")
CELL = ["arm", "item", "decision", "stage", "reason"]


def counted(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Journeys added up, some at a time, so that no more than a few need be in memory.

    One row per arm, item, decision, stage and reason: `runs`, how many of them were `unread`, and how many were read,
    weighed, voiced, and read by any joint decider.
    """
    sums = [_counted(part) for part in parts if len(part)]
    if not sums:
        return pd.DataFrame(columns=[*CELL, *COUNTED, "unread", "runs"])
    return pd.concat(sums).groupby(CELL, observed=True, sort=True)[[*COUNTED, "unread", "runs"]].sum().reset_index()


def _counted(part: pd.DataFrame) -> pd.DataFrame:
    marked = part[[*CELL, *COUNTED]].assign(unread=~part["read"], runs=1)
    return marked.groupby(CELL, observed=True, sort=False).sum().reset_index().astype(dict.fromkeys(CELL, str))


def by_decision(cells: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Reach at each decision: per arm, decision and line."""
    pairs = cells.merge(frame[frame["critical"] == "yes"], on=["item", "decision"])
    grouped = pairs.groupby(["arm", "decision", "line"])
    out = _per_100(grouped)
    out["pairs"] = grouped["item"].nunique()
    return out.reset_index()


def by_item(cells: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Every item at every decision: how often read, and where it stopped."""
    pairs = cells.merge(frame, on=["item", "decision"])
    grouped = pairs.groupby(["arm", "item", "decision", "critical", "line"])
    out = _per_100(grouped)
    out["runs"] = grouped["runs"].sum()
    unread = pairs[pairs["unread"] > 0].groupby([*KEY_OF_ITEM, "reason"])["unread"].sum().reset_index()
    most = unread.sort_values([*KEY_OF_ITEM, "unread"], ascending=[True] * 3 + [False], kind="stable")
    commonest = most.drop_duplicates(KEY_OF_ITEM).rename(columns={"reason": "commonest_reason"})
    return out.reset_index().merge(commonest.drop(columns="unread"), on=KEY_OF_ITEM, how="left")


def _per_100(grouped: DataFrameGroupBy[Any, Any]) -> pd.DataFrame:
    sums = grouped[[*COUNTED, "runs"]].sum()
    return sums[[*COUNTED]].mul(100).div(sums["runs"], axis=0)


def reasons(cells: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Where critical items stopped: stage and reason per 100 scored pairs."""
    scored = frame[(frame["critical"] == "yes") & (frame["line"] == SCORED)]
    pairs = cells.merge(scored, on=["item", "decision"])
    totals = pairs.groupby("arm")["runs"].sum()
    out = pairs.groupby(["arm", "stage", "reason"])["runs"].sum().rename("pairs").reset_index()
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
