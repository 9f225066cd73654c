"""What is published in the repository: whole, small, what the README shows of it, and fit to be made again."""

import json
import re
from pathlib import Path

import pytest

from experiments.validity import reviews

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "results" / "published"
MOST_BYTES = 4_000_000


@pytest.fixture(scope="module")
def published():
    if not PUBLISHED.exists():
        pytest.skip("nothing is published in this checkout: safeguarding publish")
    return [path for path in PUBLISHED.rglob("*") if path.is_file()]


def test_it_is_a_page_its_figures_its_manifest_and_the_levers_and_small(published):
    assert {path.suffix for path in published if path.stem != "levers"} == {".html", ".svg", ".json"}
    assert sum(path.stat().st_size for path in published) < MOST_BYTES


def test_what_the_readme_and_the_page_link_to_is_there(published):
    readme = re.findall(r"\((results/published/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    page = re.findall(r'href="([^"#][^"]*)"', (PUBLISHED / "report.html").read_text(encoding="utf-8"))
    assert len(readme) == 2 and page
    linked = [*(ROOT / name for name in readme), *(PUBLISHED / name for name in page)]
    assert not [path for path in linked if not path.is_file()]


def test_its_manifest_names_every_review_and_the_commands(published):
    found = json.loads((PUBLISHED / "manifest.json").read_text(encoding="utf-8"))["report"]
    assert len(found["cases"]) == len(reviews()) == len(found["runs"])
    assert all(one["command"].startswith("safeguarding ") and one["fingerprints"]["case"] for one in found["runs"])
