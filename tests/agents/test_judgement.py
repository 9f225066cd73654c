"""Each judgement as a small table of cases, edges included."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from agents import judgement
from scenarios.schema import Contact, Item, Silence
from simulation.knowledge import FIRST_HAND, Holding

MIDNIGHT = 1000


def item(name, topic="drugs", polarity="risk", **more):
    return Item(id=name, words="it is so", topic=topic, polarity=polarity, cite="invented", **more)


def held(*names, how="saw", time=MIDNIGHT, **more):
    return {name: Holding(row=1, time=time, how=how, **more) for name in names}


def items(*rows):
    return {row.id: row for row in rows}


# --- noticing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("announced", "polarity", "shifted"),
    [
        (False, "risk", True),
        (True, "risk", False),
        (False, "reassuring", False),
        (False, "context", False),
        (True, "context", False),
    ],
)
def test_an_unannounced_visit_shows_more_of_a_worry(practice, announced, polarity, shifted):
    visit = Contact(
        id="V1", at=datetime(2020, 5, 1), kind="home-visit", by=("hv",), announced=announced, cite="invented"
    )
    expected = (practice.value("odds", "notice", "unannounced"),) if shifted else ()
    assert judgement.notice_odds(practice, visit, item("F1", polarity=polarity)) == expected


# --- recognising ---------------------------------------------------------------------------------

OTHERS = items(
    item("same-worry"),
    item("other-topic", "home"),
    item("calm", polarity="reassuring"),
    item("side", polarity="context"),
)


@pytest.mark.parametrize(
    ("names", "shifted"),
    [
        ((), False),
        (("F1",), False),
        (("F1", "same-worry"), True),
        (("same-worry",), True),
        (("F1", "other-topic"), False),
        (("F1", "calm"), False),
        (("F1", "side"), False),
        (("F1", "other-topic", "calm", "same-worry"), True),
    ],
)
def test_a_second_worry_on_one_topic_makes_the_first_look_different(practice, names, shifted):
    odds = judgement.recognise_odds(practice, frozenset({"same-worry"}), held(*names))
    assert odds == ((practice.value("odds", "recognise", "second-sighting"),) if shifted else ())


# --- joining -------------------------------------------------------------------------------------

PARTS = items(item("r1"), item("r2"), item("r3"), item("c1", polarity="reassuring"), item("n1", polarity="context"))


@pytest.mark.parametrize(
    ("needs", "both_signs", "names", "can"),
    [
        (2, False, ("r1",), False),
        (2, False, ("r1", "r2"), True),
        (2, False, ("r1", "elsewhere"), False),
        (3, False, ("r1", "r2"), False),
        (3, False, ("r1", "r2", "n1"), True),
        (2, True, ("r1", "r2", "r3"), False),
        (2, True, ("r1", "n1"), False),
        (2, True, ("r1", "c1"), True),
        (3, True, ("r1", "c1"), False),
        (3, True, ("r1", "c1", "n1"), True),
        (5, True, tuple(PARTS), True),
        (2, True, (), False),
    ],
)
def test_a_pattern_takes_enough_parts_and_both_signs_where_it_says_so(needs, both_signs, names, can):
    whole = item("whole", parts=tuple(PARTS), needs=needs, both_signs=both_signs)
    known = PARTS | items(item("elsewhere"), whole)
    assert judgement.can_join(whole, held(*names), known) is can


# --- hearing silence -----------------------------------------------------------------------------

BELIEF = item(
    "belief",
    "violence",
    "reassuring",
    silence=Silence(source=("police",), topics=("violence", "drink"), since=date(2020, 4, 18)),
)
WORD = items(
    BELIEF,
    item("blow", "violence"),
    item("bottle", "drink"),
    item("mess", "home"),
    item("peace", "violence", "reassuring"),
    item("past", "violence", "context"),
)


@pytest.mark.parametrize(
    ("name", "time", "silent"),
    [
        ("blow", MIDNIGHT - 1, True),
        ("blow", MIDNIGHT, False),
        ("blow", MIDNIGHT + 1, False),
        ("bottle", MIDNIGHT, False),
        ("mess", MIDNIGHT, True),
        ("peace", MIDNIGHT, True),
        ("past", MIDNIGHT, True),
        ("blow", -1, True),
    ],
)
def test_silence_is_broken_by_a_worry_on_its_topics_since_it_began(name, time, silent):
    assert judgement.hears_silence(BELIEF, held(name, time=time), WORD, MIDNIGHT) is silent


def test_who_has_heard_nothing_hears_silence():
    assert judgement.hears_silence(BELIEF, {}, WORD, MIDNIGHT)


# --- speaking ------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["saw", "found", "joined", "assumed", "start", "told", "heard", "read"])
@pytest.mark.parametrize("case_holder", [True, False])
@pytest.mark.parametrize("said_here", [True, False])
@pytest.mark.parametrize("said_elsewhere", [True, False])
def test_she_presents_what_is_hers_and_not_yet_given_here(how, case_holder, said_here, said_elsewhere):
    bodies = {body for body, said in (("conference", said_here), ("core-group", said_elsewhere)) if said}
    hers = case_holder or how in ("saw", "found", "joined", "assumed", "start")
    holding = Holding(row=1, time=0, how=how, bodies=bodies)
    assert holding.first_hand == (how in FIRST_HAND)
    expected = "present" if hers and not said_here else "raise"
    assert judgement.how_to_voice(holding, case_holder, "conference") == expected


# --- weighing ------------------------------------------------------------------------------------

TABLE = [
    # told by family, masked, paper only, sources → the odds named, and the reason if it does not count
    (False, False, False, 1, (), "outweighed"),
    (True, False, False, 1, ("self-report",), "self-report-accepted"),
    (False, True, False, 1, ("masked",), "masked-by-reassurance"),
    (False, False, True, 1, ("paper-only",), "outweighed"),
    (False, False, False, 2, ("corroborated",), "outweighed"),
    (False, True, True, 3, ("masked", "paper-only", "corroborated"), "masked-by-reassurance"),
    (True, True, True, 2, ("self-report", "masked", "paper-only", "corroborated"), "self-report-accepted"),
]


@pytest.mark.parametrize(("told", "masked", "paper", "sources", "names", "reason"), TABLE)
def test_what_counts_in_a_decision_and_why_not(practice, told, masked, paper, sources, names, reason):
    worry, holding = item("F1", told_by_family=told), Holding(row=1, time=0, how="read", sources=sources)
    odds, why = judgement.weigh_odds(practice, worry, holding, masked, paper)
    assert odds == tuple(practice.value("odds", "weigh", name) for name in names)
    assert why == reason


def test_no_judgement_asks_for_hindsight(practice):
    """Rows that hold only what behaviour may know are enough for every judgement."""

    def seen(row):
        hidden = {"critical", "core", "bears_on"}
        return SimpleNamespace(**{name: value for name, value in row if name not in hidden})

    known = {name: seen(row) for name, row in (PARTS | WORD | OTHERS).items()}
    whole = seen(item("whole", parts=("r1", "c1"), needs=2, both_signs=True))
    mine = held("r1", "c1", "blow")
    assert judgement.can_join(whole, mine, known)
    assert not judgement.hears_silence(known["belief"], mine, known, MIDNIGHT)
    assert judgement.weigh_odds(practice, known["r1"], mine["r1"], False, False) == ((), "outweighed")
