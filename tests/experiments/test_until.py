"""Runs go on until enough is known: at the first block where it is, however many workers ran ahead of the look."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.agenda import Agenda
from experiments.cli.app import app
from experiments.compare import arms
from experiments.conduct import Finished, conduct
from experiments.design import Experiment
from experiments.runner import run
from results.stopping import Until, enough
from results.store import Store
from tests.experiments.test_runner import digests

LONG = Experiment("compare", "rowan-family", arms(["pull"]), seed=3, replications=600, draws=1, per_draw=4)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six blocks, run whether enough is known or not."""
    root = tmp_path_factory.mktemp("long")
    run(LONG, root, workers=2)
    return root


def differences(root: Path, replications: int) -> dict[str, object]:
    runs = Store(root).read("runs")
    point = runs[(runs["draw"] == 0) & (runs["replication"] < replications)]
    reach = point.astype({"arm": str}).pivot(index="replication", columns="arm", values="reach")
    return {"pull": reach["pull"] - reach["usual"]}


def half_width_met_first_at(root: Path, block: int) -> float:
    """A half-width that is met at this block, and at none before it."""
    from results.stopping import widest

    def half(n: int) -> float:
        found = widest(differences(root, n))
        return (found.high - found.low) / 2

    asked = half(block)
    assert all(half(n) > asked for n in range(400, block, 100))
    return asked


def test_it_stops_at_the_first_block_at_which_enough_is_known(long: Path, tmp_path: Path):
    asked = half_width_met_first_at(long, 500)
    experiment = replace(LONG, until=Until("reach", asked))
    for copy in ("one", "two"):  # what the first look is at is there
        shutil.copytree(long, tmp_path / copy)
        for part in [*experiment.at_the_point()][20:]:
            Store(tmp_path / copy).drop(part.name)
    seen: list[tuple[int, int]] = []
    run(experiment, tmp_path / "one", workers=1, progress=lambda *both: seen.append(both))
    assert enough(differences(tmp_path / "one", 500), asked) and not enough(differences(tmp_path / "one", 400), asked)
    assert set(Store(tmp_path / "one").read("runs").query("draw == 0")["replication"]) == {*range(500)}
    assert seen[0] == (2 * 404, 2 * 604) and seen[-1] == (2 * 504, 2 * 504)
    run(experiment, tmp_path / "two", workers=2)
    assert digests(tmp_path / "two") == digests(tmp_path / "one")


def test_what_was_run_ahead_is_taken_away_when_it_goes_on(long: Path, tmp_path: Path):
    """All six blocks are there, as if a run were killed between its look and its end."""
    asked = half_width_met_first_at(long, 500)
    root = tmp_path / "run"
    shutil.copytree(long, root)
    run(replace(LONG, until=Until("reach", asked)), root, workers=1)
    assert {path.name for path in Store(root).parts.iterdir()} == {
        *(f"00000-{first:07d}" for first in range(0, 500, 20)),
        "00001-0000000",
    }


def test_it_never_stops_before_four_hundred_and_never_goes_beyond_the_most(long: Path):
    store = Store(long)
    assert Agenda(replace(LONG, until=Until("reach", 0.9)), store).stop == 400
    assert Agenda(replace(LONG, until=Until("reach", 1e-9)), store).stop == 600
    assert Agenda(LONG, store).stop == 600


def test_the_manifest_says_how_many_it_took(long: Path, tmp_path: Path):
    root = tmp_path / "run"
    found = Finished(replace(LONG, arms=arms(["P46"]), until=Until("reach", 0.9)), root)
    conduct(found, lambda: None, workers=2)
    manifest = Store(root).manifest()
    assert manifest["experiment"]["until"] == "reach ± 0.9"
    assert manifest["made"]["replications"] == found.replications == 400
    assert manifest["made"]["runs"] == {"chance": 800, "not knowing": 8}


@pytest.mark.usefixtures("undrawn")
def test_the_command_says_how_well_it_knows(tmp_path: Path):
    words = ["compare", "rowan-family", "--policy", "P46", "--draws", "0", "--out", str(tmp_path / "run")]
    data = json.loads(CliRunner().invoke(app, [*words, "--until", "reach +- 0.5", "--json"]).stdout)
    assert data["replications"] == 400
    assert "every difference in reach is known to ±" in data["known"] and "asked: ± 50" in data["known"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--until", "reech ± 0.01"], "Did you mean reach?"),
        (["--until", "reach ± 0.01", "--replications", "500"], "--until decides how many"),
        (["--max-replications", "500"], "goes with --until only"),
        (["--until", "reach ± 0.01", "--max-replications", "399"], "greater than or equal to 400"),
        (["--until", "reach > 0"], "no measure with its half-width"),
    ],
)
@pytest.mark.parametrize("verb", [["compare", "rowan-family"], ["sweep", "rowan-family", "raise=0.1"]])
def test_what_cannot_be_asked_is_refused_with_2(verb: list[str], words: list[str], says: str, tmp_path: Path):
    result = CliRunner().invoke(app, [*verb, *words, "--out", str(tmp_path / "run")])
    assert result.exit_code == 2
    assert says in result.stderr
    assert not (tmp_path / "run").exists()
