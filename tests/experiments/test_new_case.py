"""`new-case`, the example of MODEL.md, and what `check` says of a file that somebody is filling in."""

import copy
import re
import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.compare import arms, perform
from experiments.design import Experiment
from experiments.new_case import filled, new_case
from scenarios.faults import BadInput
from scenarios.load import check_file, load_case
from scenarios.schema import Case
from scenarios.vocabulary import DECISIONS, TOPICS, ContactKind

ROOT = Path(__file__).parents[2]


def safeguarding(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


# --- the file that is written -------------------------------------------------------------------------


def test_a_new_case_is_found_without_fault_and_runs(tmp_path, practice):
    answer = safeguarding("new-case", "our-family", "--in", tmp_path)
    path = tmp_path / "our-family.toml"
    assert answer.exit_code == 0 and "our-family.toml is written" in answer.output
    assert "no fault found" in check_file(path) and load_case(path, practice).case.id == "our-family"
    found = perform(
        Experiment("compare", str(path), arms(["pull"]), replications=4, draws=0), tmp_path / "out", workers=1
    )
    assert found.contrasts[0].chance.n == 4


def test_it_tells_every_word_that_may_be_used_and_every_table(practice):
    text = filled("our-family")
    words = set(re.findall(r"[a-z][a-z-]+", text))
    assert {*TOPICS, *get_args(ContactKind), *DECISIONS, *practice.professions} <= words
    assert all(f"[[{table}]]" in text or f"[{table}]" in text for table in Case.model_fields if table != "variant")
    assert "@" not in text and max(map(len, text.splitlines())) <= 120


def test_what_is_there_is_not_overwritten(tmp_path):
    path = new_case("mine", tmp_path)
    path.write_text("mine", encoding="utf-8")
    answer = safeguarding("new-case", "mine", "--in", tmp_path)
    assert answer.exit_code == 2 and "there already" in answer.output and path.read_text() == "mine"


@pytest.mark.parametrize("name", ["child-s", "../mine", "our family", "", "x" * 61])
def test_a_name_that_is_none_or_taken_is_refused(tmp_path, name):
    with pytest.raises(BadInput):
        new_case(name, tmp_path)
    assert not list(tmp_path.iterdir())


# --- the example of MODEL.md --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The case that MODEL.md gives, and what it says `check` prints."""
    section = (ROOT / "MODEL.md").read_text(encoding="utf-8").partition("## 6. Write your own case")[2]
    case = re.search(r"```toml\n(.*?)```", section, re.DOTALL)[1]
    path = tmp_path_factory.mktemp("model") / "one-letter.toml"
    path.write_text(case, encoding="utf-8")
    return path, re.findall(r"```text\n(.*?)```", section, re.DOTALL)


def test_check_says_of_the_example_what_the_page_says(example):
    path, (sound, faulty) = example
    assert safeguarding("check", path).output.replace(str(path), path.name) == sound
    wrong = path.with_name("wrong.toml")
    wrong.write_text(path.read_text().replace('lead = "social-worker"', 'lead = "social-wroker"'), encoding="utf-8")
    answer = safeguarding("check", wrong)
    assert answer.exit_code == 2 and answer.output.replace("wrong.toml", path.name) == faulty


def test_the_example_comes_out_as_the_page_says(example, tmp_path):
    experiment = Experiment("compare", str(example[0]), arms(["push", "pull"]), replications=60, draws=0)
    found = perform(experiment, tmp_path / "out", workers=1)
    push, pull = found.contrasts
    assert found.level("reach") == 0
    assert push.chance.centre == 0 and found.level("hours") == 0
    assert pull.finding == "more" and 0 < pull.chance.centre < 100


# --- what `check` says --------------------------------------------------------------------------------

ODD = [None, 1, 1.5, "", True, [], {}, "x" * 700, -5, 9999, "x y", "2024-13-01", ["a"], [1]]
ODD += [date(2024, 1, 1), datetime(2024, 1, 1, 9), datetime(2024, 1, 1, 9, tzinfo=UTC), time(9)]
NOT_HER_WORDS = re.compile(r"Input should|String should|Tuple should|Field required|Extra inputs|pydantic|NoneType")


def test_every_fault_of_a_row_is_told_in_plain_words(tmp_path, monkeypatch, practice):
    """Whatever stands in whatever field of a new case: what was found and what to do, and no library's words."""
    tables = tomllib.loads(filled("our-family"))
    seen = set()
    for table, rows in tables.items():
        row = rows if isinstance(rows, dict) else rows[0]
        for key in row:
            for odd in ODD:
                changed = copy.deepcopy(tables)
                (changed[table] if isinstance(rows, dict) else changed[table][0])[key] = odd
                monkeypatch.setattr("scenarios.load.read_toml", lambda path, changed=changed: changed)
                try:
                    load_case(tmp_path / "mine.toml", practice)
                except BadInput as refused:
                    for fault in refused.faults:
                        seen.add(fault.found)
                        assert not NOT_HER_WORDS.search(str(fault)), (table, key, odd, str(fault))
                        assert fault.remedy.endswith((".", "?")) and fault.row
    assert len(seen) > 20
