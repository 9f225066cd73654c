"""Worlds in which it is known which number matters: it is found, and where none does, none is named."""

import numpy as np
import pandas as pd
import pytest

from results.influence import choice, influences

LEAVES = [f"leaf-{number}" for number in range(30)]


def draws(seed, size=200):
    return pd.DataFrame(np.random.default_rng(seed).random((size, len(LEAVES))), columns=LEAVES)


def test_the_number_that_moves_the_answer_comes_first_and_by_how_far():
    leaves = draws(1)
    noise = np.random.default_rng(2).normal(0, 0.1, len(leaves))
    first, second, *others = influences(leaves, 3 * leaves["leaf-4"] - leaves["leaf-9"] + noise)
    assert (first.leaf, second.leaf) == ("leaf-4", "leaf-9") and first.clear and second.clear
    assert first.low < 2.0 < first.high and second.moved < 0  # thirds of an even draw lie two thirds apart
    assert sum(one.clear for one in others) <= 1


def test_where_nothing_moves_it_nothing_is_called_clear_more_often_than_said():
    named = [
        any(one.clear for one in influences(draws(seed), np.random.default_rng(seed + 999).normal(size=200)))
        for seed in range(60)
    ]
    assert sum(named) <= 8  # 3 expected of 60


def test_what_decides_the_choice_is_worth_knowing():
    """One policy is better below a half and the other above: knowing which adds a quarter, as can be worked out."""
    leaves = draws(3, 400)
    gains = pd.DataFrame({"a": leaves["leaf-7"], "b": 1 - leaves["leaf-7"]})
    found = choice(leaves, gains)
    first, *others = found.leaves
    assert first.leaf == "leaf-7" and first.clear
    assert first.worth == pytest.approx(0.24, abs=0.03)  # fifths, and not halves, cut it: 0.24 for 0.25
    assert not any(one.clear for one in others)
    assert found.everything == pytest.approx(0.25, abs=0.03)


def test_what_moves_both_alike_is_not_worth_knowing():
    leaves = draws(4)
    noise = np.random.default_rng(5).normal(0, 0.02, (len(leaves), 2))
    gains = pd.DataFrame({"a": 5 * leaves["leaf-1"] + 0.5 + noise[:, 0], "b": 5 * leaves["leaf-1"] + noise[:, 1]})
    found = choice(leaves, gains)
    assert found.best == "a" and not any(one.clear for one in found.leaves)
    assert influences(leaves, gains["a"])[0].leaf == "leaf-1"
