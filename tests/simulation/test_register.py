"""A shared index: whom it shows to somebody who invites or asks, and what it costs."""

import pytest

from scenarios.schema import Knows
from simulation.journey import journeys
from simulation.routes import Routes
from tests.test_small_worlds import AT_ONCE, CITED, family, item, seen

ASKED = {"rule-ask": 1.0, "answer": 1.0, "include": 1.0, "tell": 0.0, "delay.answer-urgent": 0.0, "delay.phone": 0.0}
SILENT = {"tell.child-facing.allocated-social-worker": 0.0, "tell.child-facing.child-facing": 0.0, "open.report": 1.0}


def strangers():
    """The case-holder knows nobody; the school knows the health visitor, and saw something."""
    case = family((item("F1"),), (seen("V1", "visitor", 1, ("F1",)),))
    known = Knows(who=("school",), whom=("visitor",), since=case.case.start, **CITED)
    return case.model_copy(update={"knows": (known,)})


@pytest.mark.parametrize("chance", [1.0, 0.0], ids=["with an index", "without"])
def test_whom_nobody_had_named_to_her_is_asked(world, live, chance):
    case = strangers()
    answers = {leaf: 1.0 for leaf in world(case=case).practice.leaves if leaf.split(".")[0] in ("answer", "include")}
    place = world(case=case, **(AT_ONCE | answers | ASKED | SILENT | {"rule-index": chance, "ahead.ask": 5.0}))
    for replication in range(10):
        trace = live(place, replication)
        looked = [event for event in trace.events if event.act == "rule-index"]
        assert [(event.who, event.whom) for event in looked] == [("holder", "visitor")] * bool(chance)
        assert all(event.minutes == place.minutes["rule-index"] > 0 for event in looked)
        [journey] = journeys(trace, place, Routes(place))
        asked = any(event.act == "rule-ask" and event.whom == "visitor" for event in trace.events)
        assert asked == journey.read == bool(chance)


def test_it_lists_services_that_somebody_knows_of_and_no_desk(child_s, world):
    place = world()
    assert place.listed(place.end) and not [
        who for who in place.listed(place.end) if place.kind(who) in ("desk", "administrative")
    ]
    place = world(case=strangers())
    assert place.listed(place.end) == ["visitor"]


def test_without_the_rule_no_byte_changes(world, live):
    still = world(**{"rule-index": 0.0})
    assert live(still).events == live(world()).events
