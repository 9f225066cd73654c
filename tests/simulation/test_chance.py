"""Luck has an address, is even and unrelated from one address to the next, and bends to a record exactly as far as the
weight says.

Everything here is drawn at fixed seeds. A tolerance is four standard errors, or a p-value as rare as that.
"""

from datetime import date
from itertools import product
from math import exp, inf, isinf, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulation.calendar import Calendar
from simulation.chance import (
    EMPTY,
    AddressBook,
    Chance,
    Delay,
    Record,
    address_key,
    luck_key,
    mix64,
    under,
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
LATER = ("tell-wait", *HERE[1:])
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
chances = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 5e-324, 1e-300, 1e-16, 0.5, under(1.0), 1.0]))
raws = st.one_of(st.floats(2.0**-53, under(1.0)), st.sampled_from([uniform(0), 2.0**-52, 0.5, uniform(2**64 - 1)]))


class Dealt(Chance):
    """Chance that deals one given number at every address."""

    def __init__(self, u, record):
        super().__init__(1, 1, record)
        self.u = u

    def raw(self, address):
        return self.u


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
@pytest.mark.parametrize("record", [EMPTY, Record({HERE: 1.0}, {HERE: (0, 10)})], ids=["usual", "recorded"])
def test_no_address_is_dealt_twice(first, second, record):
    def draw(how):
        return chance.happens(0.5, HERE) if how == "happens" else chance.arrival(Delay(5, 1), int, HERE)

    chance = Chance(1, 1, record)
    draw(first)
    with pytest.raises(ValueError, match="dealt before: tell ann bea F05 M04"):
        draw(second)


# --- evidence on acts ----------------------------------------------------------------------------


@given(raws, chances)
def test_a_recorded_yes_happens_with_the_weight_of_its_chance(raw, p):
    chance = Dealt(raw, Record({HERE: 1.0}))
    happened = chance.happens(p, HERE)
    if p > 0:
        assert happened and chance.log_weight == pytest.approx(log(p))
        assert 0 <= chance.luck[HERE] < p and chance.luck[HERE] == pytest.approx(p * raw)
    else:
        assert isinf(chance.log_weight) and chance.ruled_out_by == [HERE]


@given(raws, chances)
def test_a_recorded_no_does_not_happen_and_weighs_the_rest(raw, p):
    chance = Dealt(raw, Record({HERE: 0.0}))
    assert not chance.happens(p, HERE)
    if p < 1:
        assert chance.log_weight == pytest.approx(log(1 - p))
        assert p <= chance.luck[HERE] < 1 and chance.luck[HERE] == pytest.approx(p + (1 - p) * raw)
    else:
        assert isinf(chance.log_weight) and chance.ruled_out_by == [HERE]


@given(raws, st.floats(1e-12, under(1.0)), st.floats(1e-12, 1 - 1e-12))
def test_a_steer_is_a_yes_below_it_and_weighs_by_the_ratio(raw, p, steer):
    chance = Dealt(raw, Record({HERE: steer}))
    happened, luck = chance.happens(p, HERE), chance.luck[HERE]
    assert happened == (raw < steer) == (luck < p) and 0 < luck < 1
    assert chance.log_weight == pytest.approx(log(p / steer) if happened else log((1 - p) / (1 - steer)))
    formula = p * raw / steer if happened else p + (1 - p) * (raw - steer) / (1 - steer)
    assert luck == pytest.approx(formula)


@given(raws, chances, st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0])))
def test_conditioned_luck_lies_inside_zero_and_one(raw, p, evidence):
    chance = Dealt(raw, Record({HERE: evidence}))
    happened = chance.happens(p, HERE)
    if not isinf(chance.log_weight) and p > 1e-300:
        assert 0 < chance.luck[HERE] < 1 and happened == (chance.luck[HERE] < p)
    assert 0 <= chance.luck[HERE] <= 1


def test_steering_towards_the_chance_itself_is_no_evidence():
    for raw in np.linspace(0.001, 0.999, 97):
        chance = Dealt(raw, Record({HERE: 0.3}))
        chance.happens(0.3, HERE)
        assert chance.log_weight == pytest.approx(0) and chance.luck[HERE] == pytest.approx(raw)


@pytest.mark.parametrize("steer", [0.2, 0.5, 0.9])
def test_adding_up_an_acts_outcomes_gives_back_even_luck(steer):
    weight, luck = [], []
    for replication in range(6000):
        chance = Chance(5, replication, Record({HERE: steer}))
        chance.happens(0.4, HERE)
        weight.append(exp(chance.log_weight))
        luck.append(chance.luck[HERE])
    weight, luck = np.array(weight), np.array(luck)
    for share in (0.1, 0.4, 0.5, 0.8, 1.0):
        counted = weight * (luck < share)
        assert abs(counted.mean() - share) < 4 * counted.std() / sqrt(6000) + 1e-12


def test_weights_multiply_and_a_ruled_out_run_names_what_ruled_it_out():
    record = Record({HERE: 1.0, NEIGHBOURS[0]: 0.0, NEIGHBOURS[1]: 1.0, NEIGHBOURS[2]: 1.0})
    chance = Chance(1, 1, record)
    chance.happens(0.25, HERE)
    chance.happens(0.5, NEIGHBOURS[0])
    chance.happens(0.5, NEIGHBOURS[4])
    assert chance.log_weight == pytest.approx(log(0.125)) and not chance.ruled_out_by
    assert chance.never_met() == [NEIGHBOURS[1], NEIGHBOURS[2]]
    chance.happens(0.0, NEIGHBOURS[1])
    chance.happens(0.9, NEIGHBOURS[2])
    assert chance.log_weight == -inf and chance.ruled_out_by == [NEIGHBOURS[1]] and not chance.never_met()


def test_no_evidence_no_weight():
    chance = Chance(1, 1)
    for address in GRID[:200]:
        chance.happens(0.5, address)
    assert chance.log_weight == 0 and not chance.luck and not chance.never_met()


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


OFFICE = Calendar(date(2020, 4, 1), date(2020, 5, 31)).rota("office")
SENT = 8 * 24 * 60 + 16 * 60  # the Thursday before Easter, four in the afternoon
ARRIVE = {"any hour": lambda wait: SENT + wait, "office": lambda wait: OFFICE.after(SENT, wait)}


@given(
    raws,
    st.builds(Delay, st.floats(5, 3000), st.floats(0.1, 1.5)),
    st.sampled_from(sorted(ARRIVE)),
    st.floats(1e-4, 1 - 1e-4),
    st.integers(1, 9000) | st.just(inf),
)
def test_a_documented_arrival_falls_in_its_window_and_its_twins_does(raw, delay, hours, share, width):
    begins = ARRIVE[hours](int(delay.quantile(share)))
    chance = Dealt(raw, Record(arrivals={LATER: (begins, begins + width)}))
    moment = chance.arrival(delay, ARRIVE[hours], LATER)
    if chance.log_weight > -inf:
        assert begins <= moment < begins + width
        assert chance.twin().arrival(delay, ARRIVE[hours], LATER) == moment


@pytest.mark.parametrize("hours", sorted(ARRIVE))
@pytest.mark.parametrize("window", [(0, 60), (60, 1440), (5000, 8000), (7400, inf)], ids=str)
def test_the_weight_of_an_arrival_is_the_chance_of_its_window(hours, window):
    window = SENT + window[0], SENT + window[1]
    delay, arrive = Delay(200, 0.9), ARRIVE[hours]
    before = [delay.chance_before(wait) for wait in range(100_000)]
    waits = [wait for wait in range(99_999) if window[0] <= arrive(wait) < window[1]]
    chance = Chance(1, 1, Record(arrivals={LATER: window}))
    chance.arrival(delay, arrive, LATER)
    share = sum(before[wait + 1] - before[wait] for wait in waits)
    assert exp(chance.log_weight) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    "window", [(0, SENT), (SENT + 10**8, SENT + 10**8 + 1), (SENT + 10**9, inf)], ids=["past", "too late", "never"]
)
@pytest.mark.parametrize("hours", sorted(ARRIVE))
def test_a_window_that_cannot_be_met_rules_the_run_out_and_does_not_stop_it(hours, window):
    chance = Chance(1, 1, Record(arrivals={LATER: window}))
    moment = chance.arrival(Delay(60, 1.0), ARRIVE[hours], LATER)
    assert chance.log_weight == -inf and chance.ruled_out_by == [LATER]
    assert 0 < chance.luck[LATER] < 1 and chance.twin().arrival(Delay(60, 1.0), ARRIVE[hours], LATER) == moment


# --- a world small enough to count ---------------------------------------------------------------


def life(chance, telling=0.4):
    """She may tell; it may come in time; if not she may be asked, and is likelier to be when all is calm."""
    told, asked, late = False, False, False
    calm = chance.happens(0.6, ("calm", "", "", "", "home"))
    if chance.happens(0.7 if calm else 0.3, ("notice", "ann", "", "F05", "V01")):
        told = chance.happens(telling, HERE)
        late = told and chance.arrival(Delay(120, 1.0 if calm else 0.5), int, LATER) >= 240
        if not told or late:
            asked = chance.happens(0.5 if calm else 0.2, ("ask", "bea", "ann", "", "M04"))
    return {"calm": calm, "told": told, "late": late, "asked": asked, "known": (told and not late) or asked}


RECORDS = {
    "told": (Record({HERE: 1.0}), lambda run: run["told"]),
    "asked": (Record({("ask", "bea", "ann", "", "M04"): 1.0}), lambda run: run["asked"]),
    "not told": (Record({HERE: 0.0}), lambda run: not run["told"]),
    "told late": (Record({HERE: 1.0}, {LATER: (240, inf)}), lambda run: run["late"]),
    "told late and asked": (
        Record({HERE: 1.0, ("ask", "bea", "ann", "", "M04"): 1.0}, {LATER: (240, inf)}),
        lambda run: run["late"] and run["asked"],
    ),
}


@pytest.mark.parametrize("record", RECORDS)
def test_weighting_equals_keeping_only_the_runs_that_fit(record):
    number, (record, fits) = 12_000, RECORDS[record]
    kept = [run for run in (life(Chance(1, replication)) for replication in range(number)) if fits(run)]
    runs, weights = [], np.zeros(number)
    for replication in range(number):
        chance = Chance(2, replication, record)
        runs.append(life(chance))
        weights[replication] = 0 if chance.never_met() else exp(chance.log_weight)
    share = len(kept) / number
    assert abs(weights.mean() - share) < 4 * sqrt(weights.var() / number + share * (1 - share) / number)
    for measure in ("calm", "known", "late"):
        y = np.array([run[measure] for run in runs], float)
        weighted, rejected = (weights @ y) / weights.sum(), np.mean([run[measure] for run in kept])
        error = sqrt(np.sum((weights * (y - weighted)) ** 2)) / weights.sum()
        assert abs(weighted - rejected) <= 4 * sqrt(error**2 + rejected * (1 - rejected) / len(kept)) + 1e-12


@pytest.mark.parametrize("record", RECORDS)
def test_a_twin_under_the_same_chances_lives_the_same_life(record):
    for replication in range(300):
        chance = Chance(2, replication, RECORDS[record][0])
        recorded = life(chance)
        if chance.log_weight > -inf:
            twin = chance.twin()
            assert life(twin) == recorded and twin.log_weight == 0 and twin.dealt == chance.dealt


def test_a_twin_never_undoes_an_act_that_became_likelier():
    for replication in range(300):
        chance = Chance(3, replication, Record({HERE: replication % 2}))
        told = life(chance)["told"]
        assert life(chance.twin(), telling=0.8)["told"] >= told


def test_a_twin_shares_all_luck_the_record_did_not_touch():
    chance = Chance(4, 4, Record({HERE: 1.0}))
    happened = [chance.happens(0.5, address) for address in GRID if address != HERE]
    twin = chance.twin()
    assert [twin.happens(0.5, address) for address in GRID if address != HERE] == happened
