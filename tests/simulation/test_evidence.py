"""Luck bends to a record exactly as far as the weight says: on single draws, and against every history of a world small
enough to count.

Everything here is drawn at fixed seeds. A tolerance is four standard errors, or a p-value as rare as that.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import combinations, product
from math import exp, inf, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.calendar import Calendar
from simulation.chance import Delay, under, uniform
from simulation.evidence import Evidence, Expected, Span, Statement, Window
from simulation.recorded import NEVER_REACHED, NO_CHANCE, TOO_SELDOM, Recorded, RuledOut
from simulation.steering import between, steered

HERE = ("tell", "ann", "bea", "F05", "M04")
THERE = ("tell", "ann", "cat", "F05", "M04")
OTHERS = [("tell", "ann", "bea", f"F{number:02}", "M04") for number in range(10, 40)]
LATER = ("tell-wait", *HERE[1:])
chances = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 5e-324, 1e-300, 1e-16, 0.5, under(1.0), 1.0]))
raws = st.one_of(st.floats(2.0**-53, under(1.0)), st.sampled_from([uniform(0), 2.0**-52, 0.5, uniform(2**64 - 1)]))


class Dealt(Recorded):
    """Luck that deals one given number at every address."""

    def __init__(self, u, evidence):
        super().__init__(1, 1, evidence)
        self.u = u

    def raw(self, address):
        return self.u


def span(address, **more):
    return Span(*(frozenset({name}) for name in address), **more)


def several(ways, least, most, guess=0.5):
    """At least `least` and at most `most` of these happened."""
    statement = Statement("several", tuple(map(span, ways)), least, most, closed=True)
    return Evidence((statement,), plan={0: dict.fromkeys(ways, Expected(guess))})


# --- single draws --------------------------------------------------------------------------------


@given(raws, chances)
def test_a_recorded_yes_happens_with_the_weight_of_its_chance(documented, raw, p):
    chance = Dealt(raw, documented({HERE: True}))
    if p > 0:
        assert chance.happens(p, HERE) and chance.log_weight == pytest.approx(log(p))
        assert 0 <= chance.luck[HERE] < p and chance.luck[HERE] == pytest.approx(p * raw)
    else:
        with pytest.raises(RuledOut, match=NO_CHANCE):
            chance.happens(p, HERE)


@given(raws, chances)
def test_a_recorded_no_does_not_happen_and_weighs_the_rest(documented, raw, p):
    chance = Dealt(raw, documented({HERE: False}))
    if p < 1:
        assert not chance.happens(p, HERE) and chance.log_weight == pytest.approx(log(1 - p))
        assert p <= chance.luck[HERE] < 1 and chance.luck[HERE] == pytest.approx(p + (1 - p) * raw)
    else:
        with pytest.raises(RuledOut, match=NO_CHANCE):
            chance.happens(p, HERE)


@given(raws, st.floats(1e-12, under(1.0)), st.floats(1e-6, 1.0))
def test_a_steer_is_a_yes_below_it_and_weighs_by_the_ratio(raw, p, guess):
    """One of two must happen: the first is steered by its share, the second made to happen if the first did not."""
    chance = Dealt(raw, several([HERE, THERE], 1, inf, guess))
    steer = p / (p + (1 - p) * guess)
    happened = chance.happens(p, HERE)
    luck = chance.luck[HERE]
    assert happened == (raw < steer) == (luck < p) and 0 < luck < 1
    assert chance.log_weight == pytest.approx(
        log(p / steer) if happened else log((1 - p) / (1 - steer)), rel=1e-6, abs=1e-9
    )
    formula = p * raw / steer if happened else p + (1 - p) * (raw - steer) / (1 - steer)
    assert luck == pytest.approx(formula)
    assert chance.happens(0.3, THERE) or happened


@given(raws, chances, st.booleans())
def test_conditioned_luck_lies_inside_zero_and_one(documented, raw, p, happened):
    chance = Dealt(raw, documented({HERE: happened}))
    try:
        assert chance.happens(p, HERE) == happened
    except RuledOut:
        assert p in (0, 1)
    else:
        assert 0 <= chance.luck[HERE] < 1 and happened == (chance.luck[HERE] < p)
        assert chance.twin().happens(p, HERE) == happened


@pytest.mark.parametrize("guess", [0.05, 0.5, 0.95])
@pytest.mark.parametrize(("least", "most"), [(0, 0), (1, 1), (2, 2), (3, 3), (1, inf)])
def test_the_weighted_luck_of_each_of_several_is_what_counting_their_outcomes_gives(guess, least, most):
    ways, p = [HERE, *OTHERS[:2]], (0.4, 0.7, 0.2)
    number = 6000
    weight, luck = np.zeros(number), np.zeros((number, 3))
    for replication in range(number):
        chance = Recorded(5, replication, several(ways, least, most, guess))
        for way, each in zip(ways, p, strict=True):
            chance.happens(each, way)
        weight[replication] = exp(chance.log_weight)
        luck[replication] = [chance.luck.get(way, chance.raw(way)) for way in ways]
    fits = np.array([least <= sum(yes) <= most for yes in product((True, False), repeat=3)])
    of_each = np.array(
        [np.prod([q if y else 1 - q for q, y in zip(p, yes, strict=True)]) for yes in product((True, False), repeat=3)]
    )
    assert abs(weight.mean() - of_each[fits].sum()) <= 4 * weight.std() / sqrt(number) + 1e-12
    for place, each in enumerate(p):
        happened = np.array([yes[place] for yes in product((True, False), repeat=3)])
        below = [each * share for share in (0.25, 0.5, 1)]
        for u in below:
            exact = u / each * of_each[fits & happened].sum()
            counted = weight * (luck[:, place] < u)
            assert abs(counted.mean() - exact) <= 4 * counted.std() / sqrt(number) + 1e-12


def test_weights_multiply_and_what_never_came_is_named_when_its_date_is_past(documented):
    chance = Recorded(1, 1, documented({HERE: True, THERE: False, OTHERS[0]: True, OTHERS[1]: True}))
    chance.happens(0.25, HERE)
    chance.happens(0.5, THERE)
    chance.happens(0.5, OTHERS[5])
    assert chance.log_weight == pytest.approx(log(0.125))
    with pytest.raises(RuledOut, match=NEVER_REACHED) as ruled_out:
        chance.check(inf)
    assert ruled_out.value.entry == " ".join(OTHERS[0])


def test_a_pattern_speaks_of_draws_nobody_foresaw_until_it_ends(documented):
    never = Statement("never", (Span(frozenset({"tell"}), frozenset({"ann"}), until=100),), 0, 0)
    chance = Recorded(1, 1, Evidence((never,)))
    chance._clock = type("Then", (), {"minute": 99})
    assert not any(chance.happens(0.999, address) for address in OTHERS[:10])
    assert chance.happens(0.3, ("ask", "ann", "bea", "", "M04")) == (chance.raw(("ask", "ann", "bea", "", "M04")) < 0.3)
    chance._clock.minute = 100
    assert all(
        chance.happens(p, address) == (chance.raw(address) < p)
        for p, address in zip((0.2, 0.9), OTHERS[10:12], strict=True)
    )


@pytest.mark.parametrize("turned", [1, -1])
def test_the_narrower_statement_wins_in_any_order(documented, turned):
    never = Statement("never", (Span(frozenset({"tell"}), frozenset({"ann"})),), 0, 0)
    exact = documented({HERE: True}).statements
    evidence = Evidence((never, *exact)[::turned], plan={})
    chance = Recorded(1, 1, evidence)
    assert chance.happens(0.01, HERE) and not chance.happens(0.99, THERE)


def test_no_evidence_no_weight():
    chance = Recorded(1, 1, Evidence())
    for address in OTHERS:
        chance.happens(0.5, address)
    assert chance.log_weight == 0 and not chance.luck
    chance.check(inf)


# --- counts ---------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(-2, 8), st.integers(-2, 8) | st.just(inf))
def test_the_chance_of_a_count_is_what_counting_every_outcome_gives(p, least, most):
    exact = 0.0
    for yes in product((True, False), repeat=len(p)):
        if least <= sum(yes) <= most:
            exact += np.prod([q if y else 1 - q for q, y in zip(p, yes, strict=True)])
    assert between(p, least, most) == pytest.approx(exact, abs=1e-12)


def test_a_steer_by_true_chances_is_the_chance_given_the_count():
    p = [0.2, 0.5, 0.7, 0.9]
    with_first = sum(
        np.prod([0.2, *(q if k in chosen else 1 - q for k, q in enumerate(p) if k)])
        for chosen in combinations((1, 2, 3), 1)
    )
    without = sum(
        np.prod([0.8, *(q if k in chosen else 1 - q for k, q in enumerate(p) if k)])
        for chosen in combinations((1, 2, 3), 2)
    )
    assert steered(0.2, 2, 2, p[1:]) == pytest.approx(with_first / (with_first + without))
    assert steered(0.2, 0, inf, p) is None and steered(0.2, 1, inf, []) == 1 and steered(0.2, 0, 0, []) == 0


@pytest.mark.parametrize(("other", "left"), [(THERE, 0.5), ((*THERE[:4], "M09"), 0.0)])
def test_what_one_person_still_does_with_it_on_one_occasion_is_never_late(other, left):
    """Its usual day is past: on this occasion the next may still bring it, elsewhere it is over."""
    statement = Statement("told", (span(HERE), span(other)), 1, inf)
    evidence = Evidence((statement,), plan={0: {HERE: Expected(0.5, -1), other: Expected(0.5, -1)}})
    steer = 0.25 / (0.25 + 0.75 * left) if left else evidence.surest
    assert Dealt(under(steer), evidence).happens(0.25, HERE)
    assert not Dealt(steer + 1e-9, evidence).happens(0.25, HERE)


# --- delays ---------------------------------------------------------------------------------------

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
def test_a_documented_arrival_falls_in_its_window_and_its_twins_does(documented, raw, delay, hours, share, width):
    begins = ARRIVE[hours](int(delay.quantile(share)))
    chance = Dealt(raw, documented({}, {HERE: (begins, begins + width)}))
    try:
        moment = chance.arrival(delay, ARRIVE[hours], LATER)
    except RuledOut:
        return
    assert begins <= moment < begins + width
    assert chance.twin().arrival(delay, ARRIVE[hours], LATER) == moment


@pytest.mark.parametrize("hours", sorted(ARRIVE))
@pytest.mark.parametrize("window", [(0, 60), (60, 1440), (5000, 8000), (7400, inf), (-inf, 500)], ids=str)
def test_the_weight_of_an_arrival_is_the_chance_of_its_window(documented, hours, window):
    window = SENT + window[0], SENT + window[1]
    delay, arrive = Delay(200, 0.9), ARRIVE[hours]
    before = [delay.chance_before(wait) for wait in range(100_000)]
    waits = [wait for wait in range(99_999) if window[0] <= arrive(wait) < window[1]]
    share = sum(before[wait + 1] - before[wait] for wait in waits)
    chance = Recorded(1, 1, documented({}, {HERE: window}))
    if not share:  # the office is closed all that while
        with pytest.raises(RuledOut, match=NO_CHANCE):
            chance.arrival(delay, arrive, LATER)
        return
    chance.arrival(delay, arrive, LATER)
    assert exp(chance.log_weight) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    "window", [(0, SENT), (SENT + 10**8, SENT + 10**8 + 1), (SENT + 10**9, inf)], ids=["past", "too late", "never"]
)
@pytest.mark.parametrize("hours", sorted(ARRIVE))
def test_a_window_that_cannot_be_met_rules_the_run_out(documented, hours, window):
    chance = Recorded(1, 1, documented({}, {HERE: window}))
    with pytest.raises(RuledOut, match=NO_CHANCE):
        chance.arrival(Delay(60, 1.0), ARRIVE[hours], LATER)


def test_windows_that_both_speak_of_a_delay_leave_their_overlap():
    windows = tuple(Window("both", span(HERE), *ends) for ends in ((SENT, SENT + 500), (SENT + 300, inf)))
    chance = Recorded(1, 1, Evidence((), windows))
    assert SENT + 300 <= chance.arrival(Delay(60, 1.0), ARRIVE["any hour"], LATER) < SENT + 500


# --- a world small enough to count ----------------------------------------------------------------

CONTACTS = [("notice", "ann", "", "F05", f"V{number}") for number in range(3)]
CALM = ("calm", "", "", "", "home")
PHONE, LETTER = ("tell", "ann", "bea", "F05", "V0"), ("tell", "cat", "bea", "F05", "V0")
ASK = ("ask", "bea", "ann", "", "M04")
POST = ("tell-wait", "ann", "bea", "F05", "V0")
DAYS = 4


class Dice(Delay):
    """A wait of 0 … 3 whole minutes, each as likely."""

    def quantile(self, u):
        return int(u * DAYS)

    def chance_before(self, minutes):
        return min(max(minutes, 0), DAYS) / DAYS

    def chance_between(self, first, last):
        return self.chance_before(last) - self.chance_before(first)


WAIT = Dice(1, 1)


def life(chance, telling=0.4, asking=0.5):
    """Seen at three visits or not; whoever saw may tell, one way or another; it may come in time; if not she may be
    asked, and is likelier to be when all is calm, which nobody writes down."""
    calm = chance.happens(0.6, CALM)
    seen = sum(chance.happens(0.7 if calm else 0.3, contact) for contact in CONTACTS)
    told, wrote, late, asked = False, False, False, False
    if seen:
        told = chance.happens(telling, PHONE)
        wrote = not told and chance.happens(0.3 if calm else 0.6, LETTER)
        late = told and chance.arrival(WAIT, int, POST) >= 2
    if not (told and not late) and not wrote:
        asked = chance.happens(asking if calm else 0.2, ASK)
    return {"calm": calm, "seen": seen, "told": told, "wrote": wrote, "late": late, "asked": asked,
            "known": (told and not late) or wrote or asked}  # fmt: skip


class Path:
    """Luck that takes a given way at each draw, and the first way where none is given: to walk every history of a
    world. Each draw leaves its luck in an interval; a twin's draw is asked what share of that interval says yes."""

    def __init__(self, ways, dealt=None):
        self.ways, self.dealt = list(ways), dealt or {}
        self.taken, self.chance, self.luck = [], 1.0, {}

    def happens(self, p, address):
        return self._take(address, [(0.0, p), (p, 1.0)]) == 0

    def arrival(self, _delay, arrive, address):
        return arrive(self._take(address, [(k / DAYS, (k + 1) / DAYS) for k in range(DAYS)]))

    def _take(self, address, parts):
        low, high = self.dealt.get(address, (0.0, 1.0))
        shares = [max(0.0, min(b, high) - max(a, low)) / (high - low) for a, b in parts]
        way = self.ways[len(self.taken)] if len(self.taken) < len(self.ways) else 0
        self.taken.append((way, len(parts)))
        self.chance *= shares[way]
        self.luck[address] = max(parts[way][0], low), min(parts[way][1], high)
        return way


def histories(live, dealt=None):
    """Every history, with its chance and the interval of luck of each of its draws."""
    waiting = [[]]
    while waiting:
        ways = waiting.pop()
        path = Path(ways, dealt)
        run = live(path)
        for place in range(len(ways), len(path.taken)):
            way, parts = path.taken[place]
            stem = [taken for taken, _ in path.taken[:place]]
            waiting += [[*stem, other] for other in range(way + 1, parts)]
        if path.chance > 0:
            yield run, path.chance, path.luck


RECORDS = {
    "told": ({PHONE: True}, {}, (), lambda run: run["told"]),
    "asked": ({ASK: True}, {}, (), lambda run: run["asked"]),
    "not told": ({PHONE: False}, {}, (), lambda run: not run["told"]),
    "told, and late": ({PHONE: True}, {PHONE: (2, inf)}, (), lambda run: run["late"]),
    "late if told": ({}, {PHONE: (2, inf)}, (), lambda run: run["late"] or not run["told"]),
    "told late, and asked": ({PHONE: True, ASK: True}, {PHONE: (2, inf)}, (), lambda run: run["late"] and run["asked"]),
    "seen twice": ({}, {}, (("count", CONTACTS, 2, 2),), lambda run: run["seen"] == 2),
    "told by one of them": ({}, {}, (("any", [PHONE, LETTER], 1, inf),), lambda run: run["told"] or run["wrote"]),
    "seen once, told by one, never asked": (
        {ASK: False}, {}, (("count", CONTACTS, 1, 1), ("any", [PHONE, LETTER], 1, inf)),
        lambda run: run["seen"] == 1 and (run["told"] or run["wrote"]) and not run["asked"],
    ),
}  # fmt: skip
MEASURES = ("calm", "seen", "late", "known")
POLICIES = {
    "as usual": {},
    "telling more": {"telling": 0.9},
    "telling less, asking more": {"telling": 0.2, "asking": 0.9},
}


@pytest.fixture(scope="module", params=RECORDS)
def counted(request, documented):
    """A record: its evidence, and what every history that fits it comes to, each policy's twin beside it."""
    acts, arrivals, several_of, fits = RECORDS[request.param]
    exact = documented(acts, arrivals)
    more = tuple(
        Statement(name, tuple(map(span, ways)), least, most, closed=True) for name, ways, least, most in several_of
    )
    number = len(exact.statements)
    plan = {number + k: dict.fromkeys(ways, Expected(0.45)) for k, (_, ways, _, _) in enumerate(several_of)}
    evidence = Evidence(exact.statements + more, exact.windows, plan)
    total, sums = 0.0, defaultdict(float)
    for run, chance, luck in histories(life):
        if not fits(run):
            continue
        total += chance
        for measure in MEASURES:
            sums["recorded", measure] += chance * run[measure]
        for policy, changes in POLICIES.items():
            for other, share, _ in histories(lambda path, changes=changes: life(path, **changes), luck):
                for measure in MEASURES:
                    sums[policy, measure] += chance * share * other[measure]
    return evidence, total, {key: value / total for key, value in sums.items()}


def test_weights_and_twins_come_to_what_counting_every_history_gives(counted):
    evidence, total, exact = counted
    number = 8000
    weights, found = np.zeros(number), {key: np.zeros(number) for key in exact}
    for replication in range(number):
        chance = Recorded(2, replication, evidence)
        try:
            run = life(chance)
            chance.check(inf)
        except RuledOut:
            continue
        weights[replication] = exp(chance.log_weight)
        lives = {"recorded": run} | {policy: life(chance.twin(), **changes) for policy, changes in POLICIES.items()}
        for (name, measure), values in found.items():
            values[replication] = lives[name][measure]
    assert abs(weights.mean() - total) <= 4 * weights.std() / sqrt(number) + 1e-12
    for key, y in found.items():
        mean = weights @ y / weights.sum()
        error = sqrt(np.sum((weights * (y - mean)) ** 2)) / weights.sum()
        assert abs(mean - exact[key]) <= 4 * error + 1e-12, key


def test_leaning_on_what_nobody_wrote_down_moves_no_estimate(documented):
    """However far: a run's weight takes it back, and by no more than eight to one a draw."""
    evidence = documented({PHONE: True}, {PHONE: (2, inf)})
    leaning = {CALM: 9.0, CONTACTS[0]: 0.05, CONTACTS[1]: 1000.0, ASK: 0.3}
    exact = [(run, chance) for run, chance, _ in histories(life) if run["late"]]
    total = sum(chance for _, chance in exact)
    weights, known = np.zeros(8000), np.zeros(8000)
    for replication in range(8000):
        chance = Recorded(12, replication, replace(evidence, leaning=leaning))
        try:
            known[replication] = life(chance)["calm"]
            chance.check(inf)
        except RuledOut:
            continue
        weights[replication] = exp(chance.log_weight)
        assert chance.leant <= 4 * log(8) and life(chance.twin())["late"]
    mean = weights @ known / weights.sum()
    error = sqrt(np.sum((weights * (known - mean)) ** 2)) / weights.sum()
    assert abs(weights.mean() - total) <= 4 * weights.std() / sqrt(8000)
    assert abs(mean - sum(run["calm"] * chance for run, chance in exact) / total) <= 4 * error


def test_a_patient_run_goes_on_past_what_ruled_it_out(documented):
    chance = Recorded(1, 1, documented({HERE: True, THERE: True}), patient=True)
    assert not chance.happens(0.0, HERE)
    chance.check(inf)
    assert [(one.entry, one.why) for one in chance.ruled_out] == [
        (" ".join(HERE), NO_CHANCE),
        (" ".join(HERE), TOO_SELDOM),
        (" ".join(THERE), NEVER_REACHED),
    ]


def test_weighting_equals_keeping_only_the_runs_that_fit(documented):
    """The same by rejection, so that nothing hangs on how histories were counted."""
    for acts, arrivals, several_of, fits in RECORDS.values():
        if several_of:
            continue
        runs = [life(Recorded(1, replication, Evidence())) for replication in range(6000)]
        kept = [run for run in runs if fits(run)]
        weights, known = np.zeros(6000), np.zeros(6000)
        for replication in range(6000):
            chance = Recorded(2, replication, documented(acts, arrivals))
            try:
                known[replication] = life(chance)["known"]
                chance.check(inf)
                weights[replication] = exp(chance.log_weight)
            except RuledOut:
                pass
        share, mean = len(kept) / 6000, weights @ known / weights.sum()
        assert abs(weights.mean() - share) < 4 * sqrt((weights.var() + share * (1 - share)) / 6000)
        rejected = np.mean([run["known"] for run in kept])
        error = sqrt(np.sum((weights * (known - mean)) ** 2)) / weights.sum()
        assert abs(mean - rejected) <= 4 * sqrt(error**2 + rejected * (1 - rejected) / len(kept)) + 1e-12


def test_a_twin_under_the_same_chances_lives_the_same_life(counted):
    evidence = counted[0]
    for replication in range(300):
        chance = Recorded(2, replication, evidence)
        try:
            recorded = life(chance)
            chance.check(inf)
        except RuledOut:
            continue
        twin = chance.twin()
        assert life(twin) == recorded and twin.dealt == chance.dealt


def test_a_twin_never_undoes_an_act_that_became_likelier(documented):
    for replication in range(300):
        chance = Recorded(3, replication, documented({PHONE: bool(replication % 2)}))
        try:
            told = life(chance)["told"]
            chance.check(inf)
        except RuledOut:
            continue
        assert life(chance.twin(), telling=0.8)["told"] >= told


def test_a_twin_shares_all_luck_the_record_did_not_touch_and_no_pattern_binds_it():
    never = Statement("never", (Span(frozenset({"tell"}), frozenset({"ann"})),), 0, 0)
    chance = Recorded(4, 4, Evidence((never,)))
    met = [("ask", *address[1:]) for address in OTHERS]
    assert not any(chance.happens(0.9, address) for address in OTHERS[:10])
    happened = [chance.happens(0.5, address) for address in met]
    twin = chance.twin()
    assert [twin.happens(0.5, address) for address in met] == happened
    assert not any(twin.happens(0.9, address) for address in OTHERS[:10])  # this luck was dealt, and is what it was
    new = [twin.happens(0.9, address) for address in OTHERS[10:]]  # nobody tried these: nothing is said of them
    assert new == [chance.raw(address) < 0.9 for address in OTHERS[10:]] and any(new)


def test_fresh_luck_is_even_unrelated_and_only_where_it_is_asked_for(documented):
    old, new, other = [], [], []
    for replication in range(4000):
        chance = Recorded(6, replication, documented({HERE: False, THERE: True}))
        chance.happens(0.5, HERE), chance.happens(0.5, THERE)
        twin = chance.twin(fresh=[HERE])
        old.append(chance.raw(HERE))
        new.append(twin.luck[HERE])
        other.append(twin.luck[THERE] == chance.luck[THERE])
    assert all(other) and abs(np.mean(new) - 0.5) < 4 * sqrt(1 / 12 / 4000)
    assert abs(np.corrcoef(old, new)[0, 1]) < 4 / sqrt(4000)
