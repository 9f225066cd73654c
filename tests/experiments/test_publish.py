"""The report over all reviews: made by one command, and made again the same."""

from experiments.publish import publish
from experiments.validity import reviews
from results.report.data import Data
from scenarios.load import case_called, load_practice

FEW = {"policies": ["push"], "cases": ["child-k", "child-e"], "replications": 3, "draws": 2, "per_draw": 2}


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_runs_made_anew_publish_the_same_files(tmp_path):
    pages = [publish(tmp_path / n, runs=tmp_path / f"runs-{n}", ladder=False, workers=1, **FEW) for n in ("a", "b")]
    first, second = (files(page.parent) for page in pages)
    assert "report.html" in first and "manifest.json" in first
    assert first.keys() == second.keys() and [name for name in first if first[name] != second[name]] == []
    assert len(Data.of([tmp_path / "runs-a" / "reviews"]).mains) == 2


def test_what_is_published_follows_reviews_alone():
    practice = load_practice()
    assert len(reviews()) == 5
    assert not any(case_called(name, practice).case.invented for name in reviews())
