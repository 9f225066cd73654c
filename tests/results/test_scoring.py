"""Scores on worlds where the truth is known: whoever generated the answers is calibrated and beats the base rate."""

import numpy as np
import pytest

from results.scoring import auc, base_rates, brier, calibration, log_score, pooled_auc

RUNS = 400


def synthetic(seed, pairs=4000, cases=5):
    """Answers drawn from chances that are known, in several reviews of many items, two decisions each."""
    draws = np.random.default_rng(seed)
    truth = draws.beta(0.8, 0.8, pairs)
    happened = draws.random(pairs) < truth
    case = np.array([f"case-{number % cases}" for number in range(pairs)])
    item = np.array([f"F{number // (2 * cases)}" for number in range(pairs)])
    return truth, happened, case, item


def as_run(truth, seed):
    """The share of runs in which it came about."""
    return np.random.default_rng(seed).binomial(RUNS, truth) / RUNS


def test_a_ranking_is_counted_by_pairs_and_ties_count_half():
    assert auc([1, 1, 0, 0], [0.9, 0.6, 0.6, 0.1]) == pytest.approx(3.5 / 4)
    assert auc([1, 0], [0.2, 0.9]) == 0
    assert np.isnan(auc([1, 1], [0.2, 0.9]))


def test_whoever_generated_the_answers_is_calibrated_and_beats_the_base_rate():
    truth, happened, case, _ = synthetic(1)
    chance, base = as_run(truth, 2), base_rates(happened, case)
    for found in calibration(happened, chance):
        assert abs(found.chance - found.happened) < 4 * np.sqrt(0.25 / found.pairs)
    assert brier(happened, chance) < brier(happened, base) - 0.05
    assert log_score(happened, chance, RUNS) < log_score(happened, base, RUNS) - 0.1


def test_no_other_chances_score_better_than_the_true_ones():
    truth, happened, *_ = synthetic(3)
    for wrong in (truth**2, np.sqrt(truth), 1 - truth, np.full_like(truth, happened.mean())):
        assert brier(happened, truth) < brier(happened, wrong)
        assert log_score(happened, truth, 10**6) < log_score(happened, wrong, 10**6)


def test_a_model_with_a_rule_the_wrong_way_round_is_caught():
    truth, happened, *_ = synthetic(4)
    assert auc(happened, 1 - truth) < 0.3 < 0.7 < auc(happened, truth)


def test_the_interval_of_a_ranking_holds_the_truth_as_often_as_it_says():
    """Sixty experiments of 60 items: a 95 % interval should miss about three times, and ten would be a scandal."""
    big, happened_big, *_ = synthetic(5, 40_000)
    true, missed = auc(happened_big[:4000], big[:4000]), 0
    true = np.mean([auc(happened_big[at : at + 4000], big[at : at + 4000]) for at in range(0, 40_000, 4000)])
    for seed in range(60):
        truth, happened, case, item = synthetic(100 + seed, 120)
        found = pooled_auc(happened, truth, case, item, resamples=200)
        missed += not found.low <= true <= found.high
    assert missed < 10


def test_an_item_brings_all_its_decisions():
    """Ten copies of each pair are ten decisions of one item: the interval is as wide as with one."""
    truth, happened, case, item = synthetic(6, 100)
    once = pooled_auc(happened, truth, case, item, resamples=400)
    again = pooled_auc(*(np.tile(column, 10) for column in (happened, truth, case, item)), resamples=400)
    assert again.n == once.n and again.centre == pytest.approx(once.centre)
    assert again.high - again.low == pytest.approx(once.high - once.low, rel=0.15)


def test_the_base_rate_knows_the_other_reviews_alone():
    assert base_rates([1, 1, 0, 0], ["a", "a", "b", "b"]).tolist() == [0, 0, 1, 1]
    assert np.isnan(base_rates([1, 0], ["a", "a"])).all()


def test_what_is_no_chance_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        auc([1, 0], [1.2, 0.1])
    with pytest.raises(ValueError, match="one answer and one chance"):
        brier([1, 0], [0.2])
