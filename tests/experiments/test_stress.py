"""A run tells what STRESS asks of it, and every number of it is the manifest's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.compare import arms
from experiments.conduct import Finished, conduct
from experiments.design import Experiment
from experiments.stress import in_short, stress
from results.stopping import Until
from results.store import Store

SECTIONS = ("1.3", "2.3", "3.3", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1")
FEW = Experiment("compare", "rowan-family", arms(["pull"], 0.6), seed=7, replications=4, draws=2, per_draw=3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "run"
    conduct(Finished(FEW, root), lambda: None, workers=1)
    return root


def test_every_section_about_a_run_is_filled(made: Path):
    said = Store(made).manifest()
    told = stress(said, made)
    assert [line.split()[1] for line in told.splitlines() if line.startswith("## ")] == [*SECTIONS]
    assert all(section.strip().count("\n") >= 2 for section in told.split("## ")[1:])
    for word in ("4 replications", "2 draws", "3 replications each", "seed 7", "followed 60%", "All runs ended."):
        assert word in told
    assert said["made"]["commit"] in told and said["made"]["versions"]["simpy"] in told
    assert f"safeguarding verify {made}" in told


def test_it_says_what_it_cannot_know_and_what_has_not_ended(made: Path):
    said = Store(made).manifest()
    del said["made"]["failed"], said["made"]["goes"][0]["ended"]
    told = stress(said, made)
    assert "The runs have not ended." in told and "of running" not in told
    assert in_short(said)["ended"] == "not ended"


def test_runs_that_went_on_until_enough_was_known_say_so(made: Path):
    said = Store(made).manifest()
    said["experiment"] |= {"until": str(Until("reach", 0.01)), "replications": 9_000}
    said["made"]["replications"] = 700
    told = stress(said, made)
    assert "700 replications of every arm" in told and "known to reach ± 0.01" in told and "at most 9,000" in told


@pytest.mark.parametrize(
    ("question", "says", "never"),
    [("robustness", "Regret is by how much", "band of not knowing"), ("sensitivity", "SALib's", "Regret")],
)
def test_what_is_no_difference_from_usual_is_told_as_what_it_is(made: Path, question: str, says: str, never: str):
    said = Store(made).manifest()
    said["experiment"] |= {"question": question}
    told = stress(said, made)
    assert says in told and never not in told
    assert "chunks of at most 20 replications" in told


def test_a_case_without_dates_is_told_without_dates(tmp_path: Path):
    conduct(Finished(replace(FEW, case="child-h", arms=FEW.arms[:1], replications=2, draws=0), tmp_path), lambda: None)
    said = Store(tmp_path).manifest()
    told = stress(said, tmp_path)
    case = said["experiment"]["case"]["case"]
    assert case["day_zero"] and case["start"] not in told and case["end"] not in told
    assert "days of the case's calendar, in minutes" in told


def test_the_command_shows_a_run_in_short_in_full_or_as_data(made: Path):
    short = CliRunner().invoke(app, ["show", "run", str(made)])
    assert short.exit_code == 0 and "not knowing" in short.stdout and "The Rowan family" in short.stdout
    full = CliRunner().invoke(app, ["show", "run", str(made), "--stress"])
    assert full.stdout == stress(Store(made).manifest(), made)
    data = CliRunner().invoke(app, ["show", "run", str(made), "--json"])
    assert json.loads(data.stdout) == Store(made).manifest()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["run"], 2, "shown by its directory"),
        (["raise", "somewhere"], 2, "shown by its directory"),
        (["raise", "--stress"], 2, "shown by its directory"),
        (["run", "nowhere"], 4, "no run of ours"),
    ],
)
def test_what_is_no_run_is_refused(words: list[str], code: int, says: str):
    refused = CliRunner().invoke(app, ["show", *words])
    assert refused.exit_code == code and says in refused.stderr
