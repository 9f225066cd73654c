"""Three questions of the way: is it in time, where does it stop, and for whom."""

from __future__ import annotations

import pandas as pd

from results.findings import AS_USUAL, arrived, bands_in_words, for_whom, shading_in_words, share, stopped
from results.plots import courses, holders
from results.plots.house import SIMULATED, Drawn
from results.plots.strips import named, shortly
from results.report import together
from results.report.choosing import AGAIN, CASE, heads, several
from results.report.data import HELD_HALF, ON_MAP, Data
from results.report.show import LEVEL, MOVED, Column, Listing, Picture, Section, banded, wide
from results.report.together import Came
from results.statistics import Change
from results.tables import changes_of
from scenarios.policy import USUAL
from simulation.reasons import REASONS, STAGES


def _banded(data: Data) -> str:
    """Which lines carry bands."""
    return f"practice as usual and the {data.what} that adds most"


def in_time(data: Data) -> Section:
    """In time?"""
    question = "In time?"
    cases = [case for case in data.cases if data.has("weeks", case) and data.has("gates", case)]
    if not cases:
        return Section("in-time", question, missing=AGAIN, command=data.mains[0].command)
    gates = {case: data.one("gates", case) for case in cases}
    said = {}
    for case in cases:
        table, last = data.one("weeks", case), gates[case].iloc[-1]
        at = {arm: _by_week(table, arm, int(last["week"])) for arm in data.banded(case)}
        never = {arm: 100 - _by_week(table, arm, None) for arm in data.banded(case)}
        said[case] = Came(at, never, f"the end of week {int(last['week'])}, before the last decision")
    findings = [arrived(*one, data.titles) for one in said.values()] if data.alone else together.came(said, data.titles)
    foot = (
        f"{shading_in_words(data.runs, data.draws, _banded(data))} Held: somebody who "
        "leads a decision it bears on, and did not see it first, has it. What is never noticed or never sent stays in "
        f"the hundred. Grey lines: decisions. {SIMULATED}"
    )
    panels = [courses.Course(case, data.one("weeks", case), data.followed(case), data.banded(case)) for case in cases]
    figure = courses.in_time(panels, gates, data.looks, _short(data))
    numbered = "; ".join(f"{row['gate']} {row['words']}" for row in gates[cases[0]].to_dict("records"))
    drawn = Drawn(figure, question, " ".join(findings), f"{foot} Decisions: {numbered}." if data.alone else foot)
    return Section(
        "in-time",
        question,
        findings,
        [Picture("4-in-time", drawn, " ".join(findings))],
        foot,
        [_weekly(data, case) for case in cases] + [_gates(data)],
    )


def _by_week(table: pd.DataFrame, arm: str, week: int | None) -> float:
    """What is held by the end of a week, or of the last."""
    mine = table[table["arm"] == arm]
    kept = mine[mine["measure"] == str(week)] if week is not None else mine.iloc[-1:]
    return float(kept["level"].iloc[0])


def _short(data: Data) -> dict[str, str]:
    return shortly(data.titles, 20)


def _weekly(data: Data, case: str) -> Listing:
    """A week a row, a choice a column."""
    table = data.one("weeks", case)
    spread = wide(table, ["measure"], "arm", "level", data.followed(case))
    columns = [
        Column("measure", "by the end of week"),
        *(Column(a, n, LEVEL) for a, n in _short(data).items() if a in spread),
    ]
    words = "Critical items held by a lead who needed them, of 100"
    return Listing("weeks", words if data.alone else f"{case}: {words}", columns, spread)


def _gates(data: Data) -> Listing:
    """What the numbers above the grey lines stand for."""
    columns = [
        Column("gate", "number"),
        Column("on", "when"),
        Column("words", "decision"),
        Column("lead", "who leads it"),
        Column("week", "week", LEVEL),
    ]
    first = [] if data.alone else [CASE]
    return Listing("gates", "The decisions, in order", [*first, *columns], data.sheets["gates"], len(first) + 1)


def stops(data: Data) -> Section:
    """Where does it stop?"""
    question = "Where does it stop?"
    cases = [case for case in data.cases if data.has("stages", case)]
    if not cases:
        return Section("stops", question, missing=AGAIN, command=data.mains[0].command)
    lost = {case: _lost(data, case) for case in cases}
    findings = [stopped(of, data.titles) for of in lost.values()] if data.alone else together.stops(lost, data.titles)
    foot = (
        f"{shading_in_words(data.runs, data.draws, _banded(data))} Each pair stops at one stage, that of the act "
        "which, of all that did not happen, was nearest to the decision; so a thing that was read may never have been "
        f"written down. {SIMULATED}"
    )
    panels = [courses.Course(case, data.one("stages", case), data.followed(case), data.banded(case)) for case in cases]
    drawn = Drawn(courses.stops(panels, data.looks, _short(data)), question, " ".join(findings), foot)
    spread = wide(data.sheets["stages"], ["case", "arm"], "measure", "level", dict.fromkeys(STAGES, ""))
    columns = [*heads(data), *(Column(stage, stage, LEVEL) for stage in STAGES)]
    listings = [
        Listing("stages", "Of 100 scored pairs, how many went on past each stage", columns, spread, len(heads(data)))
    ]
    if data.has("reasons"):
        listings.append(_reasons(data))
    return Section(
        "stops", question, findings, [Picture("5-where-it-stops", drawn, " ".join(findings))], foot, listings
    )


def _lost(data: Data, case: str) -> dict[str, dict[str, float]]:
    """How many of 100 stop at each stage, as usual and with the foremost policy."""
    found = {}
    for arm, mine in data.one("stages", case).groupby("arm", sort=False):
        if arm in data.banded(case):
            past = [100.0, *(float(value) for value in mine.set_index("measure").loc[list(STAGES)]["level"])]
            found[str(arm)] = {stage: past[place] - past[place + 1] for place, stage in enumerate(STAGES)}
    return found


def _reasons(data: Data) -> Listing:
    """Why it stops as usual, and why that made sense."""
    table = data.sheets["reasons"]
    words = table.assign(
        said=[REASONS[reason][1] for reason in table["reason"]],
        sense=[REASONS[reason][2] for reason in table["reason"]],
    )
    columns = [
        Column("stage", "stage"),
        Column("said", "why it stopped"),
        Column("per_100", "of 100 pairs", LEVEL),
        Column("sense", "why it made sense at the time"),
    ]
    first = [] if data.alone else [CASE]
    return Listing("reasons", f"Why it stops, with {AS_USUAL}", [*first, *columns], words, len(first) + 1)


def whom(data: Data) -> Section:
    """For whom?"""
    question = "For whom?"
    cases = [case for case in data.cases if data.has("held", case) and data.has("subjects", case)]
    if not cases:
        return Section("whom", question, missing=AGAIN, command=data.mains[0].command)
    pictures, listings, said = [], [], {}
    of_map = (
        "Of 100 runs with practice as usual, those in which somebody at the agency held the item before the last "
        "decision it bears on; what one person holds, her agency may still not know. Blank: fewer than "
        f"{holders.SMALL} of 100. In bold, beyond the line: the agency that decides. Chance: a cell’s 95 % interval is "
        f"at most ±{_cell(data):.0f}; not knowing: held.csv, which a full report leaves, has the range of each."
    )
    of_gains = (
        f"{bands_in_words(data.runs, data.draws)} Hollow: no clear difference. A case file does not say which child an "
        "item concerns, only whose life it is about."
    )
    for place, case in enumerate(cases):
        gains = _by_subject(data, case)
        best = data.foremost(case)
        words = _reached(data, case)
        said[case] = f"{words} {for_whom(best.title, gains[best.arm])}" if best else words
        suffix, named_case = ("", "") if data.alone else (f"-{place + 1}", f"{case}: ")
        held_by = holders.held_map(data.one("held", case), data.deciding(case))
        drawn = Drawn(held_by, _asked(named_case, "Who held what"), words, f"{of_map} {SIMULATED}")
        pictures.append(Picture(f"6-who-held-it{suffix}", drawn, said[case], "" if data.alone else case))
        labels = {arm: named(arm, data.titles[arm], 30) for arm in gains if arm in data.shown}
        by_subject = holders.subjects(gains, labels, data.looks)
        strips = Drawn(by_subject, _asked(named_case, "About whose life"), said[case], f"{of_gains} {SIMULATED}")
        pictures.append(Picture(f"6-about-whom{suffix}", strips, said[case]))
        listings.append(_map(data, case))
    foot = f"Map: {of_map} Gains: {of_gains} {SIMULATED}"
    return Section("whom", question, several(data, said), pictures, foot, [*listings, _subjects(data)])


def _asked(case: str, what: str) -> str:
    """The question of one of the two figures."""
    return f"{case}for whom? {what}" if case else f"For whom? {what}"


def _cell(data: Data) -> float:
    """Half the widest 95 % interval of a cell, per 100."""
    return float(100 * 1.96 * 0.5 / min(reading.runs for reading in data.mains) ** 0.5)


def _reached(data: Data, case: str) -> str:
    """How many of the items are with the agency that decides in most runs."""
    often, shown = data.count(case, HELD_HALF), data.count(case, ON_MAP)
    return (
        f"Of the {shown} items shown, with practice as usual {often} are with an agency that decides in at least half "
        "of the runs."
    )


def _by_subject(data: Data, case: str) -> dict[str, dict[str, Change]]:
    table = data.one("subjects", case)
    by = {subject: changes_of(table, subject) for subject in dict.fromkeys(table["measure"])}
    return {
        arm: {subject: by[subject][arm] for subject in by}
        for arm in data.titles
        if arm != USUAL and arm in next(iter(by.values()))
    }


def _map(data: Data, case: str) -> Listing:
    table = data.one("held", case)
    agencies = {agency: holders.spoken(agency) for agency in dict.fromkeys(table["agency"])}
    spread = wide(table, ["item", "words"], "agency", "per_100", agencies)
    columns = [
        Column("item", "item"),
        Column("words", "what it is"),
        *(Column(a, w, _share, blank=True) for a, w in agencies.items()),
    ]
    words = "Of 100 runs with practice as usual, those in which somebody at the agency held the item"
    return Listing("held", words if data.alone else f"{case}: {words}", columns, spread)


def _share(value: float) -> str:
    """A cell; a small one stays blank, in the table as in the map."""
    return share(float(value)) if float(value) >= holders.SMALL else ""


def _subjects(data: Data) -> Listing:
    table = data.sheets["subjects"]
    columns = [
        *heads(data),
        Column("measure", "about"),
        Column("level", "read in time, of 100", LEVEL),
        Column("difference", "more, per 100", MOVED),
        *banded(),
    ]
    return Listing(
        "subjects", f"What each {data.what} adds, by whose life the item is about", columns, table, len(heads(data)) + 1
    )
