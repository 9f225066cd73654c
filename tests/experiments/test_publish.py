"""The report over all reviews: made by one command, and made again the same."""

import re
from inspect import signature

import pytest

from experiments.cli.publish import publish as command
from experiments.levers import levers
from experiments.publish import publish
from experiments.validity import reviews
from results.report.data import Data
from scenarios.load import case_called, load_practice
from scenarios.refusals import ForeignDirectory

FEW = {"policies": ["push"], "cases": ["child-k", "child-e"], "replications": 3, "draws": 2, "per_draw": 2}


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_runs_made_anew_publish_the_same_files(tmp_path):
    pages = [
        publish(tmp_path / n, runs=tmp_path / f"runs-{n}", ladder=False, levers=False, workers=1, **FEW)
        for n in ("a", "b")
    ]
    first, second = (files(page.parent) for page in pages)
    assert {"report.html", "manifest.json", "figures/1-more-through.svg"} <= first.keys()
    assert first.keys() == second.keys() and [name for name in first if first[name] != second[name]] == []
    text = first["report.html"].decode()
    linked = set(re.findall(r'href="((?:figures|tables)/[^"]+)"', text))
    assert linked and linked <= first.keys() and "Save this table" in text


def test_the_same_again_resumes_and_runs_nothing_twice(tmp_path, monkeypatch):
    built = []
    monkeypatch.setattr("experiments.publish.build", lambda roots, out, files: built.append(roots) or out)
    publish(tmp_path / "page", runs=tmp_path / "runs", ladder=False, levers=False, workers=1, **FEW)
    parts = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("parts/*/*")}
    publish(tmp_path / "page", runs=tmp_path / "runs", ladder=False, levers=False, workers=1, **FEW)
    assert parts and parts == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("parts/*/*")}
    assert len(Data.of(built[0]).mains) == 2 and built[0] == built[1]
    with pytest.raises(ForeignDirectory):
        publish(
            tmp_path / "page",
            runs=tmp_path / "runs",
            ladder=False,
            levers=False,
            workers=1,
            **FEW | {"replications": 4},
        )


@pytest.mark.slow
def test_the_levers_of_each_review_are_published_for_list_levers(tmp_path):
    publish(tmp_path / "page", runs=tmp_path / "runs", ladder=False, workers=1, **FEW)
    measured = {(row["case"], row["policy"]) for row in levers(tmp_path / "page") if row["measured"]}
    assert {case for case, _ in measured} == {"child-k", "child-e"} and len(measured) > 20


def test_the_command_publishes_what_the_notebook_does():
    asked, meant = (signature(one).parameters for one in (command, publish))
    for name in ("replications", "draws", "per_draw", "seed"):
        assert asked[name].default == meant[name].default


def test_what_is_published_follows_reviews_alone():
    practice = load_practice()
    assert len(reviews()) == 5
    assert not any(case_called(name, practice).case.invented for name in reviews())
