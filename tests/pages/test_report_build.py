"""The report as files: numbers as in the tables, the same runs the same bytes, and what cannot be shown refused."""

import json
import re
import shutil
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from results.plots.house import Drawn
from results.report.build import _care, build, page, questions
from results.report.data import Data
from scenarios.refusals import ForeignDirectory

BANNED = re.compile(
    r"\b(failed|failings?|failures?|missed|ignored|neglected|should have|could have known|would have (known|saved)|"
    r"culprit|to blame|guilty|saves lives|proves?|caused|game|win|lose[rs]?)\b(?!\.csv)",
    re.IGNORECASE,
)
KEYS = {
    "gains": ["case", "arm"],
    "costs": ["case", "arm"],
    "worst": ["case", "arm"],
    "subjects": ["case", "arm", "measure"],
    "gates": ["case", "gate"],
    "ends": ["case", "about", "end"],
    "reasons": ["case", "stage", "reason"],
}
"""The tables whose rows stand in the page as they stand in the file."""


class Page(HTMLParser):
    """The visible words of a page, and its tables: name, heads and cells."""

    def __init__(self, text):
        super().__init__()
        self.words, self.tables, self.stack = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.stack.append(tag) if tag not in ("meta", "br", "path", "use") else None
        if tag == "table":
            self.tables.append((attrs["data-file"], [], []))
        elif tag == "tr" and self.tables:
            self.tables[-1][2].append([])
        elif tag in ("th", "td") and self.tables:
            self.tables[-1][2][-1].append(["", attrs.get("data-value")])

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop() != tag:
            pass

    def handle_data(self, data):
        if "script" in self.stack or "style" in self.stack:
            return
        self.words.append(data)
        if self.tables and ("td" in self.stack or "th" in self.stack):
            self.tables[-1][2][-1][-1][0] += data


@pytest.fixture(params=["two cases", pytest.param("one case", marks=pytest.mark.slow)])
def path(request, reported):
    return reported(request.param)


@pytest.fixture
def shown(path):
    return Page(path.read_text(encoding="utf-8"))


BLANK = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt" viewBox="0 0 9 9"/>'


@pytest.fixture
def told(monkeypatch):
    """The words of the page of these directories. Its figures are made and not drawn: other tests look at them."""
    monkeypatch.setattr(Drawn, "svg", lambda _: BLANK)

    def words(*roots):
        data = Data.of(roots)
        return " ".join(" ".join(Page(page(data, questions(data))).words).split())

    return words


def tables_of(path):
    return {one.stem: pd.read_csv(one) for one in sorted((path.parent / "tables").glob("*.csv"))}


def test_every_number_in_a_table_of_the_page_is_in_its_file(path, shown):
    files = tables_of(path)
    checked = 0
    for name, _, rows in shown.tables:
        numbers = files[name].select_dtypes("number").to_numpy(float).ravel()
        for row in rows:
            for words, value in row:
                if value:
                    assert np.isclose(numbers, float(value), rtol=1e-5, atol=1e-9).any(), (name, words, value)
                    checked += 1
    assert checked > 200


def test_tables_that_stand_row_by_row_agree_row_by_row(path, shown):
    files, seen = tables_of(path), set()
    for name, _, rows in shown.tables:
        if name in KEYS and len(rows) - 1 == len(files[name]):
            seen.add(name)
            for row, line in zip(rows[1:], files[name].to_dict("records"), strict=True):
                numbers = [float(value) for _, value in row if value]
                there = [value for value in line.values() if isinstance(value, (int, float))]
                assert all(np.isclose(there, number, rtol=1e-5, atol=1e-9).any() for number in numbers), (name, line)
    assert {"gains", "costs", "worst", "gates"} <= seen


def test_every_number_that_is_said_is_in_a_table(path):
    """Of the answer, the three numbers and each finding: every number as it is written, at its own digits."""
    text = path.read_text(encoding="utf-8")
    said = re.findall(
        r'<p class="answer">(.*?)</p>|class="tile">(.*?)</div>|class="finding prose">(.*?)</(?:p|ul)>', text, re.S
    )
    words = re.sub(r"<[^>]+>|“[^”]*”", " ", " ".join(part for parts in said for part in parts))
    known = [table.select_dtypes("number").to_numpy(float).ravel() for table in tables_of(path).values()]
    values = np.concatenate([*known, [100, 95, len(tables_of(path)["gains"]["case"].unique())]])
    values = np.abs(np.concatenate([values, 100 - values]))
    numbers = re.findall(r"(?<![\w-])\d+(?:\.\d+)?(?![\w-])", words)
    assert len(numbers) > 30
    for number in numbers:
        digits = len(number.partition(".")[2])
        assert np.isclose(np.round(values, digits), float(number)).any() or f"<{number}" in words, number


def test_of_several_cases_each_is_named_before_what_is_said_of_it(reported):
    text = reported("two cases").read_text(encoding="utf-8")
    assert "The Rowan family (invented): This family is invented" in text
    assert "Child E: This follows a published review" in text


def test_a_sentence_that_several_notes_share_is_said_once(compared, tmp_path):
    notes = {
        "One": "A review. Under pseudonyms.",
        "Two": "A review. Under pseudonyms. Drink is spoken of.",
        "Three": "Invented.",
    }
    for title, note in notes.items():
        shutil.copytree(compared(), tmp_path / title)
        manifest = json.loads((tmp_path / title / "manifest.json").read_text())
        manifest["experiment"]["case"]["case"] |= {"title": title, "care_note": note}
        (tmp_path / title / "manifest.json").write_text(json.dumps(manifest))
    said = _care(Data.of([tmp_path / title for title in notes]))
    assert said == "One and Two: A review. Under pseudonyms. Three: Invented. Two: Drink is spoken of."
    assert _care(Data.of([tmp_path / "Two"])) == notes["Two"]
    assert (
        _care(Data.of([tmp_path / "One", tmp_path / "Two"])) == "Two: Drink is spoken of. A review. Under pseudonyms."
    )


def test_the_three_numbers_are_those_of_the_tables(reported):
    path = reported("one case")
    tables, text = tables_of(path), path.read_text(encoding="utf-8")
    answer = tables["answer"].set_index("number")["value"]
    arm = tables["answer"]["arm"].iloc[0]
    gains, worst = (tables[name].set_index("arm").loc[arm] for name in ("gains", "worst"))
    assert answer["reach per 100"] == pytest.approx(gains["difference"])
    assert answer["hours a case"] == pytest.approx(gains["hours_difference"])
    assert answer["wider than needed, items a case"] == pytest.approx(gains["wider_difference"])
    assert answer["worst regret of 100"] == pytest.approx(worst["worst_regret"])
    shown = re.findall(r'class="big">([^<]+)<', text)
    assert shown[0] == f"{gains['difference']:+.0f}" and shown[2] == f"{worst['worst_regret']:.1f}"


def test_nothing_unclear_is_called_more_or_fewer(path):
    """No clause that names a policy claims more or fewer of it unless its finding says so."""
    text = path.read_text(encoding="utf-8")
    gains = tables_of(path)["gains"]
    said = " ".join(re.findall(r'class="(?:answer|finding prose)">(.*?)</(?:p|ul)>', text, re.S))
    clauses = re.split(r"(?<=[.;])\s|</?li>", re.sub(r"<(?!/?li)[^>]+>", "", said))
    for arm, rows in gains.groupby("arm"):
        if set(rows["finding"]) == {"no clear difference"}:
            for clause in clauses:
                if re.search(rf"(?<![\w-]){re.escape(arm)}(?![\w-])|“{re.escape(rows['title'].iloc[0])}”", clause):
                    assert not re.search(r"\b(more|fewer|best|most)\b", clause) or "No clear" in clause, clause


def test_every_gain_has_beside_it_what_came_wider_than_needed(path, shown):
    text = path.read_text(encoding="utf-8")
    assert "more widely than needed" in re.search(r'class="answer">(.*?)</p>', text, re.S)[1]
    assert "Wider than needed" in re.search(r'class="tile">(.*?)</div>', text, re.S)[1]
    gains = next(rows for name, _, rows in shown.tables if name == "gains")
    assert "wider than needed" in [words for words, _ in gains[0]]
    figure = re.search(r'id="more".*?</svg>', text, re.S)[0]
    assert "wider" in figure


def test_the_tone_of_every_word_on_the_page(shown):
    words = " ".join(shown.words)
    assert not (found := BANNED.search(words)), words[max(0, found.start() - 60) : found.end() + 60]


def test_the_list_of_words_bites():
    assert BANNED.search("the social worker failed to ask") and BANNED.search("it was missed")


def test_the_page_says_what_it_is_of_and_how_to_have_it_again(path, shown):
    words = " ".join(" ".join(shown.words).split())
    assert "Simulated" in words and "predicts nothing about any real child" in words
    assert "Read by the decision-maker before the decision" in words
    assert "safeguarding compare rowan-family" in words and "safeguarding report" in words
    assert "seed 1" in words and "To cite it" in words
    made = tables_of(path)["made"].set_index("what")["is"]
    assert {"commit", "model version", "case file", "practice", "runs in all"} <= set(made.index)


def test_the_command_makes_a_report_anew_in_its_own_place_the_same_to_the_byte(compared, swept, reported, tmp_path):
    first, second = reported("one case").parent, tmp_path / "again"
    shutil.copytree(first, second)
    (second / "report.html").write_text("another")
    for name in ("figures/left-over.svg", "tables/left-over.csv"):
        (second / name).write_text("of an earlier report")
    told = CliRunner().invoke(app, ["report", str(compared()), str(swept), "--out", str(second)])
    assert told.exit_code == 0 and told.output.strip().endswith("report.html"), told.output
    files, again = ({str(one.relative_to(root)): one.read_bytes() for one in found(root)} for root in (first, second))
    assert len(files) > 40 and files.keys() == again.keys()
    assert [name for name in files if files[name] != again[name]] == []


def found(root):
    return [one for one in sorted(root.rglob("*")) if one.is_file()]


def test_what_lies_beside_the_page(path):
    folder = path.parent
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["report"]["cases"] and manifest["report"]["commands"]
    for name in re.findall(r'href="((?:figures|tables)/[^"]+)"', path.read_text(encoding="utf-8")):
        assert (folder / name).stat().st_size > 100, name
    for csv in (folder / "tables").glob("*.csv"):
        assert len(pd.read_parquet(csv.with_suffix(".parquet"))) == len(pd.read_csv(csv))


# --- of each kind of directory, what is missing, what is refused ---------------------------------------------------


def test_without_draws_the_page_says_what_is_missing_and_which_command_makes_it(compared, told):
    words = told(compared(draws=0))
    assert "No draws of the prior leaves were run" in words and "--draws 20" in words
    assert "chance alone; not knowing was not run" in words or "Not knowing" in words
    assert not re.search(r"\brobust\b", words)
    assert "safeguarding assumptions rowan-family" in words and "Not here yet" in words


def test_worlds_of_robustness_take_the_place_of_the_draws(compared, robust, told):
    assert "of 3 worlds" in told(compared()) and "of 5 worlds" in told(compared(), robust)


def test_robustness_of_other_policies_leaves_the_draws_in_their_place(compared, robust, told):
    assert "of 3 worlds" in told(compared(policies=("push", "pull", "P46", "push-and-pull")), robust)


def test_all_cases_at_once_are_read_as_their_own_comparisons(across_cases, told):
    words = told(across_cases)
    assert "The Rowan family (invented): policy report" in words and "Push: tell the social worker" in words


def test_a_run_of_an_older_version_is_shown_as_far_as_it_goes(compared, told, tmp_path):
    root = tmp_path / "older"
    shutil.copytree(compared(), root)
    for name in ("weeks", "stages", "held", "subjects", "runs"):
        (root / "tables" / f"{name}.parquet").unlink()
    words = told(root)
    assert words.count("Not here yet") >= 4
    assert "The same command there again writes it" in words


def test_one_policy_is_enough_and_is_not_called_the_most(compared, told):
    words = told(compared(policies=("push",)))
    assert "adds the most" not in words and "among the most:" not in words


def test_a_policy_that_changes_nothing_is_a_page_that_says_so(compared, told):
    words = told(compared(policies=("P46",)))
    assert "no policy here shows clearly more" in words and "there is nothing that further runs could narrow" in words


def test_runs_that_did_not_end_are_told_and_listed(compared, told, tmp_path):
    root = tmp_path / "some"
    shutil.copytree(compared(), root)
    rows = [(0, 3, "push", "ValueError: a fault", "safeguarding trace rowan-family --policy push --replication 3")]
    failures = pd.DataFrame(rows, columns=["draw", "replication", "arm", "error", "reproduce"])
    failures.to_parquet(root / "tables" / "failures.parquet")
    words = told(root)
    assert "1 run did not end" in words
    assert "safeguarding trace rowan-family --policy push --replication 3" in words


def empty(root, _compared):
    root.mkdir()


def a_file(root, _compared):
    root.write_text("not a directory")


def absent(_root, _compared):
    pass


def of_something_else(root, _compared):
    root.mkdir()
    (root / "holiday.jpg").write_bytes(b"a picture")


def with_another_manifest(root, _compared):
    root.mkdir()
    (root / "manifest.json").write_text('{"experiment": {"question": "compare"}, "made": {}}')


def with_a_manifest_of_nothing(root, _compared):
    root.mkdir()
    (root / "manifest.json").write_text("[1, 2")


def unfinished(root, compared):
    shutil.copytree(compared(), root)
    shutil.rmtree(root / "tables")


def never_ended(root, compared):
    shutil.copytree(compared(), root)
    shutil.rmtree(root / "tables")
    (root / "tables").mkdir()
    for part in root.glob("parts/*/journeys.parquet"):
        part.unlink()
    rows = [(0, 0, "push", "ValueError", "safeguarding trace …")]
    names = ["draw", "replication", "arm", "error", "reproduce"]
    pd.DataFrame(rows, columns=names).to_parquet(root / "tables" / "failures.parquet")


def spoilt(root, compared):
    shutil.copytree(compared(), root)
    (root / "tables" / "comparison.parquet").write_bytes(b"half a table")


def of_an_older_version(root, compared):
    shutil.copytree(compared(), root)
    table = root / "tables" / "comparison.parquet"
    pd.read_parquet(table).drop(columns="wider_chance_low").to_parquet(table)


REFUSED = {
    of_an_older_version: "was written by an older version of this program",
    empty: "is empty: nothing was run there",
    a_file: "There is no directory",
    absent: "There is no directory",
    of_something_else: "holds no run of ours",
    with_another_manifest: "holds no run of ours",
    with_a_manifest_of_nothing: "holds no run of ours",
    unfinished: "is not finished. To go on: safeguarding compare rowan-family",
    never_ended: "of push no run ended",
    spoilt: "comparison.parquet cannot be read",
}


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_what_holds_nothing_to_show_is_refused_and_nothing_is_written(make, compared, tmp_path):
    root = tmp_path / "run"
    make(root, compared)
    with pytest.raises(ForeignDirectory, match=re.escape(REFUSED[make])):
        build([root], tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ForeignDirectory) as refused:
        build([tmp_path / "empty", tmp_path / "absent"], tmp_path / "report")
    assert "is empty" in str(refused.value) and "no directory" in str(refused.value)


def test_a_sweep_beside_nothing_to_compare_is_a_report_of_its_own(swept, told):
    assert Data.of([swept]).cases == ["The Rowan family (invented)"]
    words = told(swept)
    assert "hat was varied" in words and "report of a sweep" in words and "The points, in one order" in words
    claims = words[: words.index("How far to trust this")]
    assert not re.search(r"\b(which|each|no|the) polic", claims, re.IGNORECASE), claims


def test_robustness_beside_nothing_to_compare_is_refused_with_what_to_add(robust, tmp_path):
    with pytest.raises(ForeignDirectory, match=r"None of these holds a comparison\. Add one: safeguarding compare"):
        build([robust], tmp_path / "report")


def test_a_place_that_holds_something_else_is_left_alone(compared, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.doc").write_text("years of work")
    with pytest.raises(ForeignDirectory, match="no report"):
        build([compared()], out)
    assert (out / "thesis.doc").read_text() == "years of work"


def test_two_runs_of_one_case_are_told_apart(compared, tmp_path):
    shutil.copytree(compared(policies=("push",)), tmp_path / "second")
    data = Data.of([compared(), tmp_path / "second"])
    assert data.cases == ["The Rowan family (invented) (rowan-family)", "The Rowan family (invented) (second)"]


def test_a_directory_that_holds_one_for_each_case_is_read_as_those(compared, tmp_path):
    for name in ("one", "two"):
        shutil.copytree(compared(), tmp_path / "all" / name)
    (tmp_path / "all" / "manifest.json").write_text('{"experiment": {"question": "across", "cases": {}}, "made": {}}')
    assert len(Data.of([tmp_path / "all"]).mains) == 2


def test_hostile_words_are_shown_as_words(compared, tmp_path):
    root = tmp_path / "run"
    shutil.copytree(compared(), root)
    manifest = json.loads((root / "manifest.json").read_text())
    hostile = "</script><script>alert(1)</script> \"quoted\" 'é' a $x^{ of $ 1 " + "long" * 50
    manifest["experiment"]["case"]["case"] |= {"title": hostile, "care_note": hostile, "source": hostile}
    manifest["made"]["goes"] = [{"command": 'safeguarding compare "unbalanced'}]
    (root / "manifest.json").write_text(json.dumps(manifest))
    data = Data.of([root])
    text = page(data, questions(data))
    assert "<script>alert" not in text and len(re.findall(r"<script", text)) == 1
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in text


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_refuses_with_its_own_code(tmp_path):
    told = CliRunner().invoke(app, ["report", str(tmp_path), "--out", str(tmp_path / "out")])
    assert told.exit_code == 4 and "is empty" in told.output
