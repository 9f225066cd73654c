"""The same bytes whoever runs it, in whatever order; what was interrupted goes on."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from experiments import compare, work
from experiments.compare import Comparison, arms
from experiments.compare import perform as drawn
from experiments.design import Experiment
from results.store import Store
from scenarios.refusals import ForeignDirectory

SMALL = Experiment("compare", "rowan-family", arms(["pull", "P46"]), seed=3, replications=25, draws=2, per_draw=3)


def digests(root: Path) -> dict[str, str]:
    """Every result file's digest; the manifest says how a run was made and may differ."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def perform(experiment: Experiment, root: Path, **how: Any) -> Comparison:
    """A comparison without its figures, which take longer than so few runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare, "draw_figures", lambda comparison: None)
        return drawn(experiment, root, **how)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("plain") / "run"
    perform(SMALL, root, workers=1)
    return root


@pytest.mark.parametrize(("workers", "method"), [(2, "fork"), (4, "fork"), (2, "spawn")])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_bytes_do_not_depend_on_workers(plain: Path, tmp_path: Path, workers: int, method: str):
    perform(SMALL, tmp_path / "run", workers=workers, method=method)
    assert digests(tmp_path / "run") == digests(plain)


@pytest.mark.slow
def test_the_figures_too_are_the_same(tmp_path: Path):
    one, two = (drawn(SMALL, tmp_path / str(workers), workers=workers).root for workers in (1, 2))
    assert digests(one) == digests(two)
    assert len([*(one / "figures").iterdir()]) >= 10


def test_a_run_without_some_parts_goes_on_to_the_same_bytes(plain: Path, tmp_path: Path):
    root = tmp_path / "run"
    shutil.copytree(plain, root)
    parts = sorted((root / "parts").iterdir())
    for part in parts[1::2]:
        shutil.rmtree(part)
    half = root / "parts" / f"{parts[1].name}.writing"
    half.mkdir()
    (half / "journeys.parquet").write_bytes(b"half a part")
    perform(SMALL, root, workers=1)
    assert digests(root) == digests(plain)


def test_a_part_that_the_disk_lost_half_of_is_run_again(plain: Path, tmp_path: Path):
    root = tmp_path / "run"
    shutil.copytree(plain, root)
    file = root / "parts" / "00000-0000020" / "journeys.parquet"
    file.write_bytes(file.read_bytes()[:-9])
    (root / "parts" / "00001-0000000" / "runs.parquet").write_bytes(b"")
    perform(SMALL, root, workers=1)
    assert digests(root) == digests(plain)


def test_an_interrupted_run_goes_on_to_the_same_bytes(plain: Path, tmp_path: Path):
    root = tmp_path / "run"

    def stop_after_the_first_chunk(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        perform(SMALL, root, workers=1, progress=stop_after_the_first_chunk)
    assert len(list((root / "parts").iterdir())) == 1
    perform(SMALL, root, workers=1)
    assert digests(root) == digests(plain)


def test_progress_counts_every_run_once(tmp_path: Path):
    seen: list[tuple[int, int]] = []
    perform(SMALL, tmp_path / "run", workers=1, progress=lambda done, total: seen.append((done, total)))
    assert seen[0][0] == 0
    assert seen[-1] == (sum(SMALL.runs.values()),) * 2
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_the_manifest_says_how_many_runs_made_each_band(plain: Path):
    import json

    manifest = json.loads((plain / "manifest.json").read_text())
    assert manifest["made"]["runs"] == {"chance": 75, "not knowing": 18}
    assert manifest["experiment"]["seed"] == 3
    assert {"mesa", "simpy", "numpy"} <= set(manifest["made"]["versions"])


def test_a_failed_run_is_a_row_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    whole = work.run_once

    def breaks_once(built, seed: int, replication: int, as_usual: bool):
        if replication == 4:
            raise RuntimeError("a run that breaks")
        yield from whole(built, seed, replication, as_usual)

    monkeypatch.setattr(work, "run_once", breaks_once)
    few = Experiment("compare", "rowan-family", arms(["pull"]), replications=10, draws=0)
    comparison = perform(few, tmp_path / "run", workers=1)
    assert set(comparison.failures["arm"]) == {"usual", "pull"}
    assert comparison.failures["error"].str.contains("a run that breaks").all()
    assert "safeguarding trace rowan-family --policy pull --replication 4 --seed 1 --draw 0" in set(
        comparison.failures["reproduce"]
    )
    assert set(comparison.runs["replication"]) == {0, 1, 2, 3, 5, 6, 7, 8, 9}
    assert "a run that breaks" in (tmp_path / "run" / "tables" / "failures.csv").read_text()


def test_a_directory_of_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ForeignDirectory, match="something else"):
        perform(SMALL, tmp_path, workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_another_experiment_is_refused_with_the_difference(plain: Path, tmp_path: Path):
    root = tmp_path / "run"
    shutil.copytree(plain, root)
    before = digests(root)
    other = Experiment("compare", "rowan-family", SMALL.arms, seed=4, replications=25, draws=2, per_draw=3)
    with pytest.raises(ForeignDirectory, match="differs in seed"):
        perform(other, root, workers=1)
    assert digests(root) == before


def test_fresh_starts_anew_only_over_a_run_of_ours(plain: Path, tmp_path: Path):
    root = tmp_path / "run"
    shutil.copytree(plain, root)
    other = Experiment("compare", "rowan-family", SMALL.arms, seed=4, replications=2, draws=0)
    perform(other, root, workers=1, fresh=True)
    assert set(Store(root).read("journeys")["replication"]) == {0, 1}
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "notes.txt").write_text("mine")
    with pytest.raises(ForeignDirectory):
        perform(other, foreign, workers=1, fresh=True)
    assert (foreign / "notes.txt").read_text() == "mine"


def test_a_policy_without_a_route_changes_nothing(plain: Path):
    journeys = Store(plain).read("journeys")
    usual = journeys[journeys["arm"] == "usual"].drop(columns="arm").reset_index(drop=True)
    null = journeys[journeys["arm"] == "P46"].drop(columns="arm").reset_index(drop=True)
    assert usual.equals(null)


def test_the_command_that_reproduces_a_run_names_its_leaves_and_its_adherence():
    from experiments.sweep import grid

    swept = Experiment("sweep", "rowan-family", grid(["raise=0.08", "present=0.6"]))
    chunk = next(swept.chunks())
    assert work.reproduce(swept, chunk, 3, swept.arms[1]) == (
        "safeguarding trace rowan-family raise=0.08 present=0.6 --replication 3 --seed 1 --draw 0"
    )
    half = Experiment("compare", "rowan-family", arms(["pull"], 0.5))
    assert "--policy pull --adherence 0.5" in work.reproduce(half, chunk, 3, half.arms[1])


def test_where_every_run_fails_the_failures_stand_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def breaks(built, seed: int, replication: int, as_usual: bool):
        raise RuntimeError("a run that breaks")

    monkeypatch.setattr(work, "run_once", breaks)
    few = Experiment("compare", "rowan-family", arms(["pull"]), replications=4, draws=0)
    comparison = perform(few, tmp_path / "run", workers=1)
    assert comparison.never_ended == ["usual", "pull"] and len(comparison.failures) == 8
    assert {path.name for path in (tmp_path / "run" / "tables").iterdir()} == {"failures.csv", "failures.parquet"}
