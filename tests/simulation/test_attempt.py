"""The one function every act goes through: its chance, its row, its price, its delay, its reason."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.attempt import attempt, note, odds_shifted
from simulation.chance import Chance
from simulation.reasons import BY_ACT, REASONS, STAGES, reason_for, stage_of
from simulation.recorded import Recorded
from simulation.trace import NOTHING

TELL = ("tell", "health-visitor", "allocated-social-worker", "home/risk")
FROM_HER = ("tell", "health-visitor", "sw-allocated", "an-item", "V07")


@pytest.fixture
def recorded(documented):
    """Luck under which she tells, or does not."""
    return lambda place, happens: Recorded(1, 1, documented({FROM_HER: bool(happens)}), book=place.book)


# --- odds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chance", "ratios", "shifted"),
    [
        (0.5, (2.0,), 2 / 3),
        (0.5, (0.5,), 1 / 3),
        (0.2, (4.0,), 0.5),
        (0.2, (2.0, 2.0), 0.5),
        (0.2, (), 0.2),
        (0.2, (3.0, 1 / 3), 0.2),
        (0, (5.0,), 0),
        (1, (0.2,), 1),
    ],
)
def test_conditions_multiply_the_odds(chance, ratios, shifted):
    assert odds_shifted(chance, *ratios) == pytest.approx(shifted)


@given(st.floats(0.001, 0.999), st.lists(st.floats(0.1, 10), max_size=4))
def test_shifted_odds_stay_a_chance_in_any_order(chance, ratios):
    shifted = odds_shifted(chance, *ratios)
    assert 0 < shifted < 1 and shifted == pytest.approx(odds_shifted(chance, *reversed(ratios)))


# --- the act -------------------------------------------------------------------------------------


def test_an_act_that_happened_is_a_row_with_its_chance_its_price_and_its_cause(begin, world, recorded):
    place = world()
    model = begin(place, chance=recorded(place, 1.0))
    cause = note(model, "hold", "health-visitor", "an-item", "V07", cause=NOTHING)
    row = attempt(model, TELL, FROM_HER, cause=cause, odds=(2.0,), how="email")
    event = model.trace[row]
    assert event[2:7] == FROM_HER and event.happened and event.reason == "" and event.how == "email"
    assert event.chance == pytest.approx(odds_shifted(place.practice.value(*TELL), 2.0))
    assert event.minutes == place.practice.value("minutes", "tell") > 0
    assert event.cause == cause and event.time == model.clock.minute


def test_an_act_that_did_not_happen_is_a_row_with_its_reason_and_costs_nothing(begin, world, recorded):
    place = world()
    model = begin(place, chance=recorded(place, 0.0))
    assert attempt(model, TELL, FROM_HER, cause=NOTHING, then=pytest.fail) == NOTHING
    event = model.trace[len(model.trace)]
    assert not event.happened and event.minutes == 0 and event.reason == "told-only-when-asked"


def test_a_reason_that_is_given_comes_before_the_table(begin, world, recorded):
    place = world()
    model = begin(place, chance=recorded(place, 0.0))
    attempt(model, TELL, FROM_HER, cause=NOTHING, reason="consent-unclear")
    assert model.trace[len(model.trace)].reason == "consent-unclear"


def test_what_nobody_does_is_no_attempt(begin, world):
    model = begin(world(**{"tell.child-facing.allocated-social-worker": 0.0}))
    before = len(model.trace)
    assert attempt(model, TELL, FROM_HER, cause=NOTHING, then=pytest.fail) == NOTHING
    assert len(model.trace) == before and not model.chance.was_dealt(FROM_HER)


@pytest.mark.parametrize("happens", [0.0, 1.0])
def test_a_second_route_to_an_act_is_no_attempt(begin, world, recorded, happens):
    place = world()
    model = begin(place, chance=recorded(place, happens))
    attempt(model, TELL, FROM_HER, cause=NOTHING)
    rows = len(model.trace)
    assert attempt(model, TELL, FROM_HER, cause=NOTHING, then=pytest.fail) == NOTHING
    assert len(model.trace) == rows


def test_what_follows_waits_and_is_handed_its_row(begin, world, documented):
    place = world()
    late = documented({FROM_HER: True}, {FROM_HER: (12 * 60, inf)})
    chance = Recorded(1, 1, late, book=place.book)
    model, came = begin(place, chance=chance), []
    row = attempt(
        model, TELL, FROM_HER, cause=NOTHING, wait="email", then=lambda sent: came.append((sent, model.clock.minute))
    )
    assert came == []
    model.clock.run(until=30 * 24 * 60)
    [(sent, arrived)] = came
    assert sent == row and arrived >= 12 * 60 and place.rotas["sw-allocated"].there(arrived)


def test_without_a_wait_it_follows_within_the_minute(begin, world, recorded):
    place = world()
    model, came = begin(place, chance=recorded(place, 1.0)), []
    attempt(model, TELL, FROM_HER, cause=NOTHING, then=lambda _: came.append(model.clock.minute))
    model.clock.run(until=1)
    assert came == [0]


def test_luck_that_keeps_another_book_is_refused(begin, world):
    """Slots of one book mean nothing in another: what was dealt would not be known to have been."""
    with pytest.raises(ValueError, match="one book of addresses"):
        begin(world(), chance=Chance(1, 1))


def test_a_note_has_no_chance_and_no_price(begin, world):
    model = begin(world())
    event = model.trace[note(model, "hold", "health-visitor", "an-item", "V07", cause=NOTHING, how="saw")]
    assert event.happened and event.chance is None and event.minutes == 0 and event.reason == ""


# --- reasons -------------------------------------------------------------------------------------


def test_every_reason_belongs_to_a_stage_and_says_why_it_made_sense():
    for reason, (stage, words, sense) in REASONS.items():
        assert stage == stage_of(reason) and stage in STAGES and words and sense.endswith(".")


def test_every_act_of_every_kind_of_role_has_a_reason(practice):
    kinds = {profession.kind for profession in practice.professions.values()}
    assert all(reason_for(act, kind, topic) in REASONS for act in BY_ACT for kind in kinds for topic in ("", "home"))
    assert all(reason_for(f"rule-{act}", "statutory", "home") in REASONS for act in ("tell", "ask", "invite"))
