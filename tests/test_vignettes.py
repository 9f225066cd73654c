"""Stories as data: given what happened, does the model say what a practitioner would?

One file of `tests/vignettes/` is one story. To add one, copy the nearest and change it:

- `case` is the family, `story` the whole of it in a sentence or two.
- `happened` and `did_not` list acts, one a line: the act, who, whom or what, about which item, and the occasion it
  began with (a contact, meeting, decision or change of hands, never the message in between).
  Leave out what an act lacks.
- `arrives` says between which moments something came (`since`, `until`); that it was sent goes without saying.
- A `leaf` holds other routes still, where "nobody ever did" would need many lines; `why` says for what.
- `expect` says how far the item got: `stage` and `reason` ("" where it got through), and what else matters of
  `read`, `voiced`, `weighed`, `joint` (another decider had it) and `state` (how it stood when the decision was taken).

Acts are those of `simulation/reasons.py`; the words of a case are in its own file. Each story is run under several
lucks. What it does not state is left to chance, and must not change the answer. Lucks in which it cannot come about
(a letter that was never due) count for nothing, but they must be few.
"""

import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from math import inf, isfinite
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from agents.population import populate
from scenarios.load import case_path, change_faults, load_case, load_practice
from simulation.chance import Address, Chance
from simulation.evidence import Evidence
from simulation.index import Index
from simulation.journey import Journey, could_be_seen, journey
from simulation.model import SafeguardingModel
from simulation.reasons import BY_ACT
from simulation.recorded import Recorded, RuledOut
from simulation.routes import Routes
from simulation.setting import SHARED_LOG
from simulation.trace import Trace
from simulation.world import World

LUCKS = (6, pytest.param(32, marks=pytest.mark.slow))
FILES = sorted((Path(__file__).parent / "vignettes").glob("*.toml"))


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Act(Row):
    """One line of a story: who did what, towards whom, about which item, on which occasion."""

    act: str
    who: str
    whom: str = ""
    item: str = ""
    occasion: str

    @property
    def address(self) -> Address:
        return self.act, self.who, self.whom, self.item, self.occasion


class Arrival(Act):
    """Something that came at or after `since` and before `until`."""

    since: datetime
    until: datetime


class Leaf(Row):
    id: str
    value: float
    why: Annotated[str, Field(min_length=10)]


class Vignette(Row):
    case: str
    story: Annotated[str, Field(min_length=20)]
    happened: list[Act] = []
    did_not: list[Act] = []
    arrives: list[Arrival] = []
    leaf: list[Leaf] = []
    expect: Annotated[list[dict[str, Any]], Field(min_length=1)]

    def record(self, world: World, documented: Callable[..., Evidence]) -> Evidence:
        """The story as evidence: what is said to arrive was also sent."""
        minute = world.calendar.minute
        return documented(
            {act.address: False for act in self.did_not}
            | {act.address: True for act in (*self.happened, *self.arrives)},
            {act.address: (minute(act.since), minute(act.until)) for act in self.arrives},
        )


def read(path: Path) -> Vignette:
    return Vignette.model_validate(tomllib.loads(path.read_text("utf-8")))


def world_of(story: Vignette) -> World:
    practice = load_practice()
    return World(
        load_case(case_path(story.case), practice), practice.changed({leaf.id: leaf.value for leaf in story.leaf})
    )


def live(world: World, chance: Chance) -> Trace:
    """One run of the story."""
    model = SafeguardingModel(world, chance)
    populate(model)
    model.run()
    trace = model.trace
    model.free()
    return trace


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_name_in_a_story_exists(path):
    """A misspelt act that did not happen would be believed in silence."""
    story = read(path)
    world = world_of(story)
    roles, case = set(world.roles), world.case
    whom = {"", "minutes", SHARED_LOG, case.case.desk_agency, *roles, *(file.id for file in case.file)}
    occasions = {row.id for row in (*world.contacts, *world.transitions)} | set(world.meetings) | set(world.choices)
    for act in (*story.happened, *story.did_not, *story.arrives):
        assert act.act.removeprefix("rule-") in BY_ACT, act
        assert act.who in roles and act.whom in whom, act
        assert act.item in {"", *world.items} and act.occasion in occasions, act
    changes = {leaf.id: leaf.value for leaf in story.leaf}
    assert not change_faults(path.name, "leaf", changes, world.practice)
    for line in story.expect:
        assert {"item", "decision", "stage", "reason"} <= set(line) <= set(Journey._fields), line


@pytest.mark.parametrize("lucks", LUCKS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_story_ends_as_a_practitioner_would_say(path, lucks, documented):
    story = read(path)
    world = world_of(story)
    record, routes = story.record(world, documented), Routes(world)
    ended, ruled_out = 0, Counter()
    for replication in range(lucks):
        chance = Recorded(1, replication, record, book=world.book)
        try:
            trace = live(world, chance)
            chance.check(inf)
        except RuledOut as against:
            ruled_out[against.entry] += 1
            continue
        assert isfinite(chance.log_weight)
        index = Index(trace, world)
        for line in story.expect:
            choice = world.choices[line["decision"]]
            assert choice.id in world.items[line["item"]].bears_on and could_be_seen(world, line["item"], choice)
            found = journey(index, routes, line["item"], choice)
            assert {key: getattr(found, key) for key in line} == line, f"luck {replication}: {found}"
        ended += 1
    assert ended >= lucks / 2, f"in most lucks the story does not come about, for want of {ruled_out.most_common(3)}"
