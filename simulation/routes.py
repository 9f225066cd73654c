"""How many acts are left: from a holder to a decision's desk, by the shortest way practice knows.

Only whether an act can happen counts here, never how likely it is. The numbers order the places
where an item stopped: the one with the fewest acts left is where it nearly arrived.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from math import inf

from simulation.setting import Choice
from simulation.world import World

OPEN = 1
INCLUDE = 1 + OPEN
ANSWER = 1 + INCLUDE
ASK = 1 + ANSWER
VOICE = 1
ATTEND = 1 + VOICE
INVITE = 1 + ATTEND
FIND = 1
OPEN_FILE = 1 + FIND
TELL = 1 + OPEN
RECOGNISE = 1


class Routes:
    """The acts left in one world, worked out when first asked for and kept."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pairs: dict[frozenset[str] | None, list[tuple[str, Choice]]] = {}
        """For a choice of items, each with the decisions it is followed to."""
        self._left: dict[tuple[str, str], dict[str, float]] = {}
        self._onward: dict[tuple[str, str, str], list[str]] = {}

    def left(self, who: str, choice: Choice, what: str) -> float:
        """Acts left when `who` has such an item; 0 for the lead, infinity where no way is known."""
        key = choice.id, what
        if key not in self._left:
            self._left[key] = self._from_all(choice, what)
        return self._left[key].get(who, inf)

    def onward(self, who: str, choice: Choice, what: str) -> float:
        """Acts left on the best way that starts with her telling somebody, recognition done."""
        return min((TELL + self.left(whom, choice, what) for whom in self._tells(who, what, choice)), default=inf)

    def desk(self, choice: Choice, what: str) -> float:
        """Acts left when the duty desk has it, whichever desk that is."""
        return min((self.left(desk, choice, what) for desk in self.world.desks), default=inf)

    def _from_all(self, choice: Choice, what: str) -> dict[str, float]:
        left = {who: self._direct(who, choice) for who in self.world.roles} | {choice.lead: 0.0}
        into: dict[str, list[str]] = {}
        for who in self.world.roles:
            for whom in self._tells(who, what, choice):
                into.setdefault(whom, []).append(who)
        queue = [(acts, who) for who, acts in left.items()]
        heapq.heapify(queue)
        while queue:
            acts, whom = heapq.heappop(queue)
            if acts > left[whom] or acts == inf:
                continue
            for who in into.get(whom, ()):
                if acts + RECOGNISE + TELL < left[who]:
                    left[who] = acts + RECOGNISE + TELL
                    heapq.heappush(queue, (left[who], who))
        return left

    def _direct(self, who: str, choice: Choice) -> float:
        """Acts left without telling anyone: in the room, asked, or in a file that is opened."""
        ways = [inf]
        world, profession = self.world, self.world.profession(who)
        if choice.meeting:
            convener = world.meetings[choice.meeting].convener
            if who in choice.all_deciders:
                ways.append(VOICE)
            elif who == convener and world.admits(choice.kind, who):
                ways.append(ATTEND)
            elif world.may_know(convener, who, choice.start) and self._invitable(who, choice):
                ways.append(INVITE)
        if (
            world.may_know(choice.lead, who, choice.start)
            and who not in choice.all_deciders
            and self._askable(profession, choice)
        ):
            ways.append(ASK)
        if world.writes_in.get(who) in world.can_open[choice.lead] and self._opens_files(choice):
            ways.append(1 + OPEN_FILE)
        if world.chances["rule-read-log", choice.kind, world.profession(choice.lead)] and who in world.loggers:
            ways.append(1 + OPEN_FILE)
        return min(ways)

    def _invitable(self, who: str, choice: Choice) -> bool:
        practice, profession = self.world.practice, self.world.profession(who)
        by_habit = self.world.admits(choice.kind, who) and practice.value("invite", choice.kind, profession) > 0
        return by_habit or practice.rule("rule-invite", choice.kind, profession) > 0

    def _askable(self, profession: str, choice: Choice) -> bool:
        practice = self.world.practice
        by_habit = practice.value("asks", choice.kind, profession) * practice.value("ask", choice.kind, profession) > 0
        return by_habit or practice.rule("rule-ask", choice.kind, profession) > 0

    def _opens_files(self, choice: Choice) -> bool:
        asked = choice.kind, self.world.profession(choice.lead)
        return (
            max(self.world.practice.value("open-file", *asked), self.world.practice.rule("rule-open-file", *asked)) > 0
        )

    def _tells(self, who: str, what: str, choice: Choice) -> list[str]:
        """Whom she may tell such a thing; to refer is to tell a desk."""
        key = who, what, choice.id
        if key not in self._onward:
            world = self.world
            heard = [to for act in ("tell", "rule-tell") for to in world.listeners(act, who, what)]
            names = {to.name for to in heard if to.since <= choice.start}
            names.update(self._hands_to(who, choice))
            if any(world.referral(act, who, what, choice.start) for act in ("refer", "rule-refer")):
                names.update(world.desks)
            self._onward[key] = sorted(names)
        return self._onward[key]

    def _hands_to(self, who: str, choice: Choice) -> Iterator[str]:
        """Whom she hands over to before this decision."""
        for row in self.world.transitions:
            if who in row.who and self.world.calendar.minute(row.at) <= choice.start:
                yield from row.whom
