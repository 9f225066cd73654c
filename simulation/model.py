"""SafeguardingModel: owns clock, chance, trace and population. Mesa keeps the people, SimPy the time."""

from __future__ import annotations

import mesa

from simulation.chance import Address, Chance
from simulation.clock import DAY, Clock
from simulation.knowledge import Knowledge
from simulation.person import Person
from simulation.trace import Trace
from simulation.workload import Workload
from simulation.world import URGENT_WAITS, World


class SafeguardingModel(mesa.Model):
    """One replication: one world under one luck. A Mesa step is one day."""

    def __init__(self, world: World, chance: Chance) -> None:
        if chance.book is not world.book:
            raise ValueError("world and chance must keep one book of addresses: give Chance(..., book=world.book)")
        super().__init__(rng=chance.seed)
        self.world, self.chance = world, chance
        self.clock, self.trace, self.knowledge = Clock(world.end), Trace(), Knowledge()
        chance.begin(self.clock)
        self.workload = Workload(world.load, chance.key)
        self._beyond_usual: dict[tuple[str, int], float] = {}
        self.people: dict[str, Person] = {}
        self.called_for: dict[str, int] = {}
        """When the last meeting of each kind that a rule called is held: until then no other of its kind is called."""
        self.shown: dict[str, set[str]] = {}
        """Whom a shared index has shown to each."""
        self.met_over: set[str] = set()
        """The occasions over which a rule has called an urgent meeting."""

    def step(self) -> None:
        """Live one day."""
        self.clock.run(until=min(self.clock.minute + DAY, self.world.end))

    def run(self) -> None:
        """Live all days of the window in one stride: the same trace as day by day."""
        self.clock.run(until=self.world.end)

    def desk_open_now(self) -> str:
        """The desk that takes what arrives now."""
        rotas = self.world.rotas
        return min(self.world.desks, key=lambda desk: (rotas[desk].opens(self.clock.minute), desk))

    def arrival(self, address: Address, wait: str, to: str) -> int:
        """When what was sent at this address comes to `to`: the sender's working time first, behind
        what she has in hand beyond the usual unless it is urgent, then the receiver's next open minute."""
        now, who, rotas = self.clock.minute, address[1], self.world.rotas
        if not wait:
            return now
        reach = rotas[to].opens if to in rotas else int
        act, _, whom, item, occasion = address
        word = f"{act.removeprefix('rule-')}-wait"  # a rule meets the same slow office
        delay_address = (word, who, whom, "", occasion)
        if self.chance.was_dealt(delay_address):  # she has written to the same before, on the same occasion
            delay_address = (word, who, whom, item, occasion)
        behind = 0 if wait in URGENT_WAITS else self.longer_wait(who)
        return self.chance.arrival(
            self.world.delay(wait, who), lambda minutes: reach(rotas[who].after(now, behind + minutes)), delay_address
        )

    def longer_wait(self, who: str) -> int:
        """How many minutes longer than usual something waits for somebody: delays were guessed and
        found where people have a backlog, so only what lies beyond the usual one is added."""
        beyond = self.beyond_usual_backlog(who)
        return int(beyond * self.world.load.weeks[who].open) if beyond > 0 else 0

    def beyond_usual_backlog(self, who: str) -> float:
        """How many days of backlog somebody has over the usual, as her day begins."""
        today = who, self.clock.minute // DAY
        if today not in self._beyond_usual:
            backlog = min(self.workload.backlog_days(who, self.clock.minute), self.world.most_backlog)
            self._beyond_usual[today] = backlog - self.world.usual_backlog
        return self._beyond_usual[today]

    def free(self) -> None:
        """Let go of everything, so that a finished model goes at once and not when it is searched for.

        Mesa 3.3 keeps every model it has numbered an agent for; people, clock and model point at
        each other. Cutting these ties spares the garbage collector all of a sweep's runs.
        """
        for person in self.people.values():
            person.inbox.clear()
        self.clock.clear()
        self.remove_all_agents()  # type: ignore[no-untyped-call]
        ids = getattr(mesa.Agent, "_ids", None)
        if ids is not None:
            ids.pop(self, None)
        vars(self).clear()
