"""Luck has an address, and is even and unrelated from one address to the next.

Everything here is drawn at fixed seeds. A tolerance is four standard errors, or a p-value as rare as that.
"""

from itertools import product
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulation.chance import (
    AddressBook,
    Chance,
    Delay,
    address_key,
    luck_key,
    mix64,
    uniform,
    uniforms,
)

RARE = 6e-5
"""How often four standard errors are exceeded by chance."""
ACTS, PEOPLE = ("tell", "rule-tell", "notice", "weigh"), ("ann", "bea", "cat", "dot", "eve", "")
ITEMS = tuple(f"F{number:02}" for number in range(12))
OCCASIONS = ("M03", "M04", "V19", "V20", "V21", "start")
GRID = list(product(ACTS, PEOPLE, PEOPLE, ITEMS, OCCASIONS))
HERE = ("tell", "ann", "bea", "F05", "M04")
NEIGHBOURS = [
    ("rule-tell", "ann", "bea", "F05", "M04"),
    ("tell", "cat", "bea", "F05", "M04"),
    ("tell", "ann", "cat", "F05", "M04"),
    ("tell", "ann", "bea", "F07", "M04"),
    ("tell", "ann", "bea", "F05", "M09"),
    ("tell", "bea", "ann", "F05", "M04"),
]
names = st.text(st.characters(codec="utf-8"), max_size=12)
addresses = st.tuples(names, names, names, names, names)


def over_replications(address, number, seed=1):
    keys = np.array([address_key(address)], np.uint64)
    return np.array([uniforms(keys, luck_key(seed, replication))[0] for replication in range(number)])


def assert_unrelated(one, other):
    """No correlation, and every cell of an 8 × 8 table of the pairs as full as the next."""
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / sqrt(len(one))
    table = np.histogram2d(one, other, 8, [[0, 1], [0, 1]])[0]
    assert stats.chisquare(table.ravel()).pvalue > RARE


# --- even, and unrelated -------------------------------------------------------------------------


@pytest.mark.parametrize("replication", [0, 1, 77])
def test_luck_is_even_over_addresses(replication):
    luck = uniforms(np.array([address_key(address) for address in GRID], np.uint64), luck_key(1, replication))
    assert len(set(luck)) == len(GRID)
    assert stats.kstest(luck, "uniform").pvalue > RARE


def test_luck_is_even_over_replications_and_over_seeds():
    assert stats.kstest(over_replications(HERE, 4000), "uniform").pvalue > RARE
    seeds = [Chance(seed, 0).raw(HERE) for seed in range(4000)]
    assert stats.kstest(seeds, "uniform").pvalue > RARE


@pytest.mark.parametrize("bits", [0, 20, 44], ids=["first eight", "middle eight", "last eight"])
def test_all_bits_of_luck_are_even(bits):
    luck = uniforms(np.array([address_key(address) for address in GRID], np.uint64), luck_key(1, 0))
    eight = (luck * 2.0 ** (bits + 8)).astype(np.uint64) % 256
    assert stats.chisquare(np.bincount(eight.astype(int), minlength=256)).pvalue > RARE


@pytest.mark.parametrize("neighbour", NEIGHBOURS, ids=" ".join)
def test_addresses_that_differ_in_one_name_are_unrelated(neighbour):
    assert_unrelated(over_replications(HERE, 8000), over_replications(neighbour, 8000))


@pytest.mark.parametrize("lag", [1, 2, 16])
def test_replications_and_seeds_side_by_side_are_unrelated(lag):
    luck = over_replications(HERE, 8000)
    assert_unrelated(luck[lag:], luck[:-lag])
    assert_unrelated(luck, over_replications(HERE, 8000, seed=1 + lag))


@pytest.mark.parametrize("lag", [1, len(OCCASIONS), len(OCCASIONS) * len(ITEMS)])
def test_addresses_side_by_side_in_one_replication_are_unrelated(lag):
    luck = uniforms(np.array([address_key(address) for address in GRID], np.uint64), luck_key(3, 5))
    assert_unrelated(luck[lag:], luck[:-lag])


def test_no_two_addresses_share_a_key():
    assert len({address_key(address) for address in GRID}) == len(GRID)


@given(st.integers(0, 2**64 - 1))
def test_luck_lies_inside_zero_and_one(bits):
    assert all(0 < uniform(number) < 1 for number in (bits, 0, 2**64 - 1))


# --- the same number, however it is dealt --------------------------------------------------------


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1), st.integers(0, 2**64 - 1))
def test_a_block_is_its_single_draws_to_the_bit(keys, luck):
    assert uniforms(np.array(keys, np.uint64), luck).tolist() == [uniform(mix64(key ^ luck)) for key in keys]


@given(st.lists(addresses, min_size=1, max_size=20, unique=True), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_address_book_changes_no_number(found, seed, replication):
    def draw(book):
        chance = Chance(seed, replication, book=book)
        return [[p for p in (0.1, 0.3, 0.5, 0.7, 0.9) if chance.happens(p, (f"{p}", *a[1:]))] for a in unlike(found)]

    def unlike(found):
        return list({address[1:]: address for address in found}.values())

    alone = [Chance(seed, replication).raw(address) for address in found]
    book, small = AddressBook(), AddressBook(most=3)
    first, second, third = draw(book), draw(book), draw(small)
    assert first == second == third == draw(small) == draw(None)
    book = AddressBook()
    for address in found:
        book.slot(address)
    assert [Chance(seed, replication, book=book).raw(address) for address in found] == alone


def test_luck_does_not_depend_on_what_was_drawn_before():
    forth, back = Chance(1, 1), Chance(1, 1)
    there = {address: forth.happens(0.5, address) for address in GRID}
    assert {address: back.happens(0.5, address) for address in reversed(GRID)} == there


def test_seed_and_replication_both_matter():
    assert len({Chance(seed, replication).raw(HERE) for seed in range(10) for replication in range(10)}) == 100


@pytest.mark.parametrize("first", ["happens", "arrival"])
@pytest.mark.parametrize("second", ["happens", "arrival"])
def test_no_address_is_dealt_twice(first, second):
    def draw(how):
        return chance.happens(0.5, HERE) if how == "happens" else chance.arrival(Delay(5, 1), int, HERE)

    chance = Chance(1, 1)
    draw(first)
    with pytest.raises(ValueError, match="dealt before: tell ann bea F05 M04"):
        draw(second)


# --- delays --------------------------------------------------------------------------------------


@given(st.floats(1, 1e5), st.floats(0.05, 2), st.floats(1e-9, 1 - 1e-9))
def test_quantile_and_chance_before_are_inverse(median, spread, u):
    delay = Delay(median, spread)
    assert delay.chance_before(delay.quantile(u)) == pytest.approx(u, abs=1e-12)
    assert delay.quantile(u) == pytest.approx(stats.lognorm(spread, scale=median).ppf(u), rel=1e-6)


def test_a_delay_has_its_median_and_ends():
    delay = Delay(240, 0.8)
    assert delay.quantile(0.5) == pytest.approx(240) and delay.chance_before(240) == pytest.approx(0.5)
    assert delay.chance_before(0) == delay.chance_before(-5) == 0 and delay.chance_before(inf) == 1


def test_no_delay_and_a_delay_without_spread():
    assert Delay(0, 1).quantile(0.99) == 0 and Delay(0, 1).chance_before(1) == 1 and Delay(0, 1).chance_before(0) == 0
    fixed = Delay(30, 0)
    assert fixed.quantile(0.01) == fixed.quantile(0.99) == 30
    assert fixed.chance_before(30) == 0 and fixed.chance_before(31) == 1


def test_the_chance_of_a_window_far_up_the_tail_is_not_lost_to_rounding():
    delay = Delay(60, 0.5)
    far = 60 * 2.0**7
    assert delay.chance_before(2 * far) - delay.chance_before(far) == 0
    exact = stats.lognorm(0.5, scale=60)
    assert delay.chance_between(far, 2 * far) == pytest.approx(exact.sf(far) - exact.sf(2 * far), rel=1e-6)
    assert delay.chance_between(30, 90) == pytest.approx(exact.cdf(90) - exact.cdf(30))
    assert Delay(0, 1).chance_between(0, 1) == 1 and Delay(30, 0).chance_between(31, inf) == 0
