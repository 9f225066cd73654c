"""What is written about practice and policies says what the files say."""

import re
from pathlib import Path

import pytest

from scenarios.load import default_policies, load_policies, load_practice
from scenarios.papers import THEMES, leaves_as_markdown, policies_as_markdown
from scenarios.practice import FAMILIES

ROOT = Path(__file__).parent.parent.parent
QUOTED = re.compile(r"`([a-z-]+(?:\.[a-z-]+)*)`\s\((\d+(?:\.\d+)?)")
"""A leaf named in prose with its value: `raise` (0.18)."""


def policies_written():
    practice = load_practice()
    return policies_as_markdown(load_policies(practice), practice, default_policies())


@pytest.mark.parametrize(
    ("file", "command", "written"),
    [
        ("LEAVES.md", "safeguarding show practice", lambda: leaves_as_markdown(load_practice())),
        ("LEVERS.md", "safeguarding show policies", policies_written),
    ],
)
def test_what_is_written_is_what_the_files_hold(file, command, written):
    stands = (ROOT / file).read_text(encoding="utf-8")
    assert stands == written() + "\n", f"{file} is out of date: run `{command} > {file}`"


def test_every_family_is_explained_once():
    explained = [family for families in THEMES.values() for family in families]
    assert sorted(explained) == sorted(FAMILIES)


@pytest.mark.parametrize("file", ["MODEL.md", "README.md"])
def test_a_leaf_named_in_prose_with_its_value_has_that_value(file):
    practice = load_practice()
    wrong = {
        leaf: f"{said} in {file}, {practice.value_of(leaf) if leaf in practice.leaves else 'no such leaf'} in practice"
        for leaf, said in QUOTED.findall((ROOT / file).read_text(encoding="utf-8"))
        if leaf not in practice.leaves or practice.value_of(leaf) != float(said)
    }
    assert not wrong


def test_a_bar_in_a_source_does_not_break_the_table():
    practice = load_practice()
    raised = practice.leaves["raise"].model_copy(update={"source": "one|two"})
    written = leaves_as_markdown(type(practice)({"raise": raised}, practice.professions))
    assert r"one\|two |" in written
