"""Numbers to what people read: the summary of a comparison, its sentence, its table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.table import Table

from results.influence import Choice
from results.scoring import WARNING
from results.statistics import Change, Finding, Interval, holm_intervals, mean_interval, not_knowing
from results.targets import Unsaid
from results.validity import Rung, tally
from scenarios.policy import USUAL

PER = 100
"""Shares are shown per 100, and worked out as shares: ± 3/n bounds a share."""


@dataclass(frozen=True)
class Contrast:
    """One arm against practice as usual, on the same luck. Reach and weighed are per 100, `hours` working hours a
    case, `spread` items a case that came wider than needed.

    Each is a difference with its simultaneous (Holm) 95 % interval and its range over draws of the prior leaves.
    """

    arm: str
    title: str
    effect: str
    level: float
    reach: Change
    hours: Change
    weighed: Change
    spread: Change

    @property
    def chance(self) -> Interval:
        """The band of chance of what it adds to reach."""
        return self.reach.chance

    @property
    def not_knowing(self) -> Interval:
        """The band of not knowing of what it adds to reach."""
        return self.reach.not_knowing

    @property
    def wider(self) -> Interval:
        """The wider of the two bands, which every first sentence uses."""
        return self.reach.wider

    @property
    def finding(self) -> Finding:
        """What may be said of it."""
        return self.reach.finding


def contrasts(runs: pd.DataFrame, usual: str, titles: dict[str, tuple[str, str]]) -> list[Contrast]:
    """Every arm against `usual`, in the order of `titles` (arm → title, what its effect rests on)."""
    reach = by_arm(runs, "reach")
    point = reach.index.get_level_values("draw") == 0
    measures = ("reach", "hours", "weighed", "wider")
    changes = {measure: _changes(by_arm(runs, measure), usual, titles) for measure in measures}
    return [
        Contrast(
            arm,
            title,
            effect,
            PER * float(reach[arm][point].mean()),
            changes["reach"][arm].times(PER),
            changes["hours"][arm],
            changes["weighed"][arm].times(PER),
            changes["wider"][arm],
        )
        for arm, (title, effect) in titles.items()
    ]


def _changes(values: pd.DataFrame, usual: str, arms: Iterable[str]) -> dict[str, Change]:
    """What each arm does to one measure, of which `values` has a column for each."""
    point = values.index.get_level_values("draw") == 0
    moved = {arm: values[arm] - values[usual] for arm in arms}
    simultaneous = holm_intervals({arm: difference[point].to_numpy(float) for arm, difference in moved.items()})
    return {arm: Change(simultaneous[arm], not_knowing(draw_means(moved[arm]))) for arm in moved}


def by_arm(runs: pd.DataFrame, measure: str) -> pd.DataFrame:
    """One measure with a row per draw and replication and a column per arm."""
    return runs.pivot(index=["draw", "replication"], columns="arm", values=measure)


def draw_means(difference: pd.Series[float]) -> np.ndarray:
    """The mean difference in each draw of the prior leaves."""
    means = difference.groupby(level="draw").mean()
    return means[means.index > 0].to_numpy(float)


def differences(runs: pd.DataFrame, usual: str, shown: dict[str, str]) -> pd.DataFrame:
    """Every measure under every arm: its level, and its paired difference from `usual`, each with both bands.

    `shown` gives each measure and its unit. The chance band of a level is its own, that of a difference simultaneous
    over the arms, measure by measure; not knowing is NaN where no leaf was drawn. One row per arm and measure, `usual`
    first.
    """
    rows = []
    wide = runs.pivot(index=["draw", "replication"], columns="arm", values=[*shown])
    arms = [arm for arm in runs["arm"].unique() if arm != usual]
    for measure, unit in shown.items():
        values = pd.DataFrame(wide[measure])
        per = PER if unit == "per 100" else 1
        point = values.index.get_level_values("draw") == 0
        changes = _changes(values, usual, arms)
        for arm in (usual, *changes):
            level = Change(_level(values[arm][point].to_numpy(float)), not_knowing(draw_means(values[arm])))
            moved = changes[arm] if arm != usual else NONE
            counts = (level.chance.n, level.not_knowing.n)
            rows.append((arm, measure, unit, *counts, *level.times(per).numbers, *moved.times(per).numbers))
    levels = ("level", *(f"level_{name}" for name in BOUNDS))
    return pd.DataFrame(rows, columns=["arm", "measure", "unit", "runs", "draws", *levels, "difference", *BOUNDS])


def _level(values: np.ndarray) -> Interval:
    """The mean with its interval, within 0 and 1 where every value is a share."""
    found = mean_interval(values)
    if not ((values >= 0) & (values <= 1) | np.isnan(values)).all():
        return found
    return Interval(found.centre, max(0.0, found.low), min(1.0, found.high), found.n)


def changes_of(table: pd.DataFrame, measure: str, what: str = "difference") -> dict[str, Change]:
    """One measure of a table of differences, arm by arm: its difference from usual, or its level, with both bands."""
    names = ("level", *(f"level_{name}" for name in BOUNDS)) if what == "level" else ("difference", *BOUNDS)
    found = {}
    for row in table[table["measure"] == measure].to_dict("records"):
        centre, low, high, least, most = (float(row[name]) for name in names)
        chance, unknown = (
            Interval(centre, low, high, int(row["runs"])),
            Interval(centre, least, most, int(row["draws"])),
        )
        found[str(row["arm"])] = Change(chance, unknown)
    return found


NONE = Change(Interval(0.0, 0.0, 0.0, 0), Interval(0.0, nan, nan, 0))
"""Practice as usual beside itself."""


def picture(level: dict[str, float]) -> tuple[str, str]:
    """The reassurance gap, and who held how much of the picture: a sentence each, as usual, chance left out."""
    gap = (
        f"Reassurance and worry: of 100 pairs, the lead had read {level['reassuring']:.0f} of the reassuring and "
        f"{level['reassuring'] - level['gap']:.0f} of the critical worries, a gap of {level['gap']:+.0f}."
    )
    if isnan(level["gap"]):
        gap = "Reassurance and worry: nothing of one of the two bears on a decision here, so there is no gap to tell."
    if isnan(level["one"]):
        return gap, "No meeting decides here, so there is no room whose picture could be counted."
    held = (
        f"The picture as a meeting began: of 100 critical items, the best informed person held {level['one']:.0f}, "
        f"all in the room together {level['room']:.0f}, all services between them {level['between']:.0f}."
    )
    return gap, held


BOUNDS = ("chance_low", "chance_high", "not_knowing_low", "not_knowing_high")


def tidy(found: list[Contrast]) -> pd.DataFrame:
    """The comparison as a tidy table: one row per arm, every number that the figure shows."""
    rows = []
    for contrast in found:
        row = {
            "arm": contrast.arm,
            "title": contrast.title,
            "effect_rests_on": contrast.effect,
            "reach_per_100": contrast.level,
            "paired_runs": contrast.chance.n,
            "draws": contrast.not_knowing.n,
            "finding": contrast.finding,
        }
        for prefix, change in _measured(contrast).items():
            row |= dict(zip((f"{prefix}{name}" for name in ("difference", *BOUNDS)), change.numbers, strict=True))
        rows.append(row)
    return pd.DataFrame(rows)


def _measured(contrast: Contrast) -> dict[str, Change]:
    """What a policy does to each measure, with how its columns begin."""
    return {"": contrast.reach, "weighed_": contrast.weighed, "hours_": contrast.hours, "wider_": contrast.spread}


def untidy(table: pd.DataFrame) -> list[Contrast]:
    """The comparison back from its tidy table."""
    found = []
    for row in table.to_dict("records"):
        changes = {}
        for prefix in ("", "hours_", "weighed_", "wider_"):
            centre, low, high, least, most = (float(row[f"{prefix}{name}"]) for name in ("difference", *BOUNDS))
            chance = Interval(centre, low, high, int(row["paired_runs"]))
            changes[prefix] = Change(chance, Interval(centre, least, most, int(row["draws"])))
        words = (str(row["arm"]), str(row["title"]), str(row["effect_rests_on"]))
        found.append(Contrast(*words, float(row["reach_per_100"]), *changes.values()))
    return found


def terminal(found: list[Contrast], usual: dict[str, float], runs: int, draws: int) -> Table:
    """The comparison as a table for a terminal of eighty columns; `usual` gives the levels of
    reach, weighed and hours as usual."""
    table = plain_table("Critical items the decision-maker read in time, per 100, against usual")
    table.add_column("policy", width=26)
    columns = (("more", 6), ("chance", 11), ("not knowing", 11), ("clear", 5), ("counted", 7), ("hours", 6))
    for heading, width in columns:
        table.add_column(heading, justify="center" if heading == "clear" else "right", no_wrap=True, width=width)
    table.add_row(
        "practice as usual", *(f"{usual['reach']:.1f}", "", "", "", f"{usual['weighed']:.1f}", f"{usual['hours']:.1f}")
    )
    for contrast in found:
        table.add_row(
            contrast.title if contrast.arm in contrast.title else f"{contrast.arm:<4} {contrast.title}",
            *cells(contrast),
        )
    table.caption = caption(runs, draws)
    return table


def cells(contrast: Contrast) -> tuple[str, ...]:
    """What a table says of one arm."""
    return (
        f"{contrast.chance.centre:+.1f}",
        _range(contrast.chance),
        _range(contrast.not_knowing),
        {"more": "more", "fewer": "fewer"}.get(contrast.finding, "-"),
        f"{contrast.weighed.centre:+.1f}",
        f"{contrast.hours.centre:+.1f}",
    )


def caption(runs: int, draws: int) -> str:
    """What the columns of a comparison say."""
    return (
        f"Chance: simultaneous 95 % interval over {runs} paired runs (Holm). "
        + (f"Not knowing: range over {draws} draws of the prior leaves. " if draws else "Not knowing was not run. ")
        + "Clear: the bands leave zero on one side. Counted: read, and counted in the decision. "
        "Hours: working hours a case."
    )


def plain_table(title: str) -> Table:
    """An empty table in the house style."""
    return Table(title=title, title_justify="left", caption_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=0)


def _range(interval: Interval) -> str:
    return f"{interval.low:+.1f} {interval.high:+.1f}" if interval.n else "not run"


def against_review(targets: pd.DataFrame) -> Table:
    """What the review documents beside the model as usual: no pass or fail, nothing tuned to it."""
    table = plain_table("What the review documents, beside practice as usual")
    table.add_column("", no_wrap=True)
    table.add_column("in how many runs of this model", ratio=1)
    table.add_column("as read", justify="right", no_wrap=True)
    table.add_column("as usual", justify="right", no_wrap=True)
    table.add_column("part by part", max_width=26)
    for row in targets.itertuples():
        table.add_row(
            str(row.target),
            f"{row.words} ({row.cite})",
            f"{row.expected} {row.expected_share:.0%}",
            f"{row.share_as_usual:.0%}",
            str(row.by_part),
        )
    table.caption = (
        "This family was chosen for review because something was lost; ordinary practice should come out less gloomy."
    )
    return table


def dependence(found: pd.DataFrame) -> Table:
    """Each answer under each change, for a terminal of eighty columns: an answer, and under it its band."""
    table = plain_table("Reach as usual, and what each policy adds to it, per 100 pairs")
    table.add_column("", min_width=12, vertical="top")
    for about, way in dict.fromkeys(zip(found["about"], found["way"], strict=True)):
        heading = f"{about}\n{way}".replace("membership", "member-\nship")
        table.add_column(heading, justify="right", no_wrap=True)
    for answer, cells in found.groupby("answer", sort=False):
        table.add_row(str(answer), *(_with_band(cell) for cell in cells.itertuples()))
    table.caption = (
        f"± is half the 95 % interval over {found['runs'].min()} paired runs (chance; not knowing was not run). "
        "* the change moves this answer clearly: the simultaneous (Holm) interval of the move leaves out zero."
    )
    return table


def _with_band(cell: Any) -> str:
    return f"{cell.value:.1f} \n±{(cell.high - cell.low) / 2:.1f}{'*' if cell.clear else ' '}"


def not_expressible(rows: tuple[Unsaid, ...]) -> Table:
    """What the review documents and no run of this model could show, each with the reason."""
    table = plain_table("Not expressible here")
    for heading in ("", "documented", "why"):
        table.add_column(heading, no_wrap=not heading)
    for row in rows:
        table.add_row(row.id, f"{row.words} ({row.cite})", row.why)
    return table


def ladder(rungs: list[Rung]) -> Table:
    """Every question put to the model, what was found, and whether it holds."""
    table = plain_table("Is it true?")
    table.add_column("", no_wrap=True)
    table.add_column("asked", ratio=3)
    table.add_column("found", ratio=3)
    table.add_column("", no_wrap=True)
    for rung in rungs:
        table.add_row(rung.ladder, f"{rung.question} [dim]({rung.asked})[/dim]", rung.found, rung.mark)
    counts = tally(rungs)
    table.caption = f"{counts['pass']} pass, {counts['miss']} miss, {counts['not scored']} not scored. {WARNING}"
    return table


TOP = 6
"""How many guesses are shown of each answer; all are in the table's file."""


def guesses(found: pd.DataFrame, choice: Choice | None) -> Table:
    """For each answer the guesses that move it most, and beside each what knowing it would add to the choice."""
    worth = {one.leaf: one for one in choice.leaves} if choice else {}
    table = plain_table("Which guess moves which answer, per 100 scored pairs")
    for heading in ("guess", "range", "moved", "worth"):
        table.add_column(heading, justify="left" if heading == "guess" else "right", no_wrap=heading != "guess")
    for answer, rows in found.groupby("answer", sort=False):
        table.add_row(f"[bold]{'reach as usual' if answer == USUAL else f'what {answer} adds'}[/bold]")
        for row in rows.head(TOP).to_dict("records"):
            known = worth.get(str(row["leaf"]))
            value = f"{known.worth:.2f}{'*' if known.clear else ' '}" if known else ""
            moved = f"{row['moved']:+.1f} ({row['low']:+.1f} {row['high']:+.1f}){'*' if row['clear'] else ' '}"
            table.add_row(f"  {row['leaf']}", f"{row['from']:g}-{row['to']:g}", moved, value)
    table.caption = (
        "moved: mean over the highest third of draws less that over the lowest. worth: what knowing it would add to "
        "the choice between the policies. * told from none over all guesses at once."
    )
    return table
