"""Surprise by act: on made-up records, a model that is right is not surprised, and a wrong chance is named."""

from math import log2, sqrt

import numpy as np
import pytest

from results.surprise import by_act

ACTS = {"invite": 0.8, "attend": 0.6, "report": 0.3}
EACH = 400


def costs(truth, model, seed):
    """What `EACH` entries of each act cost a model, drawn as the truth has them."""
    luck = np.random.default_rng(seed)
    for act, p in truth.items():
        for happened in luck.random(EACH) < p:
            yield act, -log2(model[act] if happened else 1 - model[act])


def test_two_entries_by_hand():
    [one] = by_act([("invite", 2.0), ("invite", log2(4 / 3))])  # a chance of 1/4, met once of two
    entropy = 0.25 * 2 + 0.75 * log2(4 / 3)
    assert (
        one.entries == 2 and one.bits == pytest.approx(2 + log2(4 / 3)) and one.expected == pytest.approx(2 * entropy)
    )
    assert one.deviation == pytest.approx(sqrt(2 * 3 / 16) * (2 - log2(4 / 3)))


def test_what_had_to_be_so_costs_nothing_and_says_nothing():
    [one] = by_act([("attend", 0.0), ("attend", 0.0)])
    assert (one.bits, one.expected, one.excess) == (0, 0, 0)


def test_a_model_that_is_right_is_surprised_as_often_as_it_expects():
    found = [one.excess for seed in range(60) for one in by_act(costs(ACTS, ACTS, seed))]
    assert abs(np.mean(found)) < 4 / sqrt(len(found)) and 0.8 < np.std(found) < 1.2


@pytest.mark.parametrize(("act", "believed"), [("invite", 0.95), ("attend", 0.8), ("report", 0.1)])
def test_a_wrong_chance_is_named_first(act, believed):
    first, *others = by_act(costs(ACTS, ACTS | {act: believed}, 7))
    assert first.act == act and first.excess > 4 and all(one.excess < 3 for one in others)
