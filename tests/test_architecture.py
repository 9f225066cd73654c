"""Which way the imports point, and what no code may know."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("scenarios", "simulation", "agents", "results", "experiments")
"""From left to right: a package imports what stands to its left."""
READ_BY_RESULTS = {"trace", "index", "journey", "reasons", "routes", "world", "setting", "calendar"}
HINDSIGHT = {"critical", "core", "bears_on"}
FILES = [path.relative_to(ROOT) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@cache
def parsed(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def modules_imported(path):
    """Every module of ours that a file imports, wherever in the file, for types or for use."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.split(".") for name in names if name.split(".")[0] in PACKAGES)


def in_package(*packages):
    return [path for path in FILES if path.parts[0] in packages]


def cases():
    return [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "scenarios/cases").glob("*.toml"))
    ]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_point_left(path):
    here = PACKAGES.index(path.parts[0])
    wrong = [".".join(name) for name in modules_imported(path) if PACKAGES.index(name[0]) > here]
    assert not wrong, f"{path} imports from its right: {wrong}"


@pytest.mark.parametrize("path", in_package("results"), ids=str)
def test_results_read_the_trace_and_never_a_living_model(path):
    for name in modules_imported(path):
        assert name[0] != "agents", f"{path} imports {'.'.join(name)}"
        assert name[0] != "simulation" or name[1] in READ_BY_RESULTS, f"{path} imports {'.'.join(name)}"


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "__init__.py"], ids=str)
def test_a_package_opens_with_a_docstring_and_nothing_else(path):
    body = parsed(path).body
    assert len(body) == 1 and ast.get_docstring(parsed(path))


def test_every_package_opens_with_a_docstring():
    assert {Path(package, "__init__.py") for package in PACKAGES} <= set(FILES)


def words_of(path):
    """Every name and every one-word text of the code. What a docstring or a help text tells a reader is prose."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) == 1:
            yield node.value
        elif isinstance(node, ast.Name | ast.Attribute):
            yield node.id if isinstance(node, ast.Name) else node.attr


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_code_is_written_for_one_case(path):
    words = set(words_of(path))
    for case in cases():
        rows = {row["id"] for table in ("item", "contact", "meeting", "decision") for row in case.get(table, ())}
        numbered = {row for row in rows if re.fullmatch(r"([a-z]-[a-z]|[A-Z])\d+[a-z]?", row)}
        assert not words & {case["case"]["id"], case["case"]["title"], *numbered}


@pytest.mark.parametrize("path", in_package("agents", "simulation"), ids=str)
def test_behaviour_never_reads_hindsight(path):
    if path == Path("simulation/journey.py"):
        return
    for node in ast.walk(parsed(path)):
        named = node.attr if isinstance(node, ast.Attribute) else node.value if isinstance(node, ast.Constant) else None
        assert named not in HINDSIGHT, f"{path}:{node.lineno} reads {named}"
