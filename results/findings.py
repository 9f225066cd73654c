"""What may be said of numbers: one place for the wording of every table, figure and page.

"More", "fewer" and "the most" stand only where both bands say so; else "no clear difference", with the number of runs.
"Robust" stands only where regret was worked out. A gain never stands without what came wider than needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from results.statistics import Change, Interval
from results.tables import Contrast
from scenarios.policy import USUAL

UNCLEAR = "no clear difference"

POLICY, POINT_OF_DESIGN = "policy", "point"
"""What is set beside practice as usual: policies, or in a sweep the points of its design."""

WHICH = "which {} gets more through?"
"""The first question, of whichever it is."""


def plural(what: str) -> str:
    """Several of these."""
    return {POLICY: "policies"}.get(what, f"{what}s")


# --- numbers ---------------------------------------------------------------------------------------------------------


def signed(number: float, digits: int = 1) -> str:
    """A sign, and none for nothing."""
    shown = f"{number:+.{digits}f}".replace("-", "−")
    return shown if float(f"{number:.{digits}f}") else f"{0:.{digits}f}"


def plain(number: float, digits: int = 0) -> str:
    """A number with a minus that is one, and no nought below nothing."""
    return signed(number, digits).lstrip("+")


def share(per_100: float) -> str:
    """A share per 100 as a whole number; what is not quite all or nothing does not look so. Of nothing, a dash."""
    if per_100 != per_100:
        return "–"
    if 0 < per_100 < 1:
        return "<1"
    return ">99" if 99 < per_100 < 100 else f"{per_100:.0f}"


def span(band: Interval, digits: int | None = None) -> str:
    """A band in words, unless told in whole numbers from ten on."""
    digits = int(max(abs(band.low), abs(band.high)) < 10) if digits is None else digits
    return f"{plain(band.low, digits)} to {plain(band.high, digits)}"


def ends(numbers: Collection[float]) -> str:
    """From the least to the greatest, as changes, unless told in whole numbers from ten on."""
    low, high = min(numbers), max(numbers)
    digits = int(max(abs(low), abs(high)) < 10)
    return " to ".join(dict.fromkeys(signed(end, digits) for end in (low, high)))


def series(words: Iterable[str]) -> str:
    """a, b and c, each once."""
    *most, last = dict.fromkeys(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


LISTED = 20
"""Choices that a finding names; of more it says how many they are."""


def named(choices: Iterable[str]) -> str:
    """a, b and c, or of too many how many."""
    every = list(dict.fromkeys(choices))
    return series(every) if len(every) <= LISTED else f"{len(every)} choices, which the table names"


# --- what every number rests on --------------------------------------------------------------------------------------


def bands_in_words(runs: int | str, draws: int | str) -> str:
    """What the two bands of a mark cover, and how they are drawn."""
    chance = f"Thick: chance, the simultaneous 95 % interval over {runs} paired runs."
    return f"{chance} {_unknown('Thin, with ends', draws)}"


def shading_in_words(runs: int | str, draws: int | str, banded: str) -> str:
    """What the two bands of a line cover, and which lines have them."""
    chance = (
        f"Bands stand about {banded} only; the table files have all. Shaded: chance, 95 % interval over {runs} runs."
    )
    return f"{chance} {_unknown('Dotted edges', draws)}"


def _unknown(how: str, draws: int | str) -> str:
    if str(draws) == "0":
        return "Not knowing (the range over draws of practice’s unmeasured habits) was not run."
    return f"{how}: not knowing, the range over {draws} draws of practice’s unmeasured habits."


def amount(change: Change, unit: str) -> str:
    """How far something moved, in words that the bands allow: "12 more hours (10 to 14)"."""
    if change.finding == UNCLEAR:
        what = f"{UNCLEAR} in {unit}" if unit else UNCLEAR
        return f"{what} at {change.chance.n} runs ({_unclear(change)})"
    band = change.wider
    if change.finding == "fewer":
        band = Interval(-band.centre, -band.high, -band.low, band.n)
    size = plain(abs(change.centre), int(abs(change.centre) < 10))
    return f"{size} {change.finding} {unit} ({span(band)})"


def _unclear(change: Change) -> str:
    """The band that makes it unclear, the wider of two; or both, where each says something else."""
    known = [band for band in (change.chance, change.not_knowing) if band.n]
    across = [band for band in known if not band.excludes_zero]
    if not across:
        chance, unknown = map(span, known)
        return f"chance: {chance}; not knowing: {unknown}"
    return span(max(across, key=lambda band: band.high - band.low))


SPREAD = "items known more widely than needed"


# --- the answer ------------------------------------------------------------------------------------------------------


def foremost(found: list[Contrast]) -> tuple[Contrast | None, list[Contrast]]:
    """The policy that clearly adds most, None where none does, and those whose bands reach into its band."""
    gains = [contrast for contrast in found if contrast.finding == "more"]
    if not gains:
        return None, []
    best = max(gains, key=lambda contrast: contrast.chance.centre)
    return best, [other for other in found if other is not best and other.wider.high >= best.wider.low]


FEW = 6
"""Arms that a sentence names."""


def sentence(level: float, found: list[Contrast], hours: float, what: str = POLICY) -> str:
    """The answer in one plain sentence, on the wider band; `what` is compared."""
    start = (
        f"Under practice as usual, in {level:.0f} of every 100 pairs of a critical item and a decision it bears on, "
        f"the decision-maker had read it in time, at {hours:.0f} working hours a case"
    )
    fewer = [contrast.title for contrast in found if contrast.finding == "fewer"]
    which = ", ".join(fewer) if len(fewer) <= FEW else f"{len(fewer)} of the {len(found)}"
    loss = f" Clearly fewer with: {which}." if fewer else ""
    best, rivals = foremost(found)
    if best is None:
        return f"{start}; no {what} here shows clearly more.{loss}"
    covers = "the wider of our two bands" if best.not_knowing.n else "chance alone; not knowing was not run"
    adds = "adds" if len(found) == 1 else "adds among the most:" if rivals else "adds the most:"
    return (
        f"{start}; “{best.title}” {adds} {best.chance.centre:.0f} more per 100 (from {plain(best.wider.low)} to "
        f"{plain(best.wider.high)}, {covers}), with {amount(best.hours, 'hours')} and {amount(best.spread, SPREAD)}."
        f"{loss}"
    )


def across(reviews: Mapping[str, tuple[float, list[Contrast]]], what: str = POLICY) -> tuple[str, str]:
    """The answer over several reviews in one plain sentence, and the arm that it speaks of ("" for none).

    `reviews` holds for each its reach as usual and its contrasts. It speaks of the policy that clearly adds in the
    most reviews; of several, of the one whose least gain is the largest.
    """
    levels = [level for level, _ in reviews.values()]
    start = (
        f"Across {len(reviews)} cases, under practice as usual, in {min(levels):.0f} to {max(levels):.0f} of every "
        "100 pairs of a critical item and a decision it bears on, the decision-maker had read it in time"
    )
    by_arm: dict[str, dict[str, Contrast]] = {}
    for review, (_, found) in reviews.items():
        for contrast in found:
            by_arm.setdefault(contrast.arm, {})[review] = contrast
    gains = {arm: {name: one for name, one in of.items() if one.finding == "more"} for arm, of in by_arm.items()}
    if not any(gains.values()):
        return f"{start}; no {what} here shows clearly more in any of them.", ""
    lost = series(one.title for of in by_arm.values() for one in of.values() if one.finding == "fewer")
    loss = f" Clearly fewer somewhere with: {lost}." if lost else ""
    arm = max(
        gains, key=lambda arm: (len(gains[arm]), min((one.reach.centre for one in gains[arm].values()), default=0))
    )
    mine = gains[arm]
    least, most = (pick(mine, key=lambda name: mine[name].reach.centre) for pick in (min, max))
    low, high = (pick(end(one.wider) for one in mine.values()) for pick, end in ((min, _low), (max, _high)))
    reach = f"{plain(mine[least].reach.centre)} per 100 in {least}"
    reach += f" to {plain(mine[most].reach.centre)} in {most}" if most != least else ""
    hours, spread = ([get(one).centre for one in mine.values()] for get in (_hours, _spread))
    where = f"{_cases(len(mine), len(by_arm[arm]))} it was tried on"
    bands = f"the wider bands lie between {plain(low)} and {plain(high)}"
    costs = f"{ends(hours)} working hours a case and {ends(spread)} {SPREAD}"
    gain = f"“{mine[least].title}” gets clearly more through in {where}, {reach} ({bands})"
    return f"{start}; {gain}, with {costs}.{loss}", arm


def _cases(some: int, every: int) -> str:
    if some < every:
        return f"{some} of the {every} cases"
    return {1: "the one case", 2: "both cases"}.get(every, f"all {every} cases")


def _hours(one: Contrast) -> Change:
    return one.hours


def _spread(one: Contrast) -> Change:
    return one.spread


def _low(band: Interval) -> float:
    return band.low


def _high(band: Interval) -> float:
    return band.high


# --- the eight questions ---------------------------------------------------------------------------------------------


def more_through(found: list[Contrast], runs: int, what: str = POLICY) -> str:
    """Which policies, or `what` else is compared, clearly get more through, which fewer, and of which nothing can be
    said."""
    by_finding = {word: [one.arm for one in found if one.finding == word] for word in ("more", "fewer", UNCLEAR)}
    said = []
    for word in ("more", "fewer"):
        if arms := by_finding[word]:
            some = f" with {len(arms)} of {len(found)} {plural(what)}" if len(found) > 1 else ""
            said.append(f"Clearly {word}{some}: {named(arms)}.")
    if arms := by_finding[UNCLEAR]:
        said.append(f"No clear difference at {runs} runs: {named(arms)}.")
    return " ".join(said)


def bought(found: list[Contrast], front: list[str], dominated: Mapping[str, str], called: Mapping[str, str]) -> str:
    """Which choices stand on the frontier, which are clearly dominated, and what the foremost one costs."""
    said = [f"On the frontier, on point values: {named(called[arm] for arm in front)}."]
    for by in dict.fromkeys(dominated[arm] for arm in called if arm in dominated):
        beaten = named(called[arm] for arm in called if dominated.get(arm) == by)
        said.append(
            f"Dominated by {called.get(by, by)}, which is clearly better in reach or in hours and on point values no "
            f"worse in the other: {beaten}."
        )
    best, _ = foremost(found)
    if best:
        said.append(f"With “{best.title}”: {amount(best.hours, 'hours a case')}, {amount(best.spread, SPREAD)}.")
    return " ".join(said)


def held_up(worst: pd.DataFrame, least: str, near: list[str], titles: Mapping[str, str]) -> str:
    """Which choice forgoes least in its worst world: the one place where "robust" is said."""
    row = next(row for row in worst.to_dict("records") if row["arm"] == least)
    among = "Among the most robust here" if near else "The most robust here"
    alike = named(AS_USUAL if arm == USUAL else arm for arm in near)
    others = f" Chance cannot tell it from {alike}." if near else ""
    if not row["worst_regret"]:
        none = f"In none of {row['worlds']} worlds does another choice read beyond it."
        return f"{among}: {quoted(titles[least])}. {none}{others}"
    return (
        f"{among}: {quoted(titles[least])}. In the worst for it of {row['worlds']} worlds, another choice reads "
        f"{plain(row['worst_regret'], 1)} beyond it of 100 pairs (chance: {plain(max(0.0, row['chance_low']), 1)} to "
        f"{plain(row['chance_high'], 1)}).{others}"
    )


def arrived(at_last: Mapping[str, float], never: Mapping[str, float], last: str, titles: Mapping[str, str]) -> str:
    """How much had come to a lead who needed it by the last decision, and how much never does."""
    came = series(f"{share(level)} with {quoted(titles[arm])}" for arm, level in at_last.items())
    stays = series(f"{share(level)} with {quoted(titles[arm])}" for arm, level in never.items())
    return f"Of 100 critical items, by {last}: {came}. Not within the window: {stays}."


def stopped(lost: Mapping[str, Mapping[str, float]], titles: Mapping[str, str]) -> str:
    """At which stage the largest part stops, for each arm that is given."""
    said = []
    for arm, by_stage in lost.items():
        stage = max(by_stage, key=lambda name: by_stage[name])
        said.append(f"with {quoted(titles[arm])} at “{stage}” ({by_stage[stage]:.0f} of 100)")
    return f"The largest part stops {series(said)}."


def quoted(title: str) -> str:
    """A policy's title within a sentence; practice as usual is no title."""
    return title if title == AS_USUAL else f"“{title}”"


AS_USUAL = "practice as usual"


def for_whom(title: str, gains: Mapping[str, Change]) -> str:
    """About whose life a policy's gain is least."""
    least = min(gains, key=lambda name: gains[name].centre)
    change = gains[least]
    clear = f"{signed(change.centre)} per 100 ({span(change.wider)})"
    words = amount(change, "") if change.finding == UNCLEAR else clear
    return f"Least gain with “{title}”: about {least}, {words}."


def hangs_on(rows: pd.DataFrame) -> str:
    """Which assumption moves an answer furthest, if any clearly does. `rows` are of the table of assumptions."""
    clear = rows[rows["clear"]]
    if clear.empty:
        return f"None of what was varied clearly moves an answer at {rows['runs'].min()} runs."
    size = clear["moved"].abs()
    top = clear.iloc[int(size.to_numpy(float).argmax())]
    return (
        f"What was varied moves {top['answer']} furthest by “{top['about']}”: {signed(top['moved'])} per 100 "
        f"({plain(top['moved_low'], 1)} to {plain(top['moved_high'], 1)}) at its end “{top['end']}”."
    )


def guesses_say(rows: pd.DataFrame) -> str:
    """Which guess clearly moves which answer most. `rows` are of the table of `assumptions`, the strongest first."""
    said, nothing = [], []
    for answer, mine in rows.groupby("answer", sort=False):
        clear = mine[mine["clear"]]
        words = "reach as usual" if answer == USUAL else f"what {answer} adds"
        if clear.empty:
            nothing.append(words)
        else:
            top = clear.iloc[0]
            ends = f"{signed(top['moved'])} per 100 as it goes from {top['from']:g} towards {top['to']:g}"
            said.append(f"{words} is moved furthest by “{top['leaf']}” ({ends})")
    if nothing:
        said.append(f"no single guess clearly moves {series(nothing)}")
    return f"{'; '.join(said)}."


def factors_say(rows: pd.DataFrame) -> str:
    """Which factors of a sensitivity design are told from doing nothing. `rows` are of its table, strongest first."""
    clear = rows[rows["clear"]]
    if clear.empty:
        return f"none of {len(rows)} factors is told from doing nothing."
    named = series(
        f"“{factor}” ({effect:.2g})" for factor, effect in zip(clear["factor"], clear["effect"], strict=True)
    )
    return f"of {len(rows)} factors these are told from doing nothing, over their whole range: {named}."


def enough(title: str, runs: int, chance: float, unknown: float | None) -> str:
    """Whether further runs would narrow what is said of a policy."""
    start = f"At {runs} paired runs, chance leaves ±{chance:.1f} per 100 on “{title}”"
    if unknown is None:
        return f"{start}. Not knowing was not run."
    if unknown > chance:
        return f"{start}; not knowing leaves ±{unknown:.1f}, which further runs would not narrow."
    return f"{start}, and not knowing ±{unknown:.1f}; four times the runs would halve the first."
