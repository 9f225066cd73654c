"""Weighted runs: against sums done by hand, and against what is known of a weighted sample."""

from math import inf, log, log2, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.weights import Weights, by_date, by_entry, resampled, roulette

rng = np.random.default_rng(8)


def of(*weights):
    with np.errstate(divide="ignore"):
        return Weights(np.log(np.array(weights, float)))


def test_effective_runs_of_equal_and_of_unequal_weights():
    assert of(3, 3, 3, 3).effective == pytest.approx(4)
    assert of(1, 0, 0, 0).effective == 1 and of(0, 0).effective == 0
    assert of(2, 1, 1).effective == pytest.approx(16 / 6)


@given(st.lists(st.floats(-800, 20), min_size=1, max_size=30), st.floats(-3000, 3000))
def test_weights_far_below_what_a_number_can_hold_are_still_weighed(logs, shift):
    near, far = Weights(np.array(logs)), Weights(np.array(logs) + shift)
    assert far.effective == pytest.approx(near.effective) and far.largest == pytest.approx(near.largest)
    assert far.bits[0] == pytest.approx(near.bits[0] - shift / log(2), abs=1e-6)


def test_surprise_is_of_the_mean_weight_the_dead_among_them():
    bits, error = of(0.5, 0.25, 0.25, 0).bits
    assert bits == pytest.approx(2) and error == pytest.approx(
        np.std([0.5, 0.25, 0.25, 0], ddof=1) / (0.25 * 2 * log(2))
    )
    assert of(0, 0).bits == (inf, inf)


def test_surprise_has_the_error_it_says():
    found = []
    for _ in range(600):
        bits, error = Weights(rng.normal(-3, 0.6, 400)).bits
        found.append((bits + log2(np.exp(-3 + 0.18)), error))
    bits, errors = np.array(found).T
    assert abs(bits.mean()) < 4 * bits.std() / sqrt(600) + 0.003  # a log of a mean is off by var/2n
    assert bits.std() == pytest.approx(errors.mean(), rel=0.12)


def test_too_few_says_why():
    assert "effective" in Weights(np.zeros(399)).too_few
    assert not Weights(np.zeros(400)).too_few
    apart = np.where(np.arange(4000) % 2, 0.0, 0.4) + rng.normal(0, 0.1, 4000)
    assert "halves" in Weights(apart).too_few


@given(st.lists(st.floats(-20, 0), min_size=1, max_size=400))
def test_with_effective_runs_enough_no_run_carries_much(logs):
    weights = Weights(np.array(logs))
    assert weights.largest <= 1 / sqrt(weights.effective) + 1e-12


def test_weighted_mean_and_error_by_hand():
    weights, y = of(2, 1, 1, 0), [1, 0, 1, 0]
    centre, error = weights.mean(y)
    assert centre == 0.75 and error == pytest.approx(sqrt(4 * 0.0625 + 0.5625 + 0.0625) / 4)


def test_intervals_hold_the_truth_as_often_as_they_say():
    """y is likelier where the weight is large: the truth is the weighted share of the whole distribution."""
    hits, ties, number = 0, 0, 800
    many = rng.normal(0.49, 0.7, 400_000)
    truth = (1 / (1 + np.exp(-many))).mean()
    for _ in range(number):
        logs = rng.normal(0, 0.7, 900)
        y = rng.random(900) < 1 / (1 + np.exp(-logs))
        other = y | (rng.random(900) < 0.1)
        weights = Weights(logs)
        band = weights.share(y)
        hits += band.low <= truth <= band.high
        gain = weights.difference(other, y)
        ties += gain.low <= 0.1 * (1 - truth) <= gain.high
    for share in (hits / number, ties / number):
        assert abs(share - 0.95) < 4 * sqrt(0.95 * 0.05 / number) + 0.01


def test_nothing_seen_is_no_certainty():
    weights = Weights(np.zeros(500))
    none = weights.share(np.zeros(500))
    assert none.centre == 0 and 0.005 < none.high < 0.01
    assert weights.difference(np.ones(500), np.ones(500)).high == pytest.approx(3 / 500)


@pytest.mark.parametrize("spread", [0.1, 1.0, 2.5])
def test_roulette_moves_no_estimate_and_keeps_the_heavy(spread):
    logs = rng.normal(-50, spread, 20_000)
    logs[:4000] = -inf
    y = (rng.random(20_000) < 0.3) | (logs > -49)
    weights = Weights(logs)
    totals, shares, sizes = [], [], []
    for _ in range(300):
        kept, fewer = roulette(weights, 600, rng.random(20_000))
        sizes.append(len(kept))
        totals.append(np.exp(fewer - logs.max()).sum() / weights.relative.sum())
        shares.append(Weights(fewer).mean(y[kept])[0])
    assert np.mean(sizes) == pytest.approx(600, rel=0.02)
    assert abs(np.mean(totals) - 1) < 4 * np.std(totals) / sqrt(300)
    assert abs(np.mean(shares) - weights.mean(y)[0]) < 4 * np.std(shares) / sqrt(300) + 0.002
    assert Weights(fewer).effective > 0.5 * min(600, weights.effective)


def test_roulette_keeps_all_where_there_are_few():
    kept, logs = roulette(of(1, 0, 2), 5, [0.9, 0.9, 0.9])
    assert list(kept) == [0, 2] and logs == pytest.approx([0, log(2)])


def test_days_add_up_to_the_surprise_and_a_dead_run_counts_until_it_died():
    days = np.log(np.array([[0.5, 0.5, 1.0], [0.5, 1.0, 1.0], [1.0, 1.0, 0.25], [0.5, 1.0, 1.0]]))
    days[3, 1] = -inf
    costs = by_date(of(0.25, 0.5, 0.25, 0), days)
    z = [(0.5 + 0.5 + 1 + 0.5) / 4, (0.25 + 0.5 + 1 + 0) / 4, (0.25 + 0.5 + 0.25) / 4]
    assert costs == pytest.approx([-log2(z[0]), log2(z[0] / z[1]), log2(z[1] / z[2])])
    assert costs.sum() == pytest.approx(of(0.25, 0.5, 0.25, 0).bits[0])


def test_an_entry_costs_the_weighted_mean_of_its_factor():
    before = np.log(np.array([[1.0, 0.5], [1.0, 0.25], [1.0, 1e-300]]))
    before[2, 1] = -inf
    met = np.log(np.array([[0.5, 0.1], [0.25, 0.4], [1e-300, 1.0]]))
    met[2, 0] = -inf
    assert by_entry(before, met) == pytest.approx([-log2(0.75 / 3), -log2((0.05 + 0.1) / 0.75)])


@pytest.mark.parametrize("start", [1e-9, 0.31, 0.7, 1 - 1e-9])
def test_runs_are_resampled_as_often_as_their_weight_bids(start):
    weights = of(0, 5, 1, 0, 2.5, 0.2, 0.3, 1, 0)
    drawn = np.bincount(resampled(weights, 20, start), minlength=9)
    expected = 20 * weights.relative / weights.relative.sum()
    assert drawn.sum() == 20 and not drawn[expected == 0].any()
    assert np.all(np.abs(drawn - expected) < 1)


def test_resampling_favours_nobody():
    weights = of(*rng.gamma(0.3, size=40), 0)
    starts = (np.arange(2000) + 0.5) / 2000
    drawn = np.mean([np.bincount(resampled(weights, 7, start), minlength=41) for start in starts], axis=0)
    assert drawn == pytest.approx(7 * weights.relative / weights.relative.sum(), abs=2e-3)
