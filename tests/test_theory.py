"""What theory and experiment say of the simplest meetings, and the whole machine must give back.

Stasser, Taylor and Hanna (1989): an item held by one of a group is mentioned in 18 % of discussions, one held by all
three in 46 %. The model is told the first figure; the second must follow.

Bhabra and others (2007): of what is handed over five times in a row, 2.5 % is left by speech alone, 85.5 % with notes
and 99 % with a printed sheet. The model is told what one handover keeps; the chain must follow.
"""

from datetime import date, datetime, timedelta
from itertools import pairwise
from math import sqrt

import pytest

from scenarios.schema import About, Case, Contact, Decision, Item, Knows, Meeting, Role, Transition

RUNS = 2500
GROUP = ("ann", "bea", "cat")
CITED = {"cite": "invented"}


def one_meeting(group):
    """A witness sees one thing, writes to a group of colleagues, and they meet three weeks later under a chair."""
    return Case(
        case=About(
            id="one-meeting",
            title="One meeting",
            source="invented",
            care_note="invented",
            invented=True,
            start=date(2021, 6, 1),
            end=date(2021, 6, 30),
            desk_agency="social-care",
        ),
        role=(
            Role(id="chair", agency="social-care", profession="conference-chair", words="the chair", **CITED),
            Role(id="witness", agency="school", profession="school-safeguarding-lead", words="the witness", **CITED),
            *(Role(id=who, agency="health", profession="health-visitor", words=who, **CITED) for who in group),
        ),
        knows=(
            Knows(who=("witness",), whom=group, since=date(2021, 6, 1), **CITED),
            Knows(who=("chair",), whom=group, since=date(2021, 6, 1), **CITED),
        ),
        item=(Item(id="F1", words="it is so", topic="home", polarity="risk", bears_on=("M1",), **CITED),),
        contact=(
            Contact(id="V1", at=datetime(2021, 6, 2, 10), kind="session", by=("witness",), items=("F1",), **CITED),
        ),
        meeting=(
            Meeting(
                id="M1",
                words="the meeting",
                at=datetime(2021, 6, 28, 10),
                lasts_minutes=60,
                kind="core-group",
                lead="chair",
                convener="chair",
                convened=datetime(2021, 6, 1, 9),
                **CITED,
            ),
        ),
        decision=(Decision(id="M1", words="the meeting", kind="core-group", meeting="M1", **CITED),),
    )


EVERYBODY_HEARS_AND_COMES = {
    "recognise.child-facing": 1.0,
    "tell.child-facing.child-facing": 1.0,
    "open.email": 1.0,
    "invite": 1.0,
    "attend.any.health-visitor": 1.0,
    **dict.fromkeys(("delay.email", "delay.open", "delay.invitation"), 0.0),
}


def share_voiced(world, live, group, **changes):
    """How often the item is said in the room; in every run all of the group hold it, at second hand."""
    place, voiced = world(case=one_meeting(group), **EVERYBODY_HEARS_AND_COMES, **changes), 0
    for replication in range(RUNS):
        tries = [event for event in live(place, replication).events if event.act in ("present", "raise")]
        assert sorted(event.who for event in tries) == sorted(group) and {event.act for event in tries} == {"raise"}
        voiced += any(event.happened for event in tries)
    return voiced / RUNS


def four_errors(share):
    return 4 * sqrt(share * (1 - share) / RUNS)


@pytest.mark.parametrize("holders", [1, 2, 3])
def test_the_chance_that_something_is_said_grows_with_its_holders(world, live, practice, holders):
    one = practice.value_of("raise")
    assert one == 0.18
    expected = 1 - (1 - one) ** holders
    assert abs(share_voiced(world, live, GROUP[:holders]) - expected) < four_errors(expected)


def test_three_holders_come_out_where_the_experiment_found_them(world, live):
    """The prediction: 45 % against the 46 % that was published."""
    assert abs(share_voiced(world, live, GROUP) - 0.46) < four_errors(0.46) + 0.01


def test_the_rule_holds_for_other_chances_too(world, live):
    share = share_voiced(world, live, GROUP, **{"raise": 0.5})
    assert abs(share - 0.875) < four_errors(0.875)


def test_what_is_said_by_somebody_is_heard_by_the_chair_in_time(world, live):
    place = world(case=one_meeting(GROUP), **EVERYBODY_HEARS_AND_COMES)
    for replication in range(200):
        events = live(place, replication).events
        said = any(event.act == "raise" and event.happened for event in events)
        assert said == any(event.act == "hold" and event.who == "chair" for event in events)
        assert said == any(event.act == "weigh" for event in events)


# --- five handovers in a row ----------------------------------------------------------------------

HANDOVERS = 5
THINGS = 40
SHIFTS = 100


def five_handovers():
    """One practitioner sees forty things, and six in turn have the work: five handovers, a working week apart."""
    turns = [f"turn-{number}" for number in range(HANDOVERS + 1)]
    case = one_meeting(turns)
    items = tuple(
        Item(id=f"F{number}", words="it is so", topic="home", polarity="context", bears_on=("M1",), **CITED)
        for number in range(THINGS)
    )
    about = case.case.model_copy(update={"id": "five-handovers", "end": date(2021, 7, 31)})
    seen = case.contact[0].model_copy(update={"by": ("turn-0",), "items": tuple(item.id for item in items)})
    first = datetime(2021, 6, 7, 10)
    changes = tuple(
        Transition(
            id=f"change-{number}",
            words="the work changed hands",
            at=first + timedelta(weeks=number),
            kind="transfer",
            who=(giver,),
            whom=(taker,),
            **CITED,
        )
        for number, (giver, taker) in enumerate(pairwise(turns))
    )
    meeting = case.meeting[0].model_copy(update={"at": datetime(2021, 7, 28, 10)})
    return case.model_copy(
        update={
            "case": about,
            "knows": (),
            "item": items,
            "contact": (seen,),
            "meeting": (meeting,),
            "transition": changes,
        }
    )


@pytest.mark.parametrize(
    ("by", "published"),
    [("speech", 0.025), ("notes", 0.855), ("printed", 0.99)],
)
def test_five_handovers_in_a_row_keep_what_was_found(world, live, practice, by, published):
    """Every thing is handed on by an act of its own, and whoever holds it after the fifth handover has it from the
    fourth. What is written is opened, as on a ward where the sheet is in the hand."""
    sheets = {"hands-over-by.notes": float(by == "notes"), "hands-over-by.printed": float(by == "printed")}
    opened = {"open.notes": 1.0, "delay.open": 0.0, "rule-tell.telephone-triage.gp": 0.0}
    silent = {"tell.child-facing.child-facing": 0.0, "load.hours": 10_000}
    place, kept = world(case=five_handovers(), **sheets, **opened, **silent), 0
    for replication in range(SHIFTS):
        held = {(e.who, e.item): e for e in live(place, replication).events if e.act == "hold"}
        for item in place.items:
            chain = [(f"turn-{number}", item) in held for number in range(HANDOVERS + 1)]
            assert chain == sorted(chain, reverse=True), "nobody has it whose predecessor had not"
            kept += chain[-1]
    said = practice.value("hand-over", "speech")
    one = said + (1 - said) * (practice.value("hand-over", by) if by != "speech" else 0)
    share, error = kept / (SHIFTS * THINGS), 4 * sqrt(one**HANDOVERS * (1 - one**HANDOVERS) / (SHIFTS * THINGS))
    assert abs(share - one**HANDOVERS) < error
    assert abs(share - published) < error + 0.005, "the leaves are rounded: what they give lies within half a point"
