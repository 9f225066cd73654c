"""The first three questions: which policy gets more through, at what cost, and does it hold."""

from __future__ import annotations

from dataclasses import replace

from results.choices import least_worst
from results.findings import bands_in_words, held_up, more_through, plain, signed, span
from results.measures import MEASURES
from results.plots import forest, hours, regret
from results.plots.house import SIMULATED, Drawn
from results.plots.strips import TWO_LINES, Strip, Words, headings, named, stacked, strips
from results.report import together
from results.report.data import Data
from results.report.show import LEVEL, MOVED, WHOLE, Column, Listing, Picture, Section, banded, wide
from results.statistics import Change
from results.tables import Contrast, changes_of
from scenarios.policy import USUAL

AGAIN = "These runs were written before this was tabled. The same command there again writes it."

LOAD = MEASURES["load"].words.replace("Items", "items", 1)

CASE = Column("case", "case")


def heads(data: Data) -> list[Column]:
    """What names a row: the policy, and with several cases the case before it."""
    arm = Column("arm", data.what)
    return [arm] if data.alone else [CASE, arm]


def several(data: Data, said: dict[str, str]) -> list[str]:
    """A finding for each case, named where there are several."""
    return list(said.values()) if data.alone else [f"{case}: {words}" for case, words in said.items()]


def more(data: Data) -> Section:
    """Which gets more through?"""
    usual = {case: changes_of(data.one("levels", case), "reach", "level")[USUAL] for case in data.cases}
    said = {}
    for reading in data.mains:
        level = usual[reading.title]
        bands = f"chance {span(level.chance)}" + (
            f", not knowing {span(level.not_knowing)}" if level.not_knowing.n else ""
        )
        through = more_through(data.contrasts[reading.title], reading.runs, data.what)
        said[reading.title] = f"Practice as usual: {level.centre:.0f} of every 100 ({bands}). {through}"
    findings = list(said.values()) if data.alone else [together.levels(usual), together.gains(data.contrasts)]
    foot = (
        f"{data.how_many}{bands_in_words(data.runs, data.draws)} Hollow: no clear difference. {_beside(data)}Wider "
        f"than needed: items a case that came to people with no part in any of its decisions. {SIMULATED}"
    )
    if data.alone:
        (reading,) = data.mains
        drawn = forest.forest(
            data.rows(reading.title),
            usual[reading.title].chance,
            reading.title,
            reading.runs,
            reading.draws,
            data.looks,
            data.what,
        )
    else:
        found = {case: data.rows(case) for case in data.cases}
        drawn = forest.forests(found, findings[1], foot, data.looks, data.what)
    columns = [
        *heads(data),
        Column("title", "title"),
        Column("effect_rests_on", "effect rests on"),
        Column("reach_per_100", "read in time, of 100", LEVEL),
        Column("difference", "more, per 100", MOVED),
        *banded(),
        Column("finding", "finding"),
        Column("hours_difference", "hours a case", MOVED),
        Column("wider_difference", "wider than needed", MOVED),
    ]
    caption = (
        f"Each {data.what} beside practice as usual. Wider than needed: items a case that came to people with no part "
        "in it."
    )
    listing = Listing("gains", caption, columns, data.sheets["gains"], len(heads(data)))
    picture = Picture("1-more-through", drawn, _alternative(data, findings))
    return Section("more", "Which gets more through?", findings, [picture], foot, [listing])


def _beside(data: Data) -> str:
    return "" if data.alone else "Beside each gain, in brackets: wider than needed. "


def _alternative(data: Data, findings: list[str]) -> str:
    """The findings, and each policy's difference."""
    numbers = [
        f"{case}: {one.title} {signed(one.reach.centre)} per 100 ({span(one.wider, 1)})"
        for case, found in data.contrasts.items()
        for one in found
    ]
    return " ".join([*findings, *(f"{words}." for words in numbers)])


def cost(data: Data) -> Section:
    """At what cost?"""
    if not data.has("costs"):
        return Section("cost", "At what cost?", missing=AGAIN, command=data.mains[0].command)
    prices = [_price(data, case, data.contrasts[case]) for case in data.cases]
    findings = [prices[0].said] if data.alone else together.prices(prices, data.foremost_of_all, data.titles)
    shown = [_price(data, case, data.rows(case)) for case in data.cases]
    foot = (
        f"{data.how_many}{bands_in_words(data.runs, data.draws)} Dashed: the frontier. In the "
        f"plane, practice as usual has the bands of its own level. Reading load: {LOAD} Less is better. {SIMULATED}"
    )
    if data.alone:
        (reading,) = data.mains
        plane = hours.reach_hours(shown[0], reading.runs, reading.draws, data.looks)
        drawn = [("2-cost", replace(plane, said=findings[0], foot=foot))]
    else:
        plane = hours.planes(shown, " ".join(findings), foot, data.looks)
        drawn = [("2-cost", plane), ("2-reading-load", _loads(data, shown, foot))]
    columns = [
        *heads(data),
        Column("reach", "read in time, of 100", LEVEL),
        Column("hours", "hours a case", LEVEL),
        Column("added_hours", "added", MOVED),
        Column("load", "items to read for each critical one", LEVEL),
        Column("added_load", "added", MOVED),
        Column("signal", "critical, of 100 to read", LEVEL),
        Column("wider", "wider than needed", LEVEL),
        Column("added_wider", "added", MOVED),
        Column("frontier", "on the frontier"),
        Column("dominated_by", "clearly dominated by"),
    ]
    table = data.sheets["costs"].assign(frontier=data.sheets["costs"]["on_frontier"].map({True: "yes", False: ""}))
    listing = Listing(
        "costs", "What each choice costs, as levels and beside practice as usual", columns, table, len(heads(data))
    )
    pictures = [Picture(name, one, " ".join([one.question, *findings])) for name, one in drawn]
    return Section("cost", "At what cost?", findings, pictures, foot, [listing])


def _price(data: Data, case: str, found: list[Contrast]) -> hours.Price:
    """What these policies of a case cost."""
    return hours.price_of(case, found, data.one("levels", case), _dominated(data, case))


def _dominated(data: Data, case: str) -> dict[str, str]:
    mine = data.one("costs", case)
    return {arm: by for arm, by in zip(mine["arm"], mine["dominated_by"], strict=True) if by}


def _loads(data: Data, prices: list[hours.Price], foot: str) -> Drawn:
    """Reading load, a strip for each case."""
    labels = {arm: stacked(arm, title) for arm, title in data.labels.items() if arm != USUAL}
    columns: list[Strip | Words] = []
    heading = headings([price.title for price in prices])
    for price in prices:
        rows = {arm: change for arm, change in price.load.rows.items() if arm != USUAL}
        printed = {arm: signed(change.centre) for arm, change in rows.items()}
        unclear = frozenset(arm for arm, change in rows.items() if change.finding == "no clear difference")
        columns.append(Strip(heading[price.title], "added items", rows, 0.0, unclear, printed))
    said = "Items laid before somebody for each critical item, beside practice as usual. Each case has its own scale."
    figure = strips(labels, data.looks, columns, tall=TWO_LINES, alike=False)
    return Drawn(figure, "At what cost? The reading load", said, foot)


def holds(data: Data) -> Section:
    """Does it hold if we are wrong?"""
    question = "Does it hold if we are wrong?"
    if not data.has("worst"):
        missing = "No draws of the prior leaves were run, so there are no other worlds to hold it against."
        return Section("holds", question, missing=missing, command=f"{_without_draws(data)} --draws 20")
    said, marked = {}, {}
    for case in data.cases:
        if data.has("worst", case):
            worst = data.one("worst", case)
            least, near = least_worst(worst)
            said[case], marked[case] = held_up(worst, least, near, data.titles), [least, *near]
    findings = list(said.values()) if data.alone else [together.worsts(marked, data.titles)]
    foot = (
        f"{data.how_many}{_some_worlds(data)}A world is one draw of all the habits that nobody has measured, the same "
        "for every choice: not knowing. Regret is how many of 100 pairs another choice reads beyond this one there; "
        "practice as usual is a choice too. ± and thick: chance, the 95 % interval over the few runs of that world. "
        "Taking the most of noisy means makes regret err high; the table has it confirmed on runs that did not choose "
        f"the world. {SIMULATED}"
    )
    labels = {arm: named(arm, title, 34) if data.alone else stacked(arm, title) for arm, title in data.labels.items()}
    worsts = {case: data.one("worst", case) for case in said}
    if data.alone:
        (case,) = said
        figure = regret.regret_map(data.one("regret", case), worsts[case], marked[case], labels, data.looks)
    else:
        figure = regret.worst_strips(worsts, labels, data.looks)
    drawn = Drawn(figure, question, " ".join(findings), foot)
    return Section(
        "holds", question, findings, [Picture("3-regret", drawn, " ".join(findings))], foot, _worlds(data, foot)
    )


def _some_worlds(data: Data) -> str:
    """That not all worlds are shown, where they are not."""
    every = data.sheets["regret"]["world"].nunique()
    some = f"{regret.MOST_WORLDS} of {every} worlds, those in which most is forgone; the table has all. "
    return some if data.alone and every > regret.MOST_WORLDS else ""


def _without_draws(data: Data) -> str:
    words = data.mains[0].command.split(" --draws ")
    return words[0] if len(words) == 1 else words[0] + words[1].partition(" ")[1] + words[1].partition(" ")[2]


def _worlds(data: Data, foot: str) -> list[Listing]:
    columns = [
        *heads(data),
        Column("worst_regret", "forgone in its worst world, of 100", LEVEL),
        Column("chance_low", "chance from", LEVEL),
        Column("chance_high", "to", LEVEL),
        Column("confirmed", "confirmed on other runs", LEVEL),
        Column("world", "which world", WHOLE),
        Column("best_in_per_100", "reaches most, of 100 worlds", LEVEL),
    ]
    listings = [
        Listing("worst", "What each choice forgoes in its worst world", columns, data.sheets["worst"], len(heads(data)))
    ]
    if data.alone:
        table = data.sheets["regret"]
        worlds = {world: f"{world}" for world in dict.fromkeys(table["world"])}
        spread = wide(table, ["arm"], "world", "regret", worlds)
        across = [*heads(data), *(Column(world, name, WHOLE) for world, name in worlds.items())]
        listings.append(Listing("regret", "What each choice forgoes in each world, of 100 pairs", across, spread))
    return listings


def worst_of(data: Data, case: str, arm: str) -> Change | None:
    """What a choice forgoes in its worst world, with chance."""
    if not data.has("worst", case):
        return None
    row = next((row for row in data.one("worst", case).to_dict("records") if row["arm"] == arm), None)
    return regret.change_of(row) if row else None


def said_of(change: Change | None) -> str:
    """A worst regret in words."""
    return "not run" if change is None else plain(change.centre, 1)
