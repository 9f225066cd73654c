"""A small run from end to end: every guessed number has its pull, on the same draws for every policy."""

import pytest

from experiments.assumptions import assumptions
from experiments.design import varied
from scenarios.faults import BadInput


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return assumptions("rowan-family", ["push", "P46"], tmp_path_factory.mktemp("a") / "out", draws=20, per_draw=2)


def test_every_guessed_number_is_asked_of_every_answer(found, practice):
    assert set(found.answers) == {"usual", "push", "P46"}
    for several in found.answers.values():
        assert {one.leaf for one in several} == set(varied(practice))
    assert len(found.means) == 20 and found.leaves.nunique().min() == 20


def test_what_changes_nothing_hangs_on_nothing_and_is_never_best(found):
    assert all(one.moved == 0 and not one.clear for one in found.answers["P46"])
    assert found.choice.best == "push"
    assert found.sentence.startswith("push looks best")


def test_its_tables_and_its_figure_are_there(found):
    for name in ("tables/assumptions.csv", "tables/worth.csv", "figures/assumptions.svg", "figures/assumptions.png"):
        assert (found.root / name).exists(), name


def test_a_policy_that_does_not_exist_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(BadInput, match="no such policy"):
        assumptions("rowan-family", ["pushh"], tmp_path / "out")
    assert not (tmp_path / "out").exists()
