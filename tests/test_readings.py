"""Another reading of the source, days that nobody wrote down, and hours that are cut: each moves what it names and no
more."""

from collections import Counter
from datetime import date
from statistics import fmean, stdev

import pytest
from scipy import stats

from agents.family import day_of
from scenarios.load import case_path, load_case
from simulation.clock import DAY
from simulation.journey import journeys
from simulation.routes import Routes

MAY = "may-dates-one-day-earlier"
MOVED = {"V20", "V21", "V22"}
TABLES = ("role", "file", "knows", "item", "meeting", "decision", "away", "transition")
SHORT = {"load.hours": 30.0}


# --- another reading of May -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def may(practice):
    return load_case(case_path("child-s"), practice, MAY)


def test_the_other_reading_moves_its_contacts_by_a_day_and_no_other_row(child_s, may):
    usual, other = ({row.id: row for row in case.contact} for case in (child_s, may))
    assert usual.keys() == other.keys()
    assert {name for name in usual if usual[name].at != other[name].at} == MOVED
    assert all(usual[name] == other[name] for name in usual.keys() - MOVED)
    for name in MOVED:
        assert usual[name].at.date().toordinal() - other[name].at.date().toordinal() == 1
        assert (usual[name].by, usual[name].items) == (other[name].by, other[name].items)
    assert all(getattr(child_s, table) == getattr(may, table) for table in TABLES)


def test_until_its_first_contact_the_other_reading_lives_the_same_life(world, live, once, may):
    place = world(case=may)
    parting = min(place.calendar.minute(row.at) for row in may.contact if row.id in MOVED)
    for replication in range(2):
        usual, other = once(None, replication).events, live(place, replication).events
        before = [event for event in usual if event.time < parting]
        assert before == other[: len(before)] and usual != other


def test_in_the_other_reading_what_is_drawn_at_one_address_is_drawn_alike(world, live, once, may):
    """The occasion is the contact and not its date: a day earlier is the same luck."""
    place = world(case=may)
    for replication in range(2):
        one, other = (
            {event[2:7]: event for event in trace.events if event.chance is not None}
            for trace in (once(None, replication), live(place, replication))
        )
        alike = one.keys() & other.keys()
        assert len(alike) > len(one) / 2
        for shared in alike:
            less, more = sorted((one[shared], other[shared]), key=lambda event: event.chance)
            assert more.happened or not less.happened


# --- days that are not known ----------------------------------------------------------------------


def drawn_days(begin, place, replications):
    """For each contact with a range, the day it fell on in each replication."""
    ranged = [contact for contact in place.contacts if contact.earliest]
    days = {contact.id: [] for contact in ranged}
    for replication in range(replications):
        model = begin(place, replication)
        for contact in ranged:
            model.chance.dealt.discard(model.chance.book.slot(("day", "", "", "", contact.id)))
            at = day_of(model, contact)
            assert at % DAY == place.calendar.minute(contact.at) % DAY, "at the hour that is given"
            days[contact.id].append(place.calendar.moment(at).date())
        model.free()
    return days


@pytest.fixture(scope="module")
def ranged(rowan):
    """The invented family, with three contacts on days that are not known: one within a week, one within a month."""
    spans = {
        "service-20-mar": (date(2024, 3, 18), date(2024, 3, 24)),
        "clinic-12-mar": (date(2024, 3, 1), date(2024, 3, 31)),
        "surgery-16-apr": (date(2024, 4, 16), date(2024, 4, 17)),
    }
    moved = tuple(
        row.model_copy(update=dict(zip(("earliest", "latest"), spans.get(row.id, (None, None)), strict=True)))
        for row in rowan.contact
    )
    return rowan.model_copy(update={"contact": moved})


def test_a_day_is_drawn_evenly_from_its_range_both_ends_included(world, begin, ranged):
    place, runs = world(case=ranged), 620
    for contact, days in drawn_days(begin, place, runs).items():
        row = next(row for row in place.contacts if row.id == contact)
        length = (row.latest - row.earliest).days + 1
        counts = Counter((day - row.earliest).days for day in days)
        assert set(counts) == set(range(length)), f"{contact}: from {row.earliest} to {row.latest}, both included"
        assert stats.chisquare([counts[day] for day in range(length)]).pvalue > 1e-4


def test_a_day_is_the_same_under_every_policy(world, begin, ranged, policies):
    usual = drawn_days(begin, world(case=ranged), 5)
    assert all(drawn_days(begin, world(policy, ranged), 5) == usual for policy in policies)


def test_a_contact_is_lived_on_the_day_that_was_drawn(world, begin, live, ranged):
    place = world(case=ranged)
    for replication in range(20):
        days = {name: day for name, (day,) in drawn_days_of(begin, place, replication).items()}
        for event in live(place, replication).events:
            if event.act == "notice" and event.occasion in days:
                assert place.calendar.moment(event.time).date() == days[event.occasion]


def drawn_days_of(begin, place, replication):
    model = begin(place, replication)
    found = {}
    for contact in (contact for contact in place.contacts if contact.earliest):
        model.chance.dealt.discard(model.chance.book.slot(("day", "", "", "", contact.id)))
        found[contact.id] = [place.calendar.moment(day_of(model, contact)).date()]
    model.free()
    return found


# --- hours that are cut ---------------------------------------------------------------------------


def share_read(place, routes, trace):
    """Of the critical items that bear on a decision, the share that was read in time."""
    found = [one.read for one in journeys(trace, place, routes) if place.items[one.item].critical == "yes"]
    return sum(found) / len(found)


@pytest.mark.slow
def test_with_hours_cut_less_is_read_in_time(world, live, rowan):
    """Paired over the same luck; the tolerance is four standard errors of the mean difference."""
    places = [world(case=rowan, **hours) for hours in ({}, SHORT)]
    routes = [Routes(place) for place in places]
    lost = []
    for replication in range(600):
        usual, short = (
            share_read(place, way, live(place, replication)) for place, way in zip(places, routes, strict=True)
        )
        lost.append(usual - short)
    assert fmean(lost) > 4 * stdev(lost) / len(lost) ** 0.5


def test_with_hours_cut_nothing_is_likelier_and_no_other_luck_changes(world, live, rowan):
    """Where both draw, an act that a backlog bears on is no likelier, any other exactly as likely, and what happens
    with less time happens with more."""
    usual, short = world(case=rowan), world(case=rowan, **SHORT)
    less_likely = 0
    for replication in range(20):
        one, other = (
            {event[2:7]: event for event in live(place, replication).events if event.chance is not None}
            for place in (usual, short)
        )
        for shared in one.keys() & other.keys():
            before, after = one[shared], other[shared]
            if before.act not in usual.load_odds:
                continue
            assert after.chance <= before.chance + 1e-12, f"{before} with more time, {after} with less"
            assert before.happened or not after.happened
            less_likely += after.chance < before.chance
    assert less_likely


def test_with_hours_cut_the_same_other_work_comes(world, rowan):
    usual, short = world(case=rowan).load, world(case=rowan, **SHORT).load
    for one, other in zip(usual.teams, short.teams, strict=True):
        assert (one.other_work(7) == other.other_work(7)).all() and (one.capacity >= other.capacity).all()
