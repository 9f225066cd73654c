"""The Rowan family's story, told the way a textbook of Mesa and SimPy would.

Agents hold sets of strings, every visit, message, report, meeting and set of minutes is a process of its own,
colleagues are looked up with `AgentSet.select`, each draw is a scalar of NumPy's generator, and a `DataCollector`
looks at everybody once a day. People, items, contacts, meetings and chances are those of our case and practice,
so that both tell as much: about as many acts of each kind, which the benchmark prints.

What it leaves out flatters it. It keeps no trace: nothing here could say why an item did not arrive, what an act
cost, what caused it, or at what chance. Luck follows the order of calls, so two policies do not meet the same luck.
Nobody has other work, a backlog or office hours (a delay in working time is stretched by `WEEK`), no rule is
followed, no account is checked, and no condition shifts the odds. What it draws on (chances, delays, who knows
whom) it looks up in our world's tables, which are worked out beforehand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import log

import mesa
import simpy

from scenarios.schema import Contact, Meeting
from scenarios.vocabulary import MEETINGS
from simulation.calendar import WORKING_DAY
from simulation.clock import DAY
from simulation.setting import Choice
from simulation.world import World

WEEK = 7 / 5 * DAY / WORKING_DAY
"""How much longer a working minute is than a minute."""


class Worker(mesa.Agent):
    """Somebody who meets the family or reads about it."""

    def __init__(self, model: Story, role: str) -> None:
        super().__init__(model)
        self.role, self.profession = role, model.world.profession(role)
        self.known: set[str] = set()
        self.first_hand: set[str] = set()
        self.recognised: set[str] = set()
        self.told: set[tuple[str, str]] = set()
        self.said: set[tuple[str, str]] = set()

    def learn(self, items: Collection[str], seen: bool = False) -> None:
        """Take in what is new, or seen again, and act on it."""
        fresh = sorted(item for item in items if seen or item not in self.known)
        for item in fresh:
            self.hold(item, seen)
            self.record(item)
        self.pass_on([item for item in fresh if self.recognises(item)])
        for item in fresh:
            self.join_up(item)

    def hold(self, item: str, first_hand: bool = False) -> None:
        """Have an item in mind."""
        if item not in self.known:
            self.known.add(item)
            self.model.events += 1
        if first_hand:
            self.first_hand.add(item)

    def record(self, item: str) -> None:
        """Write it in the file, unless it stands there."""
        world = self.model.world
        file = self.model.files.get(world.writes_in.get(self.role, ""))
        if file is not None and item not in file and self.model.happens("record", self.profession, world.what(item)):
            file.add(item)

    def recognises(self, item: str) -> bool:
        """Judge that it matters."""
        if item not in self.recognised and self.model.happens(
            "recognise", self.profession, self.model.world.what(item)
        ):
            self.recognised.add(item)
        return item in self.recognised

    def pass_on(self, items: list[str]) -> None:
        """Tell colleagues, then refer what no social worker was told."""
        model, world = self.model, self.model.world
        known = world.known_to(self.role, int(model.env.now))
        for colleague in sorted(model.agents.select(lambda agent: agent.role in known), key=lambda agent: agent.role):
            said = [item for item in items if (item, colleague.role) not in self.told and self.tells(colleague, item)]
            if said:
                self.told.update((item, colleague.role) for item in said)
                model.env.process(self.message(colleague, said, world.channel(self.role, colleague.role)))
        social_workers = world.desks + world.case_holders
        form = [
            item
            for item in items
            if world.roles[self.role].agency != world.case.case.desk_agency
            and not any((item, one) in self.told for one in social_workers)
            and model.happens("refer", self.profession, world.what(item))
        ]
        if form:
            self.told.update((item, desk) for item in form for desk in world.desks)
            desk = model.agents.select(lambda agent: agent.role in world.desks, at_most=1)[0]
            model.env.process(self.message(desk, form, "form"))

    def tells(self, colleague: Worker, item: str) -> bool:
        """Whether this colleague is told this."""
        return self.model.happens("tell", self.profession, colleague.profession, self.model.world.what(item))

    def message(self, receiver: Worker, items: list[str], channel: str) -> Iterator[simpy.Event]:
        """What was said is heard when it comes; what was written is opened, and read after a while."""
        model = self.model
        yield model.wait(channel, self)
        if channel == "email":
            model.events += len(items)
            if not model.happens("open", channel, receiver.profession):
                return
            yield model.wait("open", receiver)
        receiver.told.update((item, self.role) for item in items)
        receiver.learn(items)

    def join_up(self, item: str) -> None:
        """See a pattern in what is held of it."""
        model, world = self.model, self.model.world
        for whole in world.composites[item]:
            parts = [part for part in whole.parts if part in self.known]
            signs = {world.items[part].polarity for part in parts}
            enough = len(parts) >= whole.needs and (not whole.both_signs or {"risk", "reassuring"} <= signs)
            if whole.id not in self.known and enough and model.happens("join", self.profession):
                self.learn([whole.id], seen=True)

    def report(self, choice: Choice, sat: simpy.Event) -> Iterator[simpy.Event]:
        """Write a report for a meeting, which those who decide there may open."""
        model = self.model
        if not model.happens("report", choice.kind, self.profession):
            return
        yield model.wait("report", self)
        self.look_up()
        written = [item for item in sorted(self.known) if model.happens("include", self.profession)]
        model.events += 1
        if written and not sat.triggered:
            for reader in model.agents.select(lambda agent: agent.role in choice.all_deciders):
                if model.happens("open", "report", reader.profession):
                    model.env.process(self.read(reader, written, sat))

    def read(self, reader: Worker, written: list[str], sat: simpy.Event) -> Iterator[simpy.Event]:
        """A report is read after a while, as the meeting begins at the latest."""
        yield self.model.wait("open", reader) | sat
        reader.told.update((item, self.role) for item in written)
        reader.learn(written)

    def look_up(self) -> None:
        """Search the files that she can open."""
        model = self.model
        for file in model.world.can_open[self.role]:
            for item in sorted(model.files[file] - self.known):
                if model.happens("find", self.profession):
                    self.hold(item, first_hand=True)

    def speak(self, body: str) -> list[str]:
        """What she says in the room."""
        model, hers = self.model, self.model.world.roles[self.role].case_holder
        said = []
        for item in sorted(self.known):
            presents = (hers or item in self.first_hand) and (item, body) not in self.said
            if model.happens("present" if presents else "raise", self.profession):
                said.append(item)
                self.said.add((item, body))
        return said

    def decide(self, decision: str) -> None:
        """Weigh all that is known."""
        model = self.model
        model.events += 1
        model.decided[decision] = {
            item for item in sorted(self.known) if model.happens("weigh", model.world.what(item))
        }


class Story(mesa.Model):
    """One replication. A step is one day."""

    def __init__(self, world: World, seed: int, collects: bool = True) -> None:
        super().__init__(rng=seed)
        self.world, self.collects, self.events = world, collects, 0
        self.env = simpy.Environment()
        self.files: dict[str, set[str]] = {file.id: set() for file in world.case.file}
        self.decided: dict[str, set[str]] = {}
        for role in world.roles:
            Worker(self, role)
        self.remember()
        for contact in world.contacts:
            self.env.process(self.visit(contact))
        for meeting in world.meetings.values():
            self.env.process(self.meeting(meeting, world.gatherings[meeting.id]))
        self.datacollector = mesa.DataCollector(
            model_reporters={"known": lambda model: sum(len(agent.known) for agent in model.agents)},
            agent_reporters={"known": lambda agent: len(agent.known)},
        )

    def remember(self) -> None:
        """What was held and recorded before the story begins."""
        for item in self.world.items.values():
            for file in item.recorded_in:
                self.files[file].add(item.id)
            for agent in self.agents.select(lambda agent, item=item: agent.role in item.held_by):
                agent.hold(item.id, first_hand=True)
                agent.recognised.add(item.id)

    def run(self) -> int:
        """Live every day, and say how much happened: draws, things learned, arrivals, papers and decisions."""
        for _ in range(self.world.calendar.days):
            self.step()
        return self.events

    def step(self) -> None:
        """Live one day."""
        self.env.run(until=self.env.now + DAY)
        if self.collects:
            self.datacollector.collect(self)

    def happens(self, *leaf: str) -> bool:
        """Whether an act happens."""
        chance = self.world.chances[leaf]
        if not chance:
            return False
        self.events += 1
        return self.rng.random() < chance

    def wait(self, word: str, who: Worker) -> simpy.Event:
        """How long something takes somebody."""
        delay = self.world.delay(word, who.role)
        if not delay.median:
            return self.env.timeout(0)
        return self.env.timeout(WEEK * self.rng.lognormal(log(delay.median), delay.spread))

    def find(self, role: str) -> Worker:
        """Look somebody up."""
        return self.agents.select(lambda agent: agent.role == role)[0]

    def visit(self, contact: Contact) -> Iterator[simpy.Event]:
        """Whoever was there sees what there was to see: the first sighting of an item is given."""
        yield self.env.timeout(self.world.calendar.minute(contact.at))
        for role in contact.by:
            worker = self.find(role)
            seen = [item for item in sorted(contact.items) if self.sees(worker, item, contact)]
            worker.learn(seen, seen=True)

    def sees(self, worker: Worker, item: str, contact: Contact) -> bool:
        """Whether an item is noticed here."""
        given = self.world.first_sighting[item][1:] == (contact.id, worker.role)
        return given or self.happens("notice", worker.profession, self.world.what(item))

    def meeting(self, meeting: Meeting, choice: Choice) -> Iterator[simpy.Event]:
        """One meeting, from the invitations to the minutes."""
        world, env, convener = self.world, self.env, self.find(meeting.convener)
        sat = env.event()
        yield env.timeout(max(choice.convened, choice.start - WEEK * world.ahead("invite", choice.kind)))
        known = world.known_to(convener.role, int(env.now))
        asked = self.agents.select(
            lambda agent: (
                agent.role in known
                and agent.role not in choice.all_deciders
                and world.admits(choice.kind, agent.role)
                and self.happens("invite", choice.kind, agent.profession)
            )
        )
        coming: list[Worker] = []
        for worker in asked:
            env.process(self.invitation(convener, worker, choice, sat, coming))
        yield env.timeout(choice.start - env.now)
        sat.succeed()
        deciders = self.agents.select(lambda agent: agent.role in choice.all_deciders)
        present = [*deciders, *(worker for worker in coming if self.comes(worker, choice))]
        said = {item for worker in present for item in worker.speak(MEETINGS[meeting.kind])}
        for worker in present:
            worker.told.update((item, other.role) for item in said for other in present)
        for worker in present:
            worker.learn(said)
        yield env.timeout(choice.at - choice.start)
        if choice.id in world.choices:
            self.find(choice.lead).decide(choice.id)
        for worker in dict.fromkeys([*coming, *present]):
            env.process(self.minutes(convener, worker, choice, set() if worker in present else said))

    def invitation(
        self, convener: Worker, worker: Worker, choice: Choice, sat: simpy.Event, coming: list[Worker]
    ) -> Iterator[simpy.Event]:
        """An invitation comes, and with it the wish for a report."""
        yield self.wait("invitation", convener)
        if not sat.triggered:
            coming.append(worker)
            yield from worker.report(choice, sat)

    def comes(self, worker: Worker, choice: Choice) -> bool:
        """Whether somebody who was asked comes, having looked in the files."""
        came = self.happens("attend", choice.kind, worker.profession)
        if came:
            worker.look_up()
        return came

    def minutes(self, convener: Worker, worker: Worker, choice: Choice, news: set[str]) -> Iterator[simpy.Event]:
        """The minutes go round, and are opened by some."""
        if not self.happens("circulate", choice.kind, worker.profession):
            return
        yield self.wait("minutes", convener)
        self.events += 1
        if self.happens("open", "minutes", worker.profession):
            yield self.wait("open", worker)
            worker.learn(news)
