"""Is the interval at which the runs stop what it says it is? A thousand experiments of models whose truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.measures import MEASURES
from results.statistics import finding, holm_intervals, mean_interval
from results.stopping import BLOCK, LEAST, Until, enough, until, widest
from scenarios.faults import BadInput

EXPERIMENTS = 1_000
MOST = 20_000

Model = Callable[[np.random.Generator, int], dict[str, np.ndarray]]
"""So many pairs of runs: for each policy its measure less that of practice as usual."""


def shares(p: float, *changed: float, pairs: int = 12) -> Model:
    """Reach in small: of so many pairs of item and decision each is read with chance p, and on the same luck with
    another chance under each policy. The true difference is that of the chances."""

    def runs(luck: np.random.Generator, n: int) -> dict[str, np.ndarray]:
        u = luck.random((n, pairs))
        usual = (u < p).mean(axis=1)
        return {f"{q:g}": (u < q).mean(axis=1) - usual for q in changed}

    return runs


def swaps(often: float, *_: float, pairs: int = 12) -> Model:
    """A policy that moves luck about and changes no chance: each pair is dealt anew with a small chance."""

    def runs(luck: np.random.Generator, n: int) -> dict[str, np.ndarray]:
        u, anew, again = luck.random((n, pairs)), luck.random((n, pairs)), luck.random((n, pairs))
        usual = (u < 0.6).mean(axis=1)
        return {"null": (np.where(again < often, anew, u) < 0.6).mean(axis=1) - usual}

    return runs


def stopped(model: Model, half_width: float, seed: int) -> dict[str, np.ndarray]:
    """The differences of one experiment as the rule leaves them: block by block until they are enough."""
    luck = np.random.default_rng(seed)
    found = model(luck, LEAST)
    while not enough(found, half_width) and next(iter(found.values())).size < MOST:
        more = model(luck, BLOCK)
        found = {name: np.concatenate([values, more[name]]) for name, values in found.items()}
    return found


@pytest.mark.parametrize(
    ("model", "truth", "half_width"),
    [
        (shares(0.6, 0.65), 0.05, 0.003),
        (shares(0.6, 0.62, pairs=4), 0.02, 0.004),
        pytest.param(shares(0.02, 0.05, pairs=3), 0.03, 0.005, marks=pytest.mark.slow),
    ],
    ids=["twelve pairs", "four pairs", "rare and lopsided"],
)
def test_nominal_95_covers_93_to_97_of_100_under_the_rule(model: Model, truth: float, half_width: float):
    inside, runs = 0, []
    for seed in range(EXPERIMENTS):
        (values,) = stopped(model, half_width, seed).values()
        interval = mean_interval(values)
        inside += interval.low <= truth <= interval.high
        runs.append(values.size)
        assert (interval.high - interval.low) / 2 <= half_width
    assert len({*runs}) > 2, "the rule never had to choose"
    assert 0.93 <= inside / EXPERIMENTS <= 0.97


@pytest.mark.parametrize(("often", "half_width"), [(0.05, 0.003), (0.2, 0.008)])
def test_what_does_nothing_is_called_unclear_in_94_of_100(often: float, half_width: float):
    unclear = 0
    for seed in range(EXPERIMENTS):
        bands = holm_intervals(stopped(swaps(often), half_width, seed))
        assert bands["null"].n > LEAST or half_width == 0.008
        unclear += finding(bands["null"], None) == "no clear difference"
    assert unclear / EXPERIMENTS >= 0.94


@pytest.mark.slow
def test_among_several_policies_the_null_one_is_called_unclear():
    """Two that help, one that does nothing: stopping waits for the widest, and the null is still seldom called."""
    help_, null = shares(0.6, 0.63, 0.7), swaps(0.05)
    unclear = 0
    for seed in range(EXPERIMENTS):
        bands = holm_intervals(stopped(lambda luck, n: help_(luck, n) | null(luck, n), 0.006, seed))
        unclear += finding(bands["null"], None) == "no clear difference"
    assert unclear / EXPERIMENTS >= 0.94


def test_to_stop_on_the_sign_would_call_far_more():
    """Why the rule does not look at the sign: the same null policy, looked at until zero is left out."""
    called = 0
    for seed in range(200):
        luck = np.random.default_rng(seed)
        values = swaps(0.2)(luck, LEAST)["null"]
        while not mean_interval(values).excludes_zero and values.size < 3_000:
            values = np.concatenate([values, swaps(0.2)(luck, BLOCK)["null"]])
        called += mean_interval(values).excludes_zero
    assert called / 200 > 0.15


@given(st.integers(0, 2**32), st.floats(0.001, 0.05))
def test_the_sign_of_a_difference_changes_nothing(seed: int, half_width: float):
    luck = np.random.default_rng(seed)
    found = {"a": luck.normal(0.1, 0.3, 450), "b": luck.normal(0, 0.1, 450)}
    other = {name: -values for name, values in found.items()}
    moved = {name: values + 5 for name, values in found.items()}
    assert enough(found, half_width) == enough(other, half_width) == enough(moved, half_width)


def test_no_printed_interval_is_wider_than_the_one_that_was_met():
    luck = np.random.default_rng(3)
    found = {"much": luck.normal(1, 0.1, 400), "little": luck.normal(0, 0.2, 400), "none": np.zeros(400)}
    most = widest(found)
    assert all(band.high - band.low <= most.high - most.low + 1e-12 for band in holm_intervals(found).values())


def test_it_never_stops_before_the_least_number_of_pairs():
    assert not enough({"a": np.zeros(LEAST - 1)}, 0.5)
    assert enough({"a": np.zeros(LEAST)}, 0.5)
    assert not enough({"a": np.append(np.zeros(LEAST), np.nan), "b": np.append(np.zeros(LEAST - 1), [np.nan] * 2)}, 0.5)


@pytest.mark.parametrize("text", ["reach ± 0.01", "reach +- 0.01", "reach+/-0.01", " reach ± .01 "])
def test_what_is_asked_is_read(text: str):
    assert until(text) == Until("reach", 0.01)
    assert str(until(text)) == "reach ± 0.01"
    assert until("hours ± 2").half_width == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("reach", "no measure with its half-width"),
        ("0.01", "no measure with its half-width"),
        ("reach ± -0.01", "no measure with its half-width"),
        ("reech ± 0.01", "Did you mean reach?"),
        ("reach ± 0", "above 0"),
        ("reach ± 1", "a share from 0 to 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(text: str, says: str):
    with pytest.raises(BadInput, match=says):
        until(text)


def test_every_measure_can_be_asked_for():
    for name in MEASURES:
        assert until(f"{name} ± 0.5").measure == name
