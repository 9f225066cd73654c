"""One trace, arranged for asking how far each item got."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from simulation.routes import ANSWER, ASK, ATTEND, INCLUDE, INVITE, OPEN, OPEN_FILE
from simulation.setting import SHARED_LOG, Choice
from simulation.trace import Event, Trace
from simulation.world import World

TELLING = ("tell", "rule-tell", "say")
REFERRING = ("refer", "rule-refer")
HANDING = ("hand-over", "hand-over-sheet")
SENDING = (*TELLING, *HANDING, *REFERRING, "include")
STEPPING = ("hold", "arrive", "include")
EITHER_WAY = ("weigh", "open", "circulate")
"""Acts that are kept whether they happened or not."""


class Block(NamedTuple):
    """A failed or unfinished act: how many acts were left, how likely it had been, and why."""

    left: float
    unlikely: float
    reason: str
    row: int


def block(left: float, event: Event, reason: str = "") -> Block:
    """The block at an event, for the reason given or its own."""
    return Block(left, -(event.chance or 0.0), reason or event.reason, event.row)


class Index:
    """Who held what from when, what was said and written where, and what stopped or went on."""

    def __init__(self, trace: Trace, world: World, items: Collection[str] | None = None) -> None:
        """Arrange a trace; with `items`, only what is about these or about none."""
        self.trace, self.world = trace, world
        self.held: dict[str, dict[str, Event]] = defaultdict(dict)
        self.stops: dict[str, list[Event]] = defaultdict(list)
        self.steps: dict[str, list[Event]] = defaultdict(list)
        self.by_occasion: dict[str, list[Event]] = defaultdict(list)
        self.decided: dict[str, Event] = {}
        self.weighed: dict[tuple[str, str], Event] = {}
        self.voiced: dict[str, set[str]] = defaultdict(set)
        self.recognised: dict[tuple[str, str], int] = {}
        self.filed: dict[str, dict[str, int]] = defaultdict(dict)
        self.arrived: dict[int, int] = {}
        self.minutes: dict[str, list[Event]] = defaultdict(list)
        self._around: dict[str, Around] = {}
        self._included: set[tuple[str, str, str]] = set()
        self._carried: dict[tuple[str, str], list[str]] = defaultdict(list)
        for event in trace.events:
            act, item, happened = event.act, event.item, event.happened
            if not item:
                self.by_occasion[event.occasion].append(event)
            elif items is not None and item not in items:
                continue
            elif act in SENDING or not (happened or act == "weigh"):
                self.stops[item].append(event)
            if happened and act in STEPPING:
                self.steps[item].append(event)
            if (happened or act in EITHER_WAY) and (place := PLACES.get(act)):
                place(self, event)

    def around(self, choice: Choice) -> Around:
        """What stood around this decision."""
        if choice.id not in self._around:
            self._around[choice.id] = Around(self, choice)
        return self._around[choice.id]

    def included(self, who: str, item: str, choice: Choice) -> bool:
        """Whether her paper for this decision had the item, whenever it came, or an earlier one
        that was carried forward to it."""
        papers = (choice.id, *self._carried.get((who, choice.id), ()))
        return any((who, item, occasion) in self._included for occasion in papers)

    def _weigh(self, event: Event) -> None:
        self.weighed[event.item, event.occasion] = event

    def _minutes(self, event: Event) -> None:
        if not event.happened and (event.act == "circulate" or event.whom == "minutes"):
            self.minutes[event.occasion].append(event)

    def _hold(self, event: Event) -> None:
        self.held[event.item][event.who] = event

    def _decide(self, event: Event) -> None:
        self.decided[event.occasion] = event

    def _voice(self, event: Event) -> None:
        self.voiced[event.occasion].add(event.item)

    def _recognise(self, event: Event) -> None:
        self.recognised.setdefault((event.who, event.item), event.row)

    def _record(self, event: Event) -> None:
        self.filed[event.item].setdefault(self.world.writes_in[event.who], event.row)

    def _log(self, event: Event) -> None:
        self.filed[event.item].setdefault(SHARED_LOG, event.row)

    def _file(self, event: Event) -> None:
        self.filed[event.item].setdefault(event.whom, event.row)

    def _include(self, event: Event) -> None:
        self._included.add((event.who, event.item, event.occasion))

    def _deliver(self, event: Event) -> None:
        if event.cause and (carried := self.trace[event.cause]).act == "rule-carry":
            self._carried[event.whom, event.occasion].append(carried.occasion)

    def _arrive(self, event: Event) -> None:
        if event.who == self.trace[event.cause].whom:  # and not with whoever stands in for her
            self.arrived[event.cause] = event.row


PLACES = {
    "hold": Index._hold,
    "decide": Index._decide,
    "voice": Index._voice,
    "present": Index._voice,
    "raise": Index._voice,
    "recognise": Index._recognise,
    "record": Index._record,
    "rule-log": Index._log,
    "file": Index._file,
    "include": Index._include,
    "deliver": Index._deliver,
    "arrive": Index._arrive,
    "weigh": Index._weigh,
    "open": Index._minutes,
    "circulate": Index._minutes,
}


class Around:
    """What stood around one decision, whatever the item: who was not asked, who did not come,
    whose paper was late or lay unopened, which file was not opened."""

    def __init__(self, index: Index, choice: Choice) -> None:
        self.of_holder: dict[str, list[Block]] = defaultdict(list)
        self.of_paper: dict[str, Block] = {}
        self.of_file: dict[str, Block] = {}
        self.late: dict[str, Block] = {}
        decided = index.decided[choice.id].row
        occasions = {choice.id, choice.meeting or choice.id}
        events = [event for name in sorted(occasions) for event in index.by_occasion[name] if event.row < decided]
        reached = {(event.act.removeprefix("rule-"), event.whom) for event in events if event.happened}
        for event in events:
            self._add(event, choice, reached)

    def blocks(self, who: str) -> list[Block]:
        """What kept one person's knowledge of any kind from this decision."""
        return self.of_holder.get(who, []) + ([self.late[who]] if who in self.late else [])

    def _add(self, event: Event, choice: Choice, reached: set[tuple[str, str]]) -> None:
        act, who, whom = event.act.removeprefix("rule-"), event.who, event.whom
        if event.happened:
            if act == "away":
                self.of_holder[who].append(block(ATTEND, event, "absence"))
            elif act in ("report", "answer"):
                self.late[who] = block(INCLUDE, event, "report-late")
            elif act == "deliver" and event.how != "late":
                self.late.pop(whom, None)
        elif act in ("invite", "ask"):
            if (act, whom) not in reached:
                self.of_holder[whom].append(block(INVITE if act == "invite" else ASK, event))
        elif act in ("attend", "report", "answer"):
            self.of_holder[who].append(block(ATTEND if act == "attend" else ANSWER, event))
        elif act == "open-paper" and who == choice.lead:
            self.of_paper[whom] = block(OPEN, event)
        elif act == "open-file" and who == choice.lead and (act, whom) not in reached:
            self.of_file[whom] = block(OPEN_FILE, event)
