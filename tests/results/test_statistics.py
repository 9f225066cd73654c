"""Are the intervals what they say they are?

Coverage is simulated at fixed seeds. Its tolerance is four standard errors of a binomial share, which a correct
interval would miss once in sixteen thousand seeds.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from results.statistics import (
    Interval,
    finding,
    holm_intervals,
    mean_interval,
    not_knowing,
    paired_difference,
    paired_yes_no,
    reduction_by_pairing,
    wider,
)

NAN = math.nan


def tolerance(share, trials):
    return 4 * math.sqrt(share * (1 - share) / trials)


def yes_no_pairs(more, fewer, n):
    """n pairs, of which `more` say yes only under the policy and `fewer` only as usual; the rest agree, half on yes."""
    agree = np.arange(n - more - fewer) % 2 == 0
    policy = np.concatenate([np.ones(more, bool), np.zeros(fewer, bool), agree])
    usual = np.concatenate([np.zeros(more, bool), np.ones(fewer, bool), agree])
    return policy, usual


def ends(interval):
    return interval.low, interval.high


# --- rules: means and paired differences -----------------------------------------------------------------------------


def test_mean_interval_is_students():
    values = [1.0, 2.0, 4.0, 9.0]
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    interval = mean_interval(values, level=0.9)
    assert ends(interval) == pytest.approx((expected.low, expected.high))
    assert (interval.centre, interval.n) == (4.0, 4)


@pytest.mark.parametrize(
    ("values", "centre", "half"),
    [
        ([0.0] * 400, 0, 3 / 400),
        ([0] * 10, 0, 0.3),
        ([0.0, NAN] * 10, 0, 0.3),
        ([1.0] * 30, 1, 0.1),  # always is no more certain than never
        ([0.3 - 0.2, 0.2 - 0.1] * 5, 0.1, 0.3),  # the same but for rounding
    ],
)
def test_never_seen_is_not_never(values, centre, half):
    interval = mean_interval(values)
    assert (interval.centre, *ends(interval)) == pytest.approx((centre, centre - half, centre + half))


def test_rule_of_three_widens_with_the_level_and_never_drops_below_three():
    zeros = np.zeros(100)
    assert mean_interval(zeros, 0.5).high == mean_interval(zeros, 0.95).high == 0.03
    assert mean_interval(zeros, 0.99).high == pytest.approx(-math.log(0.01) / 100)


@pytest.mark.parametrize("n", [4, 20, 400, 10_000])
@pytest.mark.parametrize("level", [0.95, 0.99])
def test_rule_of_three_covers(n, level):
    """Were the true share any higher than the end of the band, none in n would be rarer than 1 - level."""
    share = mean_interval(np.zeros(n), level).high
    assert max(0, 1 - share) ** n <= 1 - level


def test_too_few_to_say():
    nothing = mean_interval([NAN, NAN])
    assert nothing.n == 0 and math.isnan(nothing.centre) and not nothing.excludes_zero
    assert mean_interval([5.0]) == Interval(5.0, -math.inf, math.inf, 1)
    assert paired_yes_no([True], [False]) == Interval(1.0, -math.inf, math.inf, 1)


def test_paired_difference_drops_pairs_without_a_value():
    interval = paired_difference([1, 2, NAN, 9, 4], [0, 3, 1, NAN, 1])
    assert interval == mean_interval([1, -1, 3])
    assert interval.n == 3


def test_paired_difference_where_nothing_differs():
    luck = np.random.default_rng(1).normal(size=300)
    assert paired_difference(luck, luck) == Interval(0, -0.01, 0.01, 300)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: paired_difference([1, 2], [1]), "cannot pair 2 .* with 1"),
        (lambda: mean_interval([[1, 2], [3, 4]]), r"shape \(2, 2\)"),
        (lambda: mean_interval([1, math.inf]), "infinite"),
        (lambda: mean_interval([1, 2], level=95), "such as 0.95"),
        (lambda: holm_intervals({}, level=0), "such as 0.95"),
        (lambda: paired_yes_no([0.5, 1], [0, 1]), "not 0.5"),
        (lambda: paired_yes_no([3, 3], [2, 2]), "not 3"),
        (lambda: holm_intervals({"a": [0.2, 0.0]}, yes_no=True), "not 0.2"),
    ],
)
def test_errors_help(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize(
    ("policy", "usual", "reduction"),
    [
        ([1, 2, 3, 4], [0, 1, 2, 3], 1),  # the same luck explains everything
        ([1, 2, 3, 4], [4, 3, 2, 1], -1),  # pairing doubles the variance
        ([0, 0, 1, 1], [0, 1, 0, 1], 0),
        ([0, 0, 2, 2], [0, 1, 0, 1], 0),
        ([0, 0, 1, 1, NAN], [0, 1, 0, 1, 9], 0),
        ([5, 5, 5], [2, 2, 2], NAN),
        ([1, NAN], [2, 3], NAN),
    ],
)
def test_reduction_by_pairing(policy, usual, reduction):
    assert reduction_by_pairing(policy, usual) == pytest.approx(reduction, nan_ok=True)


# --- rules: yes and no -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "fewer", "n", "level", "low", "high", "places"),
    [
        # Tango 1998, §6.1 and Table V, soft contact lenses: the paper prints the lower 90 % limit.
        (0, 1, 44, 0.90, -0.096, None, 3),
        # Cavo et al. 2012, complete response, in Fagerland, Lydersen and Laake, Statistical Analysis of Contingency
        # Tables, ch. 8; the value is in the tests of their R package contingencytables.
        (6, 16, 161, 0.95, -0.1240, -0.0054, 4),
    ],
)
def test_tango_as_published(more, fewer, n, level, low, high, places):
    interval = paired_yes_no(*yes_no_pairs(more, fewer, n), level)
    assert round(interval.low, places) == low
    if high is not None:
        assert round(interval.high, places) == high


@pytest.mark.parametrize(
    ("more", "fewer", "n"), [(1, 0, 10), (3, 1, 12), (6, 16, 161), (2, 2, 40), (9, 1, 10), (10, 0, 10), (0, 9, 10)]
)
def test_tango_is_the_score_test_turned_round(more, fewer, n):
    """On a fine grid, with the likeliest share found by a plain search rather than by Tango's formula."""
    interval = paired_yes_no(*yes_no_pairs(more, fewer, n))
    differences = np.linspace(-0.999, 0.999, 1999)
    kept = [d for d in differences if abs(score_by_search(d, more, fewer, n)) <= stats.norm.ppf(0.975)]
    assert kept[0] == pytest.approx(max(interval.low, -0.999), abs=0.0011)
    assert kept[-1] == pytest.approx(min(interval.high, 0.999), abs=0.0011)


def score_by_search(difference, more, fewer, n):
    """The definition: maximise the likelihood over the share of "fewer" pairs, given the difference."""
    lowest, highest = max(0, -difference), (1 - difference) / 2
    share = np.linspace(lowest, highest, 4003)[1:-1]
    likelihood = (
        more * np.log(share + difference)
        + fewer * np.log(share)
        + (n - more - fewer) * np.log1p(-2 * share - difference)
    )
    likeliest = share[likelihood.argmax()]
    return (more - fewer - n * difference) / math.sqrt(n * (2 * likeliest + difference * (1 - difference)))


def test_yes_no_where_none_disagree():
    assert paired_yes_no(*yes_no_pairs(0, 0, 400)) == Interval(0, -3 / 400, 3 / 400, 400)


def test_yes_no_at_the_edge():
    always = paired_yes_no(*yes_no_pairs(20, 0, 20))
    z2 = stats.norm.ppf(0.975) ** 2
    assert (always.centre, always.high) == (1, 1)
    assert always.low == pytest.approx((20 - z2) / (20 + z2))  # the score equation has this closed root at b = n


def test_yes_no_drops_pairs_without_a_value():
    assert paired_yes_no([1, 0, NAN, 1], [0, 0, 1, NAN]) == paired_yes_no([True, False], [False, False])


# --- rules: several policies -----------------------------------------------------------------------------------------


def values_with_p(p, n=50):
    """n differences whose paired t test gives exactly this p."""
    shape = np.random.default_rng(7).normal(size=n)
    shape = (shape - shape.mean()) / shape.std(ddof=1)
    return shape + stats.t.isf(p / 2, n - 1) / math.sqrt(n)


@pytest.mark.parametrize(
    ("p_values", "rejected"),
    [
        ([0.04], {0}),
        ([0.04, 0.04], set()),
        ([0.02, 0.04], {0, 1}),
        ([0.04, 0.02], {0, 1}),
        ([0.001, 0.03, 0.04], {0}),  # 0.03 is over 0.05/2, so 0.04 is never asked, though below 0.05/1
        ([0.001, 0.02, 0.04], {0, 1, 2}),
        ([0.017, 0.001, 0.9], {0, 1}),
        ([0.017, 0.017, 0.017], set()),
        ([0.016, 0.016, 0.016], {0, 1, 2}),
    ],
)
def test_holm_rejects_as_the_textbook_does(p_values, rejected):
    intervals = holm_intervals({str(i): values_with_p(p) for i, p in enumerate(p_values)})
    assert {int(name) for name, interval in intervals.items() if interval.excludes_zero} == rejected


def test_holm_widths_are_at_the_level_of_the_test():
    values = {"strong": values_with_p(0.001), "weak": values_with_p(0.03), "none": np.zeros(50)}
    intervals = holm_intervals(values)
    assert list(intervals) == list(values)
    assert ends(intervals["strong"]) == pytest.approx(ends(mean_interval(values["strong"], 1 - 0.05 / 3)))
    assert ends(intervals["weak"]) == pytest.approx(ends(mean_interval(values["weak"], 1 - 0.05 / 2)))
    assert intervals["none"].high == pytest.approx(-math.log(0.05 / 2) / 50)


def test_holm_of_one_policy_is_its_own_interval():
    values = np.random.default_rng(3).normal(0.2, size=80)
    alone = holm_intervals({"a": values})["a"]
    assert ends(alone) == pytest.approx(ends(mean_interval(values)))


def test_holm_on_yes_and_no_uses_the_score_interval():
    policy, usual = yes_no_pairs(12, 2, 60)
    differences = policy.astype(float) - usual
    intervals = holm_intervals({"a": differences, "b": np.zeros(60)}, yes_no=True)
    assert ends(intervals["a"]) == pytest.approx(ends(paired_yes_no(policy, usual, 0.975)))
    assert intervals["a"].excludes_zero and not intervals["b"].excludes_zero


def test_holm_keeps_a_policy_that_cannot_be_tested():
    intervals = holm_intervals({"one run": [4.0], "no run": [NAN], "many": values_with_p(0.001)})
    assert [interval.excludes_zero for interval in intervals.values()] == [False, False, True]


@pytest.mark.parametrize(("same", "rejects"), [(0.5, True), (0.031, True), (0.029, False), (-0.5, True)])
def test_holm_on_a_difference_that_is_always_the_same(same, rejects):
    assert holm_intervals({"a": np.full(100, same)})["a"].excludes_zero is rejects


# --- rules: not knowing, and what may be said ------------------------------------------------------------------------


def test_not_knowing_is_the_range():
    assert not_knowing([0.3, -0.1, NAN, 0.1]) == Interval(pytest.approx(0.1), -0.1, 0.3, 3)
    assert not_knowing([0.3]) == Interval(0.3, -math.inf, math.inf, 1)
    assert not_knowing([]).n == 0


ABOVE, BELOW, ACROSS = Interval(2, 1, 3, 9), Interval(-2, -3, -1, 9), Interval(0.5, -1, 2, 9)
TOUCHING = Interval(1, 0, 2, 9)
NOTHING = Interval(NAN, NAN, NAN, 0)


@pytest.mark.parametrize(
    ("chance", "not_known", "word"),
    [
        (ABOVE, ABOVE, "more"),
        (BELOW, BELOW, "fewer"),
        (ABOVE, None, "more"),
        (BELOW, None, "fewer"),
        (ABOVE, BELOW, "no clear difference"),
        (ABOVE, ACROSS, "no clear difference"),
        (ACROSS, BELOW, "no clear difference"),
        (ACROSS, ACROSS, "no clear difference"),
        (ACROSS, None, "no clear difference"),
        (TOUCHING, ABOVE, "no clear difference"),
        (ABOVE, TOUCHING, "no clear difference"),
        (NOTHING, ABOVE, "no clear difference"),
        (ABOVE, NOTHING, "no clear difference"),
    ],
)
def test_finding(chance, not_known, word):
    assert finding(chance, not_known) == word


@pytest.mark.parametrize(
    ("interval", "excludes"), [(ABOVE, True), (BELOW, True), (ACROSS, False), (TOUCHING, False), (NOTHING, False)]
)
def test_excludes_zero(interval, excludes):
    assert interval.excludes_zero is excludes


def test_wider():
    narrow, broad = Interval(0, -1, 1, 5), Interval(9, 7, 11, 5)
    assert wider(narrow, broad) is wider(broad, narrow) is broad
    assert wider(narrow, Interval(5, 4, 6, 5)) is narrow


# --- coverage --------------------------------------------------------------------------------------------------------


def test_paired_difference_covers_as_often_as_it_says():
    rng, trials, held = np.random.default_rng(11), 3000, 0
    for luck in rng.normal(size=(trials, 3, 12)):
        interval = paired_difference(luck[0] + luck[1] + 0.7, luck[0] + luck[2], 0.9)
        held += interval.low <= 0.7 <= interval.high
    assert held / trials == pytest.approx(0.9, abs=tolerance(0.9, trials))


@pytest.mark.parametrize(("more", "fewer", "n"), [(0.1, 0.1, 60), (0.1, 0.03, 100), (0.02, 0.01, 400)])
def test_yes_no_covers_about_as_often_as_it_says(more, fewer, n):
    """Exact coverage of a score interval wavers a little about its level; 1 % is allowed on top of the simulation."""
    rng, trials, held, seen = np.random.default_rng(12), 1500, 0, {}
    for counts in rng.multinomial(n, [more, fewer, 1 - more - fewer], size=trials):
        key = (int(counts[0]), int(counts[1]))
        if key not in seen:
            seen[key] = paired_yes_no(*yes_no_pairs(*key, n))
        held += seen[key].low <= more - fewer <= seen[key].high
    assert held / trials == pytest.approx(0.95, abs=tolerance(0.95, trials) + 0.01)


def test_not_knowing_covers_the_next_draw():
    rng, trials = np.random.default_rng(13), 4000
    draws = rng.gamma(2.0, size=(trials, 21))
    bands = [not_knowing(row[:20]) for row in draws]
    held = np.mean([band.low <= row[20] <= band.high for band, row in zip(bands, draws, strict=True)])
    assert held == pytest.approx(19 / 21, abs=tolerance(19 / 21, trials))


def test_holm_calls_a_null_policy_rarely_whatever_else_is_in_the_table():
    """Three policies that do nothing, sharing one luck as usual, beside one that plainly works."""
    rng, trials, wrong = np.random.default_rng(14), 800, 0
    for luck in rng.normal(size=(trials, 5, 30)):
        differences = {str(i): luck[i] - luck[4] + (5.0 if i == 3 else 0.0) for i in range(4)}
        intervals = holm_intervals(differences)
        assert intervals["3"].excludes_zero
        wrong += any(intervals[str(i)].excludes_zero for i in range(3))
    assert wrong / trials <= 0.05 + tolerance(0.05, trials)


def test_the_ends_of_holm_intervals_do_not_all_hold_at_once():
    """What the docstring owns up to. Independent policies that all differ, ranked beyond doubt: 1 - Π(1 - 0.05/k)."""
    rng, trials, missed = np.random.default_rng(15), 1500, 0
    effects = [4.0, 8.0, 16.0]
    for luck in rng.normal(size=(trials, 3, 20)):
        intervals = holm_intervals({str(effect): row + effect for effect, row in zip(effects, luck, strict=True)})
        missed += any(not interval.low <= float(name) <= interval.high for name, interval in intervals.items())
    expected = 1 - math.prod(1 - 0.05 / k for k in (1, 2, 3))
    assert missed / trials == pytest.approx(expected, abs=tolerance(expected, trials))


# --- laws ------------------------------------------------------------------------------------------------------------

measures = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6) | st.just(NAN)
pairs = st.lists(st.tuples(measures, measures), min_size=2, max_size=30)
answers = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60)
levels = st.sampled_from([0.5, 0.9, 0.95, 0.999])
quick = settings(max_examples=100, deadline=None)


def both(rows):
    policy, usual = np.array(rows, dtype=float).T
    return policy, usual


@quick
@given(pairs, levels)
def test_difference_holds_its_centre_and_mirrors(rows, level):
    policy, usual = both(rows)
    there, back = paired_difference(policy, usual, level), paired_difference(usual, policy, level)
    assert there.n == 0 or there.low <= there.centre <= there.high
    assert (there.low, there.centre, there.high) == pytest.approx((-back.high, -back.centre, -back.low), nan_ok=True)


@quick
@given(answers, levels)
def test_yes_no_holds_its_centre_stays_a_share_and_mirrors(rows, level):
    policy, usual = both(rows)
    there, back = paired_yes_no(policy, usual, level), paired_yes_no(usual, policy, level)
    assert there.low <= there.centre <= there.high
    assert (there.low, there.centre, there.high) == (-back.high, -back.centre, -back.low)
    if (policy != usual).any():
        assert there.low >= -1 and there.high <= 1


@quick
@given(answers)
def test_a_higher_level_is_never_narrower(rows):
    policy, usual = both(rows)
    for interval in (paired_yes_no, paired_difference):
        narrow, broad = interval(policy, usual, 0.9), interval(policy, usual, 0.99)
        assert broad.low <= narrow.low and narrow.high <= broad.high


@quick
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.booleans())
def test_holm_is_never_bolder_than_each_policy_alone_and_agrees_with_its_own_p(seed, policies, yes_no):
    rng = np.random.default_rng(seed)
    shift = rng.uniform(0, 0.4, size=(policies, 1))
    table = rng.normal(shift, 1, size=(policies, 40))
    if yes_no:
        table = np.where(np.abs(table) > 0.8, np.sign(table), 0.0)
    differences = {str(i): row for i, row in enumerate(table)}
    together = holm_intervals(differences, yes_no=yes_no)
    for name, values in differences.items():
        alone = paired_yes_no(values > 0, values < 0) if yes_no else mean_interval(values)
        assert together[name].low <= alone.low + 1e-9 and alone.high <= together[name].high + 1e-9
        assert alone.excludes_zero or not together[name].excludes_zero
    assert {name for name, one in together.items() if one.excludes_zero} == textbook_holm(differences, yes_no)


def textbook_holm(differences, yes_no):
    """By adjusted p-values: the running maximum of (m - rank + 1) p, against 0.05."""
    p_values = {name: mcnemar(values) if yes_no else stats.ttest_1samp(values, 0).pvalue
                for name, values in differences.items()}  # fmt: skip
    rejected, adjusted = set(), 0.0
    for rank, name in enumerate(sorted(p_values, key=p_values.get)):
        adjusted = max(adjusted, (len(p_values) - rank) * p_values[name])
        if adjusted < 0.05:
            rejected.add(name)
    return rejected


def mcnemar(values):
    more, fewer = (values > 0).sum(), (values < 0).sum()
    return stats.chi2.sf((more - fewer) ** 2 / (more + fewer), 1)
