"""Is what is called noise noise, and what is called an effect an effect? On models whose truth is known."""

import numpy as np
import pytest

from results.screening import Effect, effect, noise_share, told_apart

SEEDS = range(400)


def answers(seed, points=60, replications=20, noise=1.0, shared=3.0):
    """A truth at each point, luck shared by all points, and luck of each run's own."""
    luck = np.random.default_rng(seed)
    truth = luck.normal(0, 1, points)
    return truth[:, None] + luck.normal(0, shared, replications) + luck.normal(0, noise, (points, replications))


def test_the_share_of_noise_is_what_was_put_in():
    found = [noise_share(answers(seed, noise=2.0)) for seed in SEEDS]
    assert np.mean(found) == pytest.approx((4 / 20) / (1 + 4 / 20), rel=0.05)


def test_luck_that_all_points_share_is_no_noise():
    assert noise_share(answers(1, noise=0.0)) == pytest.approx(0, abs=1e-12)
    assert np.isnan(noise_share(np.ones((5, 4))))
    assert np.isnan(noise_share(np.ones((5, 1))))


def test_where_there_is_only_luck_the_share_is_about_one():
    luck = np.random.default_rng(5)
    assert np.mean([noise_share(luck.normal(0, 1, (60, 20))) for _ in range(200)]) > 0.9


@pytest.mark.slow
def test_a_factor_that_does_nothing_is_told_from_nothing_once_in_twenty():
    luck = np.random.default_rng(7)
    called = np.mean([effect(luck.normal(0, 1, (10, 20)), seed).p < 0.05 for seed in SEEDS])
    assert 0.02 <= called <= 0.09


@pytest.mark.slow
def test_moves_that_share_their_luck_do_not_count_as_many():
    """All ten moves of a replication come out alike: ten times the same luck is no more evidence than once."""
    luck = np.random.default_rng(8)
    called = np.mean([effect(np.tile(luck.normal(0, 1, (1, 20)), (10, 1)), seed).p < 0.05 for seed in SEEDS])
    assert 0.02 <= called <= 0.09


def test_effects_that_cancel_over_the_design_are_still_effects():
    up_and_down = np.array([[1.0], [-1.0]] * 5) + np.random.default_rng(9).normal(0, 0.5, (10, 20))
    found = effect(up_and_down)
    assert found.p < 0.001
    assert found.size == pytest.approx(1.0, abs=0.1)
    assert found.luck == pytest.approx(0.5 / np.sqrt(20), rel=0.3)


def test_what_changes_no_run_has_no_effect():
    assert effect(np.zeros((10, 20))) == Effect(0.0, 0.0, 1.0)


def test_the_size_of_nothing_is_near_nothing_and_not_the_size_of_luck():
    luck = np.random.default_rng(10)
    sizes = [effect(luck.normal(0, 1, (50, 20)), seed).size for seed in range(50)]
    assert np.mean(sizes) < 0.1 < 1 / np.sqrt(20)


def test_many_factors_are_told_apart_together():
    effects = {"sure": Effect(1, 0, 0.0001), "once in forty": Effect(1, 0, 0.025), "not": Effect(0, 0, 0.6)}
    assert told_apart(effects) == {"sure", "once in forty"}
    assert told_apart(effects | {"another": Effect(0, 0, 0.9)}) == {"sure"}
    assert told_apart({}) == set()
