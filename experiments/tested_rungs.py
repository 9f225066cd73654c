"""The rungs that are tests of this project: theory, laws, literature and direction, each run now, by name."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

from results.validity import Rung

TESTS = Path(__file__).parent.parent / "tests"
LADDER = {
    "theory": ("simulation/test_workload.py", "simulation/test_chance.py", "results/test_scoring.py"),
    "laws": ("test_laws.py",),
    "literature": ("test_theory.py", "test_literature.py"),
    "direction": ("test_direction.py",),
}
"""Which tests are which rung."""


def of_tests() -> Iterator[Rung]:
    """The rungs that are tests, each run now, by name."""
    for ladder, files in LADDER.items():
        there = [TESTS / file for file in files if (TESTS / file).exists()]
        asked = "every test passes"
        question = f"Tests of {ladder}: {', '.join(file.removesuffix('.py') for file in files)}"
        if not there:
            yield Rung(ladder, question, asked, "the tests are not installed here: run from a checkout", "not scored")
            continue
        passed, short, failed = run_tests(there)
        said = f"{passed} passed" + (f", {len(short)} fall short as expected" if short else "")
        if failed is None:
            yield Rung(ladder, question, asked, 'pytest is not installed: pip install -e ".[test]"', "not scored")
        else:
            said += f"; failed: {', '.join(failed)}" if failed else ""
            yield Rung(ladder, question, asked, said, "miss" if failed else "pass")


def run_tests(files: list[Path]) -> tuple[int, list[str], list[str] | None]:
    """How many passed, which fall short as their reason says, which failed; the last None where nothing could run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junitxml={report}",
            *map(str, files),
        ]
        subprocess.run(words, cwd=TESTS.parent, capture_output=True, check=False)
        if not report.exists():
            return 0, [], None
        cases = list(ElementTree.parse(report).iter("testcase"))
    failed = [_name(case) for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = {_name(case): case.find("skipped") for case in cases if case.find("skipped") is not None}
    short = [name for name, why in skipped.items() if why is not None and why.get("type") == "pytest.xfail"]
    return len(cases) - len(failed) - len(skipped), short, failed


def _name(case: ElementTree.Element) -> str:
    return str(case.get("name"))
