"""What is worked out of a case before any practice: which worries are alike, and what makes little of what."""

import pytest

from scenarios.schema import Item
from simulation.knowledge import Holding
from simulation.setting import Setting


def item(name, topic="drugs", polarity="risk", **more):
    return Item(id=name, words="it is so", topic=topic, polarity=polarity, cite="invented", **more)


@pytest.fixture
def place(world):
    """A setting of a few invented items."""
    rows = (
        item("F1"),
        item("same-worry"),
        item("other-topic", "home"),
        item("calm", polarity="reassuring"),
        item("side", polarity="context"),
        item("mask", polarity="reassuring", masks=("F3",)),
        item("F3"),
    )
    usual = world()
    return Setting(usual.case.model_copy(update={"item": rows}), usual.professions)


def test_a_worry_is_like_other_worries_on_its_topic_and_nothing_else_is(place):
    assert place.kin["F1"] == {"same-worry", "F3"} and "F1" not in place.kin["F1"]
    assert not place.kin["other-topic"] and not place.kin["calm"] and not place.kin["side"]


def test_a_mask_makes_little_of_what_it_names_alone(place):
    assert place.maskers["F3"] == {"mask"}
    assert not place.maskers["F1"] and not place.maskers["mask"]


def test_a_mask_counts_in_the_head_that_has_it(begin, world, child_s):
    """The same worry at the same decision is masked for a lead who has the mask, and for no other."""
    masking = next(row for row in child_s.item if row.masks)
    place = world()
    model = begin(place)
    choice = next(iter(place.choices.values()))
    lead = model.people[choice.lead]
    lead.held[masking.masks[0]] = Holding(1, 0, "told")
    for name in place.maskers[masking.masks[0]]:
        lead.held.pop(name, None)
    assert lead.weighs(masking.masks[0], choice, ())[1] != "masked-by-reassurance"
    lead.held[masking.id] = Holding(1, 0, "told")
    _, reason = lead.weighs(masking.masks[0], choice, ())
    assert reason in ("masked-by-reassurance", "self-report-accepted")
    assert place.practice.value("odds", "weigh", "masked") in lead.weighs(masking.masks[0], choice, ())[0]
