"""A case whose source gives no dates is told and drawn without one, wherever a person reads it."""

import re
from datetime import date

import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.compare import FIGURES, arms, perform
from experiments.design import Experiment
from results.chronology import as_text, chronology
from results.days import Days
from results.facts import decisions
from scenarios.load import case_path, load_case
from simulation.routes import Routes

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(rf"\b\d{{1,2}} ({MONTHS})\b|\b({MONTHS}) 20\d\d\b|\b20(08|09)\b|\b\d{{1,2}} [A-Z][a-z]{{2}}\b")


@pytest.fixture(scope="module")
def child_h(practice):
    return load_case(case_path("child-h"), practice)


def test_a_date_would_be_found():
    """The pattern is no test if it finds nothing."""
    assert all(DATE.search(said) for said in ("on 26 June", "Friday 26 June 2020", "7 May", "26 Jun", "in 2009"))
    assert not DATE.search("on day 12, of a leaflet of 2006, 12 days before the birth (Monday)")


@pytest.mark.parametrize("policy", [None, "everything"])
def test_no_reading_gives_a_date(world, live, child_h, policy):
    place = world(policy, case=child_h)
    trace, routes = live(place), Routes(place)
    told = [as_text(chronology(trace, place, routes, item)) for item in (None, *place.items)]
    assert not [found[0] for text in told for found in DATE.finditer(text)]
    assert "before the birth" in told[0] and "The day of the birth (Monday)" in told[0] and "Day 62 (Sunday)" in told[0]


def test_no_decision_is_dated_in_a_figure(world, child_h):
    assert list(decisions(world(case=child_h))["on"]) == ["day −150", "day −60", "day 3", "day 37", "day 65"]


def test_no_figure_gives_a_date(tmp_path):
    few = Experiment("compare", "child-h", arms(["pull"]), replications=4, draws=0)
    perform(few, tmp_path / "run", workers=1)
    for name in FIGURES:
        words = " ".join(re.findall(r">([^<>]+)</text>", (tmp_path / "run" / "figures" / f"{name}.svg").read_text()))
        assert words and not DATE.search(words), name
    drawn = (tmp_path / "run" / "figures" / "reading-times.svg").read_text()
    assert "counted from the birth" in drawn and "Mondays, inferred" in drawn


def test_the_command_says_once_how_days_are_counted():
    said = " ".join(CliRunner().invoke(app, ["trace", "child-h", "--item", "h-f06"]).stdout.split())
    assert said.count(Days(date(2009, 7, 6), "the birth").note) == 1
    assert "gives no dates" not in CliRunner().invoke(app, ["trace", "rowan-family"]).stdout
