"""Which policy gets more through? Paired differences with both bands, and what each costs beside it."""

from __future__ import annotations

from collections.abc import Mapping

from results.colours import Look
from results.findings import POLICY, WHICH, bands_in_words, more_through, signed, span
from results.plots.house import SIMULATED, Drawn
from results.plots.strips import TWO_LINES, Strip, Words, headings, named, stacked, strips
from results.statistics import Change, Interval
from results.tables import Contrast

FINDINGS = {"more": "clear: more", "fewer": "clear: fewer", "no clear difference": "not clear"}


def forest(
    found: list[Contrast],
    level: Interval,
    case_title: str,
    runs: int,
    draws: int,
    look: Mapping[str, Look],
    what: str = POLICY,
) -> Drawn:
    """One case: the difference in reach of every policy, or `what` else is compared, with its hours and what came
    wider than needed in print."""
    labels = {one.arm: named(one.arm, one.title) for one in found}
    axis = "more critical items read in time by the decision-maker, per 100 (as usual: 0)"
    columns = (
        Strip("", axis, _reach(found), hollow=_unclear(found)),
        Words("more\nper 100", {one.arm: signed(one.reach.centre) for one in found}),
        Words("hours\na case", {one.arm: signed(one.hours.centre) for one in found}),
        Words("wider than\nneeded", {one.arm: signed(one.spread.centre) for one in found}),
        Words("finding", {one.arm: FINDINGS[one.finding] for one in found}, side="left"),
    )
    usual = f"Practice as usual: {level.centre:.0f} of every 100 (chance: {span(level)})."
    foot = (
        f"{bands_in_words(runs, draws)} “Clear” only where both leave zero on one side; hollow: not clear. Wider than "
        f"needed: items a case that came to people with no part in any of its decisions. {SIMULATED}"
    )
    figure = strips(labels, look, columns)
    return Drawn(figure, f"{case_title}: {WHICH.format(what)}", f"{usual} {more_through(found, runs, what)}", foot)


def forests(
    reviews: Mapping[str, list[Contrast]], said: str, foot: str, look: Mapping[str, Look], what: str = POLICY
) -> Drawn:
    """Several cases as small multiples on one scale: policies in rows, a case in each column."""
    labels = {one.arm: stacked(one.arm, one.title) for found in reviews.values() for one in found}
    heading = headings(reviews)
    columns = [
        Strip(
            heading[review],
            "more per 100",
            _reach(found),
            0.0,
            _unclear(found),
            {one.arm: _printed(one) for one in found},
            "more (wider than needed)" if len(reviews) < 4 else "more (wider)",
        )
        for review, found in reviews.items()
    ]
    figure = strips(labels, look, columns, tall=TWO_LINES)
    return Drawn(figure, WHICH.format(what).capitalize(), said, foot)


def _printed(one: Contrast) -> str:
    """A gain, and beneath it what came wider than needed."""
    return f"{signed(one.reach.centre)}\n({signed(one.spread.centre, 0)})"


def _reach(found: list[Contrast]) -> dict[str, Change]:
    return {one.arm: one.reach for one in found}


def _unclear(found: list[Contrast]) -> frozenset[str]:
    return frozenset(one.arm for one in found if one.finding == "no clear difference")
