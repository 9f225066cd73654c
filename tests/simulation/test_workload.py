"""Other work is drawn at addresses, the backlog follows Lindley, and the family's own acts wait in the same queue."""

from datetime import date
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scenarios.schema import Away, Role
from simulation.calendar import OPENS
from simulation.chance import address_key, luck_key, mix64, uniform
from simulation.clock import DAY, HOUR
from simulation.workload import WARM_UP, LoadPlan, Tray, Workload, in_hand, quantiles

RUNS = 2000
BUSY, FREE = "sw-allocated", "ics-front-door"
EVERYBODY_BUSY = {"load.caseload": 1.0, "load.hours-a-case": 30.0}


def morning(day):
    return day * DAY + OPENS


def alone(role, day, luck):
    """One day's luck, mixed by itself."""
    return uniform(mix64(address_key(("other-work", role, "", "", f"day {day}")) ^ luck))


def members(plan, number):
    return [role for role, (team, _) in plan.home.items() if team == number]


def other_work(plan, role, luck):
    """The days a role works, from the warm-up on, each with its other work and what she can do in it."""
    number, row = plan.home[role]
    team = plan.teams[number]
    return dict(zip(team.days, zip(team.other_work(luck)[row], team.capacity[row], strict=True), strict=True))


def plainly(days, added):
    """What is in hand as each day begins: the recursion, one day after another."""
    backlog, begins = 0.0, {}
    for day, (work, can_do) in days.items():
        begins[day] = backlog
        backlog = max(0.0, backlog + work + added.get(day, 0.0) - can_do)
    return begins


# --- other work ----------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{}, EVERYBODY_BUSY], ids=["usual", "desks and wards too"])
@pytest.mark.parametrize("replication", [0, 7])
def test_other_work_is_its_single_draws(world, changes, replication):
    plan, luck = LoadPlan(world(**changes)), luck_key(5, replication)
    for number, team in enumerate(plan.teams):
        luck_alone = np.array([[alone(role, day, luck) for day in team.days] for role in members(plan, number)])
        expected = team.demand * stats.gamma.ppf(luck_alone, 4, scale=1 / 4)
        assert np.array_equal(team.other_work(luck), team.demand * team.quantiles(luck_alone))
        assert np.allclose(team.other_work(luck), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("variation", [0.1, 0.25, 0.5, 1.0, 1.5])
def test_the_table_of_quantiles_is_the_gamma_s_in_the_middle_and_in_the_tails(variation):
    shape = variation**-2
    edges = np.concatenate([2.0 ** -np.arange(4, 45), 1 - 2.0 ** -np.arange(4, 45)])
    for u in (np.linspace(1e-4, 1 - 1e-4, 9973), np.random.default_rng(1).random(9973), edges):
        assert np.allclose(quantiles(variation)(u), stats.gamma.ppf(u, shape, scale=1 / shape), rtol=2e-3, atol=1e-5)
    even = (np.arange(1 << 18) + 0.5) / (1 << 18)
    days = quantiles(variation)(even)
    assert days.mean() == pytest.approx(1, rel=1e-3) and days.std() == pytest.approx(variation, rel=1e-3)


def test_without_variation_every_day_is_nearly_the_same():
    assert np.allclose(quantiles(0.0)(np.linspace(0.001, 0.999, 101)), 1, atol=0.01)


def test_a_day_s_work_is_caseload_times_hours_a_case(world):
    plan = LoadPlan(world())
    number, row = plan.home[BUSY]
    days = np.array([plan.teams[number].other_work(luck_key(1, r))[row] for r in range(RUNS)])
    expected = 15.4 * 2.16 * HOUR / 5
    assert abs(days.mean() - expected) < 4 * days.std() / sqrt(days.size)
    assert days.std() / days.mean() == pytest.approx(0.5, rel=0.01)


def test_another_role_changes_no_draw_and_no_backlog(world, child_s):
    newcomer = Role(id="a-newcomer", agency="health", profession="health-visitor", words="she", cite="invented")
    before = LoadPlan(world())
    after = LoadPlan(world(case=child_s.model_copy(update={"role": (*child_s.role, newcomer)})))
    assert set(after.weeks) - set(before.weeks) == {"a-newcomer"}
    one, other = Workload(before, luck_key(1, 1)), Workload(after, luck_key(1, 1))
    for role in before.weeks:
        assert [one.backlog_days(role, day * DAY) for day in range(152)] == [
            other.backlog_days(role, day * DAY) for day in range(152)
        ]


def test_a_longer_window_changes_no_earlier_day(world, child_s):
    longer = child_s.case.model_copy(update={"end": date(2020, 12, 24)})
    plans = LoadPlan(world()), LoadPlan(world(case=child_s.model_copy(update={"case": longer})))
    one, other = (Workload(plan, luck_key(1, 1)) for plan in plans)
    assert all(one.backlog_days(BUSY, morning(day)) == other.backlog_days(BUSY, morning(day)) for day in range(152))


def test_somebody_without_a_caseload_never_has_a_backlog(world):
    workload = Workload(LoadPlan(world()), luck_key(1, 1))
    workload.spend(FREE, morning(3), 5000)
    assert FREE not in workload.plan.weeks
    assert workload.backlog_days(FREE, morning(4)) == workload.wait(FREE, morning(4)) == 0


def test_desks_and_wards_work_every_day_and_offices_no_weekends_and_no_bank_holidays(world):
    place = world(**EVERYBODY_BUSY)
    plan = LoadPlan(place)
    for role, (number, _) in plan.home.items():
        office = place.professions[place.profession(role)].hours == "office"
        expected = [day for day in range(152) if not office or place.calendar.works(day)]
        assert plan.teams[number].days[WARM_UP:] == expected
        assert len([day for day in plan.teams[number].days if day < 0]) == WARM_UP
        assert plan.weeks[role].capacity * (5 if office else 7) / HOUR == pytest.approx(37)
    assert len(plan.teams) == 2 and set(plan.weeks) == set(place.roles)
    assert [plan.weeks["police-response"].demand * 7, plan.weeks[FREE].demand * 5] == pytest.approx([30 * HOUR] * 2)


def test_no_hours_and_a_caseload_is_refused(world):
    with pytest.raises(ValueError, match=r"load\.hours is 0 for"):
        LoadPlan(world(**{"load.hours": 0.0}))


def test_the_leaves_we_ship_fill_the_week_to_nine_tenths_and_never_beyond_it(world, practice):
    """Over their ranges too: a guess that fills the week twice would say nothing of any practitioner."""
    for profession in practice.professions:
        cases, hours = (
            practice.value("load", "caseload", profession),
            practice.leaf_for("load", "hours-a-case", profession),
        )
        if cases:
            low, high = practice.leaves[hours].range
            assert cases * practice.value_of(hours) / 37 == pytest.approx(0.9, abs=0.005)
            assert cases * low / 37 == pytest.approx(0.7, abs=0.005) and cases * high / 37 == pytest.approx(
                1, abs=0.005
            )
            assert practice.leaves[practice.leaf_for("load", "caseload", profession)].status in ("found", "structural")


# --- the recursion -------------------------------------------------------------------------------


acts = st.lists(st.tuples(st.integers(0, 151), st.integers(0, 2000), st.booleans()), max_size=40)


@given(acts, st.sampled_from([BUSY, "gp-practice-a", FREE, "sw-duty"]), st.sampled_from([20.0, 34.0, 37.0, 45.0]))
def test_advanced_as_it_is_asked_is_the_same_as_day_by_day(world, events, role, hours):
    plan, luck = LoadPlan(world(**EVERYBODY_BUSY, **{"load.hours": hours})), luck_key(3, 11)
    days, added, workload = other_work(plan, role, luck), {}, Workload(plan, luck)
    begins = plainly(days, {})
    following = {day: min((d for d in days if d >= day), default=None) for day in range(152)}
    for day, minutes, spends in sorted(events):
        on = following[day]
        if spends and on is not None:
            workload.spend(role, day * DAY + minutes % DAY, minutes)
            added[on] = added.get(on, 0) + minutes
            begins = plainly(days, added)
        if on is not None:
            expected = begins[on] / plan.weeks[role].capacity
            assert workload.backlog_days(role, day * DAY) == pytest.approx(expected, abs=1e-6)


@given(
    st.lists(st.tuples(st.floats(-500, 500), st.floats(0, 500)), min_size=1, max_size=60),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_what_is_added_uses_only_the_capacity_that_was_left(steps, read):
    backlog, idle = in_hand(np.array([net for net, _ in steps]))
    tray, plain, alone = Tray([], backlog.tolist(), idle.tolist()), 0.0, 0.0
    for day, (net, added) in enumerate(steps):
        if read[day]:
            assert tray.at_start_of(day) == pytest.approx(plain, abs=1e-6)
        if added:
            tray.add(day, added)
        assert tray.at_start_of(day) == pytest.approx(plain, abs=1e-6)
        assert backlog[day] == pytest.approx(alone, abs=1e-6)
        plain, alone = max(0.0, plain + net + added), max(0.0, alone + net)
    assert tray.at_start_of(len(steps)) == pytest.approx(plain, abs=1e-6)


def test_work_counts_from_the_next_working_day_on(world):
    workload, usual = (Workload(LoadPlan(world()), luck_key(1, 1)) for _ in range(2))
    friday, monday = morning(4), morning(7)
    workload.spend(BUSY, friday, 10 * 444)
    assert workload.backlog_days(BUSY, friday + 60) == usual.backlog_days(BUSY, friday + 60)
    for later in (morning(5), morning(6), monday):
        assert workload.backlog_days(BUSY, later) > usual.backlog_days(BUSY, later) + 8
    assert workload.backlog_days(BUSY, morning(5)) == workload.backlog_days(BUSY, monday)
    assert workload.backlog_days("health-visitor", monday) == usual.backlog_days("health-visitor", monday)


def test_looking_changes_nothing(world):
    plan = LoadPlan(world())
    looked, asked = Workload(plan, luck_key(1, 1)), Workload(plan, luck_key(1, 1))
    for workload in (looked, asked):
        workload.spend(BUSY, morning(10), 3000)
    for day in range(151, 9, -1):
        looked.backlog_days(BUSY, morning(day))
    for workload in (looked, asked):
        workload.spend(BUSY, morning(30), 500)
    assert looked.backlog_days(BUSY, morning(35)) == asked.backlog_days(BUSY, morning(35))


def test_the_past_is_refused_and_beyond_the_window_is_its_last_day(world):
    workload = Workload(LoadPlan(world()), luck_key(1, 1))
    workload.spend(BUSY, morning(10), 30)
    with pytest.raises(ValueError, match="is past"):
        workload.backlog_days(BUSY, morning(9))
    with pytest.raises(ValueError, match="is past"):
        workload.spend(BUSY, morning(9), 30)
    assert workload.backlog_days(BUSY, morning(500)) == workload.backlog_days(BUSY, morning(152))
    assert workload.backlog_days("sw-duty", -50) == workload.backlog_days("sw-duty", 0)


def test_a_wait_is_as_many_days_of_being_there_as_there_are_in_hand(world):
    place = world(**EVERYBODY_BUSY)
    workload = Workload(LoadPlan(place), luck_key(1, 4))
    for role, open_minutes in (
        (BUSY, 480),
        ("ics-front-door", 480),
        ("ics-out-of-hours", 960),
        ("police-response", 1440),
    ):
        days = [workload.backlog_days(role, morning(day)) for day in range(152)]
        assert [workload.wait(role, morning(day)) for day in range(152)] == [int(open_minutes * d) for d in days]
        assert any(days)
    workload.spend(BUSY, morning(0), 1e5)
    begun, wait = morning(1), workload.wait(BUSY, morning(1))
    days = place.calendar.works
    passed = sum(days(day) for day in range(1, place.rotas[BUSY].after(begun, wait) // DAY))
    assert passed == pytest.approx(workload.backlog_days(BUSY, begun), abs=3)  # two of them on leave


# --- leave and hours -----------------------------------------------------------------------------


def test_on_leave_work_comes_and_nothing_is_done(world, child_s):
    leave = Away(role=BUSY, first=date(2020, 4, 20), last=date(2020, 5, 1), cite="invented")
    there, away = (LoadPlan(world(case=child_s.model_copy(update={"away": rows}))) for rows in ((), (leave,)))
    first, last = 35, 46
    before, gone = (Workload(plan, luck_key(1, 1)) for plan in (there, away))
    work = other_work(there, BUSY, luck_key(1, 1))
    came = sum(minutes for day, (minutes, _) in work.items() if first <= day <= last)
    assert gone.backlog_days(BUSY, morning(first)) == before.backlog_days(BUSY, morning(first))
    more = gone.backlog_days(BUSY, morning(last + 1)) - gone.backlog_days(BUSY, morning(first))
    assert more * 444 == pytest.approx(came) and came > 5 * 444
    assert sum(can == 0 for _, can in other_work(away, BUSY, luck_key(1, 1)).values()) == 10
    others = set(there.weeks) - {BUSY}
    assert all(gone.backlog_days(role, morning(60)) == before.backlog_days(role, morning(60)) for role in others)


def test_fewer_hours_mean_more_in_hand(world):
    plans = [LoadPlan(world(**{"load.hours": hours})) for hours in (45.0, 37.0, 33.0)]
    for replication in range(20):
        loads = [Workload(plan, luck_key(1, replication)) for plan in plans]
        for role in plans[0].weeks:
            over_time = np.array([[load.backlog_days(role, morning(day)) for day in range(152)] for load in loads])
            assert (np.diff(over_time, axis=0) >= -1e-9).all()
            assert over_time[0].mean() < over_time[1].mean() < over_time[2].mean()


def test_a_fuller_caseload_means_more_in_hand(world):
    usual, full = (
        Workload(LoadPlan(world(**{"load.caseload.allocated-social-worker": cases})), luck_key(1, 1))
        for cases in (15.4, 17.0)
    )
    days = range(152)
    assert all(full.backlog_days(BUSY, morning(day)) >= usual.backlog_days(BUSY, morning(day)) for day in days)
    assert all(
        full.backlog_days("gp-practice-a", d * DAY) == usual.backlog_days("gp-practice-a", d * DAY) for d in days
    )


# --- theory --------------------------------------------------------------------------------------


def spitzer(busy, variation, days):
    """The mean backlog after some days from empty, in days of capacity: the sum over n of E[max(0, S_n)] / n, where S_n
    is n days of gamma work less n days of capacity (Spitzer 1956)."""
    n, shape = np.arange(1, days + 1), variation**-2
    scale = busy / shape
    over = n * busy * stats.gamma.sf(n, n * shape + 1, scale=scale) - n * stats.gamma.sf(n, n * shape, scale=scale)
    return float((over / n).sum())


@pytest.mark.parametrize("variation", [0.25, 0.5, 1.0])
@pytest.mark.parametrize("hours", [33.3, 37.0, 45.0])
def test_the_backlog_a_window_begins_with_is_the_one_theory_gives(world, variation, hours):
    """Gamma work against fixed capacity is a random walk that stops at 0, and its mean is known at every step."""
    plan = LoadPlan(world(**{"load.variation": variation, "load.hours": hours}))
    found = np.array(
        [
            [workload.backlog_days(role, 0) for role in plan.weeks]
            for workload in (Workload(plan, luck_key(1, replication)) for replication in range(RUNS))
        ]
    )
    expected = np.mean([spitzer(at.demand / at.capacity, variation, WARM_UP) for at in plan.weeks.values()])
    by_run = found.mean(axis=1)
    assert abs(by_run.mean() - expected) < 4 * by_run.std() / sqrt(RUNS)


def test_nobody_begins_far_from_where_she_settles():
    """At the load we ship, 60 days bring the desk to 96 % of what it comes to in the end."""
    assert spitzer(0.9, 0.5, WARM_UP) / spitzer(0.9, 0.5, 5000) == pytest.approx(0.96, abs=0.01)


SERVICES = {
    "all alike": ((20,), (1.0,)),
    "short and long": ((5, 90), (0.8, 0.2)),
    "spread": (tuple(range(1, 60)), (1 / 59,) * 59),
}


@pytest.mark.parametrize("busy", [0.5, 0.8])
@pytest.mark.parametrize("service", SERVICES)
def test_a_desk_with_acts_at_random_meets_pollaczek_and_khinchine(service, busy):
    """Poisson acts, each of random length, one server: M/G/1. By whole minutes the recursion is exact, if an act also
    waits for those that came before it in its own minute: the half minute a step loses is the one that they add."""
    rng, runs, minutes, settled = np.random.default_rng(20), 60, 40_000, 8_000
    lengths, shares = map(np.array, SERVICES[service])
    mean, square = lengths @ shares, lengths**2 @ shares
    rate = busy / mean
    waits = []
    for _ in range(runs):
        came = rng.poisson(rate, minutes)
        acts = rng.choice(lengths, came.sum(), p=shares)
        at = np.repeat(np.arange(minutes), came)
        work = np.bincount(at, acts, minutes)
        backlog, _ = in_hand(work - 1.0)
        earlier = np.cumsum(acts) - acts  # all that came before this act, less what came before its minute
        same_minute = earlier - np.repeat(np.cumsum(work) - work, came)
        waits.append((backlog[at] + same_minute)[at >= settled].mean())
    expected = rate * square / (2 * (1 - busy))
    assert abs(np.mean(waits) - expected) < 4 * np.std(waits, ddof=1) / sqrt(runs)
