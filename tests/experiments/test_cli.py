"""The command as a stranger uses it: what it answers, what it refuses, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments import as_recorded
from experiments.cli.app import app
from results import weights

SMALL = ["--replications", "4", "--draws", "0", "--workers", "1"]


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_help_imports_neither_mesa_nor_pandas():
    code = (
        "import sys, runpy; sys.argv = ['safeguarding', '--help']\n"
        "try: runpy.run_module('experiments', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "heavy = {'mesa', 'pandas', 'numpy', 'scipy', 'matplotlib', 'pyarrow'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "safeguarding compare child-s" in done.stdout


def test_compare_answers_in_one_sentence_and_leaves_its_files(tmp_path: Path):
    out = tmp_path / "run"
    result = run("compare", "rowan-family", "--policy", "pull", *SMALL, "--out", str(out))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Under practice as usual")
    names = {path.name for path in out.rglob("*")}
    assert {"manifest.json", "comparison.csv", "comparison.parquet", "forest.svg", "forest.png"} <= names


@pytest.mark.usefixtures("undrawn")
def test_compare_speaks_json(tmp_path: Path):
    words = ["compare", "rowan-family", "--policy", "pull+P01", *SMALL, "--out", str(tmp_path / "run"), "--json"]
    data = json.loads(run(*words).stdout)
    assert [arm["arm"] for arm in data["arms"]] == ["pull+P01"]
    assert 0 <= data["usual"]["reach"] <= 100


@pytest.mark.usefixtures("undrawn")
def test_sweep_runs_a_grid(tmp_path: Path):
    words = ["sweep", "rowan-family", "raise=0.08,0.35", "present=0.6:0.8:0.2", *SMALL]
    data = json.loads(run(*words, "--out", str(tmp_path / "run"), "--json").stdout)
    assert [arm["arm"] for arm in data["arms"]] == [
        "raise=0.08 present=0.6",
        "raise=0.08 present=0.8",
        "raise=0.35 present=0.6",
        "raise=0.35 present=0.8",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["compare", "chld-s"], "Did you mean child-s?"),
        (["compare", "child-s", "--policy", "P3O"], "Did you mean P3"),
        (["sweep", "child-s", "rase=0.1"], "Did you mean raise?"),
        (["sweep", "child-s", "raise=1.2"], "is no chance"),
        (["sweep", "child-s", "raise=low"], "no values could be read"),
        (["sweep", "child-s", "raise=0:1:0.0001"], "no values could be read"),
        (["sweep", "rowan-family", "raise=0.1,0.1"], "this point stands twice"),
        (["sweep", "rowan-family", "raise=0.1", "raise=0.2"], "raise: it is named 2 times"),
        (["sweep", "rowan-family", "member", "--design", "lhs", "--points", "3"], "this point stands twice"),
        (["trace", "rowan-family", "--item", "nothing"], "there is no such item"),
        (["trace", "rowan-family", "raise=0.1,0.2"], "that makes 2 points"),
        (["compare", "--all", "--until", "reach ± 0.1"], "--until: it has no part in --all"),
        (["compare", "rowan-family", "--as-recorded", "--out", "x"], "--out: it has no part in --as-recorded"),
        (["compare", "rowan-family", "--item", "x"], "--item: it has no part"),
        (["compare", "rowan-family", "--json", "--table", "-"], "--table: it has no part in --json"),
        (["compare", "rowan-family", "--table", "nowhere/x.csv"], "no file can be written there"),
        (["compare", "rowan-family", "--workers", "many"], "give a number up to 256, auto"),
        (["show", "rais"], "Did you mean raise?"),
        (["list", "policy"], "Did you mean policies?"),
        (["check", "not-there.toml"], "not there"),
    ],
)
def test_bad_requests_are_refused_before_anything_runs(words, says, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_all_faults_of_a_request_come_at_once():
    result = run("compare", "child-s", "--policy", "P99x", "--policy", "pushh")
    assert result.exit_code == 2
    assert "P99x" in result.stderr
    assert "pushh" in result.stderr


def test_a_foreign_directory_is_refused_with_4(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")
    result = run("compare", "rowan-family", *SMALL, "--out", str(tmp_path))
    assert result.exit_code == 4
    assert "Choose another --out" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_show_gives_a_leaf_with_its_evidence():
    shown = run("show", "raise").stdout
    assert "0.18 chance" in shown
    assert "Stasser" in shown
    assert "0.08 to 0.35" in shown


@pytest.mark.parametrize("what", ["cases", "policies", "leaves", "measures"])
def test_list_names_what_there_is(what: str):
    result = run("list", what)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 2


def test_check_finds_every_fault_of_several_files(tmp_path: Path):
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(
        '[A]\ntitle = "One"\nmeaning = "Something."\nsource = "me"\neffect = "prior"\nleaves = { rase = 0.5 }\n'
    )
    two.write_text(
        '[B]\ntitle = "Two"\nmeaning = "Something."\nsource = "me"\neffect = "prior"\nleaves = { raise = 1.2 }\n'
    )
    result = run("check", str(one), str(two))
    assert result.exit_code == 2
    assert "one.toml: policy A rase: there is no such leaf of practice. Did you mean raise?" in result.stderr
    assert "two.toml: policy B raise: 1.2 is no chance" in result.stderr


def test_check_says_what_a_sound_file_holds():
    from scenarios.load import case_path

    result = run("check", str(case_path("child-s")))
    assert result.exit_code == 0
    assert "86 items, no fault found" in result.stdout


def test_trace_is_read_aloud():
    result = run("trace", "rowan-family", "--replication", "3")
    assert result.exit_code == 0
    assert "simulated" in result.stdout
    assert "The decision falls to" in result.stdout
    assert "Services between them held" in result.stdout


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("P50", "covered by P01"),
        ("P46", "no route"),
        ("P21", "12 h a practitioner and year"),
        ("rec-1", "includes   P01, P02"),
        ("P20", "rule-ask.assessment: 0 → 1"),
    ],
)
def test_show_says_what_a_policy_does_or_why_it_does_nothing(name: str, says: str):
    shown = run("show", name).stdout
    assert says in shown
    assert json.loads(run("show", name, "--json").stdout)["title"] in shown


@pytest.mark.parametrize(("name", "says"), [("practice", "| `raise` | 0.18 |"), ("policies", "| P41 | **Out-of-hours")])
def test_show_writes_out_all_leaves_and_all_policies(name: str, says: str):
    shown = run("show", name)
    assert shown.exit_code == 0
    assert says in shown.stdout
    assert json.loads(run("show", name, "--json").stdout)


def test_list_says_which_policies_stand_for_others():
    listed = run("list", "policies").stdout
    assert "the same rule as P01" in listed
    assert "no route in this model" in listed


def test_compare_runs_the_default_list_where_no_policy_is_named():
    from experiments.compare import arms
    from scenarios.load import default_policies

    assert [arm.name for arm in arms([])] == ["usual", *default_policies()]
    assert [arm.name for arm in arms([], case="child-s")] == ["usual", *default_policies("child-s")]


def test_compare_as_recorded_says_what_if_and_how_sure(monkeypatch: pytest.MonkeyPatch):
    for place in (weights, as_recorded):
        monkeypatch.setattr(place, "ENOUGH", 100.0)
    words = ["compare", "rowan-family", "--as-recorded", "--policy", "P01", "--replications", "400", "--workers", "1"]
    data = json.loads(run(*words, "--json").stdout)
    assert data["effective"] >= 100 and data["fit"] <= data["runs"] <= 400 and not data["too_few"]
    assert data["entries"] == data["of_entries"] == 10
    assert 8 < data["surprise_bits"] < 12 and data["least_likely"][0]["entry"] == "gp-letter"
    [arm] = data["policies"]
    assert sum(arm["luck"]) == pytest.approx(1) and arm["gained"]["low"] > 0


def test_compare_as_recorded_prints_no_interval_of_too_few_runs():
    result = run(
        "compare", "rowan-family", "--as-recorded", "--policy", "P01", "--replications", "60", "--workers", "1"
    )
    assert result.exit_code == 0 and "Too few" in result.stdout and "95 %" not in result.stdout


def test_twins_tell_where_two_histories_part():
    result = run("twins", "rowan-family", "--policy", "P01")
    assert result.exit_code == 0, result.output
    assert "They part on" in result.stdout and "Luck behind the second" in result.stdout
    number = result.stdout.split("run ")[1].split()[0]
    assert run("twins", "rowan-family", "--policy", "P01", "--replication", number).stdout == result.stdout
    assert "never part" in run("twins", "rowan-family", "--policy", "P48", "--replication", number).stdout


def test_trace_as_recorded_reads_a_history_that_fits():
    result = run("trace", "rowan-family", "--as-recorded")
    assert result.exit_code == 0 and "fit the 10 entries of the record" in result.stdout
    refused = run("trace", "rowan-family", "--as-recorded", "--policy", "P01")
    assert refused.exit_code == 2 and "safeguarding twins" in refused.output


def test_check_says_what_a_record_holds():
    result = run("check", "scenarios/records/rowan-family.toml")
    assert result.exit_code == 0 and "10 entries" in result.stdout


def test_check_takes_a_case_by_its_name_with_its_record():
    result = run("check", "rowan-family")
    assert result.exit_code == 0
    assert "11 items, no fault found" in result.stdout and "10 entries" in result.stdout
    unknown = run("check", "rowan-famly")
    assert unknown.exit_code == 2 and "not there" in unknown.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("compare rowan-family --as-recorded --item arears", "item arears: there is no such item"),
        ("compare rowan-family --as-recorded --counterfactuals", "none that can be asked"),
        ("compare rowan-family --dry-run --table -", "--table: it has no part in --dry-run"),
        ("validity rowan-family --no-tests --no-record", "it follows no review"),
    ],
)
def test_what_could_not_be_answered_is_refused_before_anything_runs(words, said):
    refused = run(*words.split())
    assert refused.exit_code == 2 and said in refused.stderr and not refused.stdout
