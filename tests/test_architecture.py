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


@cache
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


def texts_of(path):
    """Every name that the code defines or uses, and every text in it but docstrings and the help of commands."""
    tree = parsed(path)
    prose = {
        id(keyword.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in ("help", "epilog", "metavar")
    }
    prose |= {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and ast.get_docstring(node, clean=False)
    }
    for node in ast.walk(tree):
        for name in ("id", "attr", "name", "arg", "module"):
            if isinstance(word := getattr(node, name, None), str):
                yield word
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


@cache
def case_words():
    """What a case is called: its id and its title, and what tells either from others."""
    ids = {case["case"]["id"] for case in cases()} | {path.stem for path in (ROOT / "scenarios/cases").glob("*.toml")}
    titles = {case["case"]["title"].partition(" (")[0].partition(",")[0] for case in cases()}
    pseudonyms = {match[0] for title in titles for match in re.finditer(r"Child [A-Z]\b", title)}
    families = {word for name in ids for word in name.split("-") if word not in ("child", "family") and len(word) > 1}
    return ids | titles | pseudonyms | families


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_code_names_a_case(path):
    """No family has code of its own, by whatever name it goes."""
    pattern = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(case_words())), re.IGNORECASE)
    named = [text for text in texts_of(path) if pattern.search(text.replace("_", "-")) or pattern.search(text)]
    assert not named, f"{path} names a case: {named}"


def test_the_search_for_case_names_finds_one_where_there_is_one(tmp_path):
    (tmp_path / "one.py").write_text(
        '"""Of child-s."""\nimport typer\ntyper.Option(help="child-s")\n'
        'def child_s():\n    """Child S."""\n    return "child-s@x"\n',
        encoding="utf-8",
    )
    found = [text for text in texts_of(tmp_path / "one.py") if "child" in text.lower()]
    assert found == ["child_s", "child-s@x"] and {"child-s", "Child S", "rowan-family", "rowan"} <= case_words()


@pytest.mark.parametrize("path", in_package("agents", "simulation"), ids=str)
def test_behaviour_never_reads_hindsight(path):
    if path == Path("simulation/journey.py"):
        return
    for node in ast.walk(parsed(path)):
        named = node.attr if isinstance(node, ast.Attribute) else node.value if isinstance(node, ast.Constant) else None
        assert named not in HINDSIGHT, f"{path}:{node.lineno} reads {named}"
