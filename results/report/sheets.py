"""The numbers of a report: tidy tables over all its cases. Figures, sentences and pages read these and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from results.choices import dominated_by, frontier
from results.measures import SCORED
from results.report import worlds
from results.report.reading import COMPARED, Reading
from results.statistics import paired_difference
from results.tables import PER, changes_of
from scenarios.policy import USUAL

Sheets = dict[str, pd.DataFrame]


def sheets(mains: list[Reading], beside: list[Reading]) -> Sheets:
    """Every table of the report by name, its first column the case; one that no run has data for is left out.

    `mains` are the comparisons, `beside` what else was run on their cases.
    """
    found: Sheets = {}
    for name, make in MADE.items():
        parts = [(reading.title, frame) for reading in mains if (frame := make(reading)) is not None and len(frame)]
        if parts:
            found[name] = _stacked(parts)
    found |= _held_up(mains, beside)
    for name, read in (("ends", ends), ("guesses", guesses), ("sensitivity", sensitivity)):
        parts = [(reading.title, frame) for reading in (*mains, *beside) if len(frame := read(reading))]
        if parts:
            found[name] = _stacked(parts)
    return found


def _stacked(parts: list[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    return pd.concat([frame.assign(case=title)[["case", *frame.columns]] for title, frame in parts], ignore_index=True)


def _held_up(mains: list[Reading], beside: list[Reading]) -> Sheets:
    """What each choice forgoes in each world, and in its worst."""
    found = {reading.title: worlds.of(reading, beside) for reading in mains}
    every = {
        "regret": [(title, one.regret) for title, one in found.items() if one],
        "worst": [(title, one.worst) for title, one in found.items() if one],
    }
    return {name: _stacked(parts) for name, parts in every.items() if parts}


def _copied(name: str) -> Callable[[Reading], pd.DataFrame | None]:
    return lambda reading: reading.table(name)


def costs(reading: Reading) -> pd.DataFrame | None:
    """Every choice with its reach, its hours, what there is to read, what came wider; on the frontier, or dominated."""
    every, runs = reading.table("differences"), reading.table("runs")
    if every is None or runs is None:
        return None
    level = {name: changes_of(every, name, "level") for name in ("reach", "hours", "load", "signal", "wider")}
    moved = {name: changes_of(every, name) for name in ("hours", "load", "wider")}
    front = frontier({arm: (level["reach"][arm].centre, level["hours"][arm].centre) for arm in level["reach"]})
    beaten = dominated_by(runs)
    rows = []
    for arm in level["reach"]:
        row: dict[str, object] = {"arm": arm} | {name: of[arm].centre for name, of in level.items()}
        for name, of in moved.items():
            ends = zip(
                ("", "_chance_low", "_chance_high", "_not_knowing_low", "_not_knowing_high"),
                of[arm].numbers,
                strict=True,
            )
            row |= {f"added_{name}{end}": number for end, number in ends}
        rows.append(row | {"on_frontier": arm in front, "dominated_by": beaten.get(arm, "")})
    return pd.DataFrame(rows)


def gates(reading: Reading) -> pd.DataFrame | None:
    """The decisions at which critical items are scored, numbered, with the week in which each is taken."""
    decisions, scored = reading.table("case_decisions"), reading.table("decisions")
    if decisions is None or scored is None:
        return None
    kept = set(scored[scored["line"] == SCORED]["decision"])
    mine = decisions[decisions["decision"].isin(kept)].sort_values("week", kind="stable")
    return mine.assign(gate=range(1, len(mine) + 1))[["gate", "decision", "words", "on", "week", "lead", "agency"]]


def reasons(reading: Reading) -> pd.DataFrame | None:
    """Where critical items stop as usual, and why."""
    found = reading.table("reasons")
    if found is None:
        return None
    mine = found[(found["arm"] == USUAL) & (found["stage"] != "")]
    return mine.sort_values("per_100", ascending=False, kind="stable")[["stage", "reason", "per_100"]]


def held(reading: Reading) -> pd.DataFrame | None:
    """In how many of 100 runs somebody at each agency held each item; the core items first, then in order of time."""
    found, items = reading.table("held"), reading.table("case_items")
    if found is None or items is None:
        return None
    known = items[["item", "words", "core", "week"]]
    mine = found.merge(known, on="item").sort_values(["core", "week", "item"], ascending=[False, True, True])
    return mine[["agency", "item", "words", "core", "per_100", "not_knowing_low", "not_knowing_high", "runs"]]


def precision(reading: Reading) -> pd.DataFrame | None:
    """Half the width of each policy’s own 95 % interval at more and more runs, beside half the range over draws."""
    runs, every = reading.table("runs"), reading.table("differences")
    if runs is None or every is None:
        return None
    reach = runs[runs["draw"] == 0].pivot(index="replication", columns="arm", values="reach")
    unknown = changes_of(every, "reach")
    counts = sorted({int(count) for count in np.geomspace(10, len(reach), 12)}) if len(reach) > 10 else [len(reach)]
    rows = []
    for arm in (arm for arm in unknown if arm != USUAL):
        band = unknown[arm].not_knowing
        level = (band.high - band.low) / 2 if band.n else float("nan")
        for count in counts:
            found = paired_difference(
                reach[arm].iloc[:count].to_numpy(float), reach[USUAL].iloc[:count].to_numpy(float)
            )
            rows.append((arm, count, PER * (found.high - found.low) / 2, level))
    return pd.DataFrame(rows, columns=["arm", "runs", "half_width", "not_knowing_half"])


def made(reading: Reading) -> pd.DataFrame:
    """How a case's runs were made, as text."""
    failures, counts = reading.table("failures"), reading.made.get("runs", {})
    facts = {
        "follows": reading.about["source"],
        "command": reading.command,
        "model version": reading.made.get("safeguarding", "unknown"),
        "commit": reading.made.get("commit", "unknown"),
        "case file": reading.fingerprint("case"),
        "practice": reading.fingerprint("practice"),
        "seed": reading.experiment["seed"],
        "paired replications": reading.runs,
        "draws of the prior leaves": reading.draws,
        "replications to each draw": reading.experiment["per_draw"],
        "runs in all": sum(counts.values()) if counts else "unknown",
        "runs that did not end": 0 if failures is None else len(failures),
    }
    return pd.DataFrame({"what": list(facts), "is": [str(value) for value in facts.values()]})


def documented(reading: Reading) -> pd.DataFrame | None:
    """What the review documents beside practice as usual, and whether that comes out on the documented side."""
    found = reading.table("targets")
    if found is None:
        return None
    seldom, expected, usual = found["expected"] == "at most", found["expected_share"], found["share_as_usual"]
    names = ["target", "words", "cite", "expected", "expected_share", "share_as_usual", "runs"]
    return found[names].assign(as_documented=np.where(seldom, usual <= expected, usual >= expected))


def failures(reading: Reading) -> pd.DataFrame | None:
    """Runs that did not end, each with the command that reproduces it."""
    found = reading.table("failures")
    return None if found is None else found[["arm", "draw", "replication", "reproduce"]]


MADE: dict[str, Callable[[Reading], pd.DataFrame | None]] = {
    "gains": _copied(COMPARED),
    "costs": costs,
    "weeks": _copied("weeks"),
    "gates": gates,
    "stages": _copied("stages"),
    "reasons": reasons,
    "held": held,
    "subjects": _copied("subjects"),
    "precision": precision,
    "levels": _copied("differences"),
    "documented": documented,
    "failures": failures,
    "made": made,
}
"""Each table of a report, and how it is read off one run directory."""


# --- assumptions -----------------------------------------------------------------------------------------------------

ENDS = ["answer", "about", "end", "moved", "moved_low", "moved_high", "not_knowing_low", "not_knowing_high"]


def ends(reading: Reading) -> pd.DataFrame:
    """How far an answer moved at each end of what was varied: of a sweep its leaves, of `depends` its three habits."""
    rows = [*_swept(reading), *_depended(reading)]
    return pd.DataFrame(rows, columns=[*ENDS, "clear", "runs", "draws"])


def guesses(reading: Reading) -> pd.DataFrame:
    """How far each guessed number moves each answer, all of them drawn together."""
    found = reading.table("assumptions")
    if found is None:
        return pd.DataFrame()
    return found.assign(draws=reading.draws, runs=reading.experiment["per_draw"])


def sensitivity(reading: Reading) -> pd.DataFrame:
    """How far each factor moves an answer over its whole range, by a design of its own."""
    found = reading.table("sensitivity")
    return pd.DataFrame() if found is None else found


def _swept(reading: Reading) -> Iterator[tuple[object, ...]]:
    """Of each leaf that a sweep varied alone, its least and its greatest value."""
    every = reading.table("differences")
    if reading.question != "sweep" or every is None:
        return
    practice, moved = reading.experiment["practice"], changes_of(every, "reach")
    points: dict[str, list[tuple[float, str]]] = {}
    for arm in reading.experiment["arms"]:
        apart = {leaf: value for leaf, value in dict(arm["changes"]).items() if value != practice.get(leaf)}
        if len(apart) == 1 and arm["name"] in moved:
            ((leaf, value),) = apart.items()
            points.setdefault(leaf, []).append((value, arm["name"]))
    for leaf, several in points.items():
        for value, arm in dict.fromkeys((min(several), max(several))):
            change = moved[arm]
            clear = change.finding != "no clear difference"
            counts = (change.chance.n, change.not_knowing.n)
            yield ("reach as usual", leaf, f"{value:g}", *change.numbers, clear, *counts)


def _depended(reading: Reading) -> Iterator[tuple[object, ...]]:
    """Of each of the three habits that `depends` asks about, both ends, for reach as usual."""
    table = reading.table("dependence")
    if table is None:
        return
    unknown = (float("nan"), float("nan"))
    for row in table[(table["answer"] == USUAL) & (table["about"] != "practice")].to_dict("records"):
        ends = (row["moved"], row["moved_low"], row["moved_high"], *unknown)
        yield ("reach as usual", row["about"], row["way"], *ends, bool(row["clear"]), row["runs"], 0)
