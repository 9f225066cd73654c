"""What lies in a directory is lived again, and every way in which it might have been changed is seen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.compare import arms, perform
from experiments.conduct import Finished, conduct
from experiments.design import Experiment
from experiments.manifest import experiment_of
from experiments.verify import verify
from results.store import Store
from scenarios.refusals import ForeignDirectory
from tests.experiments.test_runner import perform as undrawn

SMALL = Experiment(
    "compare", "rowan-family", arms(["pull+P01", "P46"], 0.5), seed=3, replications=22, draws=1, per_draw=3
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "run"
    perform(SMALL, root, workers=1)
    return root


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "run")
    return tmp_path / "run"


def test_the_manifest_is_enough_to_ask_again(made: Path):
    assert experiment_of(Store(made).manifest()["experiment"], made) == SMALL


def test_worlds_of_ones_own_are_read_back(tmp_path: Path):
    worlds = ((("raise", 0.1), ("present", 1 / 3)), (("raise", 0.3), ("present", 0.7)))
    few = Experiment("x", "rowan-family", arms(["pull"]), 1, 0, 2, 3, worlds, tables=("runs", "failures"))
    conduct(Finished(few, tmp_path / "run"), lambda: None, workers=1)
    assert experiment_of(Store(tmp_path / "run").manifest()["experiment"], tmp_path / "run") == replace(
        few, tables=("runs", "failures")
    )
    found = verify(tmp_path / "run", share=1.0)
    assert found.holds and found.runs == 12
    (tmp_path / "run" / "worlds.parquet").unlink()
    with pytest.raises(ForeignDirectory, match="cannot read"):
        verify(tmp_path / "run")


def test_what_was_not_touched_holds(made: Path):
    found = verify(made, share=0.2, seed=1)
    assert found.holds and found.runs == 3 * 5 and not found.notes
    assert verify(made).runs == 3  # one in a hundred, and at least one of each arm
    assert verify(made, share=1.0).runs == 3 * 25


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change this and nothing else: by way of pandas, what has no value (NaN) would come back as what is not there."""
    pq.write_table(change(pq.read_table(path)), path, compression="zstd")


def forget_digests(root: Path) -> None:
    """As somebody would who changes a result and covers it up."""
    manifest = json.loads((root / "manifest.json").read_text())
    del manifest["made"]["files"]
    (root / "manifest.json").write_text(json.dumps(manifest))


def test_one_changed_number_is_seen_by_its_file_and_by_living_it_again(copy: Path):
    part = copy / "parts" / "00000-0000000" / "runs.parquet"

    def all_were_read(runs: pa.Table) -> pa.Table:
        at = runs.schema.get_field_index("reach")
        return runs.set_column(at, "reach", pa.array([1.0, *runs["reach"].to_pylist()[1:]]))

    rewrite(part, all_were_read)
    found = verify(copy, share=1.0)
    assert found.files == ["parts/00000-0000000/runs.parquet"]
    assert found.differing[["replication", "arm", "tables"]].to_numpy().tolist() == [[0, "usual", "runs"]]
    assert "--replication 0 --seed 3 --draw 0" in found.differing["reproduce"][0]
    forget_digests(copy)
    assert not verify(copy, share=1.0).holds


@pytest.mark.parametrize("name", ["tables/comparison.csv", "figures/forest.svg", "parts/00000-0000020/minutes.parquet"])
def test_a_changed_or_lost_file_is_seen(copy: Path, name: str):
    (copy / name).write_bytes(b"x" + (copy / name).read_bytes())
    assert verify(copy).files == [name]
    (copy / name).unlink()
    assert verify(copy).files == [name]


def test_a_run_that_was_taken_out_is_seen(copy: Path):
    part = copy / "parts" / "00000-0000020" / "runs.parquet"
    rewrite(part, lambda runs: runs.slice(1))
    forget_digests(copy)
    assert [*verify(copy, share=1.0).differing["tables"]] == ["runs"]


def test_a_failure_that_does_not_come_again_is_a_difference(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from experiments import work

    whole = work.run_once

    def breaks_once(built, seed: int, replication: int, as_usual: bool):
        if replication == 4:
            raise RuntimeError("a run that breaks")
        yield from whole(built, seed, replication, as_usual)

    with monkeypatch.context() as patch:
        patch.setattr(work, "run_once", breaks_once)
        undrawn(SMALL, tmp_path / "broken", workers=1)
        assert verify(tmp_path / "broken", share=1.0).holds
    found = verify(tmp_path / "broken", share=1.0)
    assert set(found.differing["replication"]) == {4}
    assert found.differing["tables"].str.contains("failures").all()


def test_another_version_and_another_habit_are_said(copy: Path):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["experiment"]["made by"]["model"] = "another"
    manifest["experiment"]["practice"]["raise"] = 0.5
    (copy / "manifest.json").write_text(json.dumps(manifest))
    notes = " ".join(verify(copy).notes)
    assert "made by model another, here" in notes and "practice: not what it was" in notes


def test_the_command_ends_with_0_4_or_5(made: Path, copy: Path, tmp_path: Path):
    good = CliRunner().invoke(app, ["verify", str(made)])
    assert good.exit_code == 0 and "came out the same" in good.stdout
    (copy / "tables" / "comparison.csv").write_text("mine")
    bad = CliRunner().invoke(app, ["verify", str(copy), "--json"])
    assert bad.exit_code == 5
    assert json.loads(bad.stdout)["files"] == ["tables/comparison.csv"]
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "empty", tmp_path / "nowhere"):
        refused = CliRunner().invoke(app, ["verify", str(nothing)])
        assert refused.exit_code == 4 and "no run of ours" in refused.stderr
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text("{}")
    refused = CliRunner().invoke(app, ["verify", str(tmp_path / "other")])
    assert refused.exit_code == 4 and "no manifest of ours" in refused.stderr


def test_verifying_changes_nothing(copy: Path):
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    verify(copy, share=0.5)
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before
