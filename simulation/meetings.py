"""Meetings: who is invited and comes, what is said in the room, what goes into the minutes."""

from __future__ import annotations

from functools import partial

from scenarios.schema import Meeting
from scenarios.vocabulary import MEETINGS
from simulation.attempt import attempt, attempt_each, note
from simulation.clock import Turn
from simulation.model import SafeguardingModel
from simulation.register import involved
from simulation.setting import Choice
from simulation.trace import NOTHING


class Gathering:
    """One meeting, from its convening to its minutes.

    The lead and the joint deciders are there because they decide, and the convener because she
    calls it where its kind admits her; everybody else must be invited and must come.
    """

    def __init__(self, model: SafeguardingModel, meeting: Meeting, choice: Choice) -> None:
        self.model, self.meeting, self.choice = model, meeting, choice
        self.coming: dict[str, int] = {}
        self.present: list[str] = []
        self.voiced: set[str] = set()

    def schedule(self) -> None:
        """Put the meeting on the clock."""
        world, choice = self.model.world, self.choice
        rota = world.rotas[self.meeting.convener]
        call = max(choice.convened, rota.before(choice.start, world.ahead("invite", choice.kind)))
        clock = self.model.clock
        clock.at(min(max(rota.opens(call), 0), choice.start), Turn.ARRIVAL, self.convene)
        clock.at(choice.start, Turn.MEETING, self.sit)
        clock.at(choice.at, Turn.DECISION, self.close)

    def convene(self) -> None:
        """Invite those the convener knows, or the index shows: by rule, else by habit where this kind admits them."""
        world, convener = self.model.world, self.meeting.convener
        if world.admits(self.choice.kind, convener):
            self.expect(convener, NOTHING)
        for whom in involved(self.model, convener, self.meeting.id):
            if whom in self.choice.all_deciders:
                continue
            if not self.invite("rule-invite", whom) and world.admits(self.choice.kind, whom):
                self.invite("invite", whom)

    def invite(self, act: str, whom: str) -> int:
        """Invite one practitioner, and with the invitation ask for her report."""
        leaf = (act, self.choice.kind, self.model.world.profession(whom))
        address = (act, self.meeting.convener, whom, "", self.meeting.id)
        then = partial(self.expect, whom)
        how, wait = ("phone", "phone") if self.choice.urgent(self.model.clock.minute) else ("letter", "invitation")
        return attempt(self.model, leaf, address, cause=NOTHING, how=how, wait=wait, then=then)

    def expect(self, whom: str, invited: int) -> None:
        """The invitation has come: she means to attend, and works on her report."""
        if self.model.clock.minute <= self.choice.start:
            self.coming[whom] = invited
            self.model.people[whom].answer(self.choice, self.meeting.convener, "report", invited)

    def sit(self) -> None:
        """First all voices, then all hearing, then what each does with it."""
        self.present = sorted({*self.choice.all_deciders, *self.attenders()})
        for who in self.present:
            self.model.people[who].take_stock(self.meeting.id)
        family_said = {
            item: note(self.model, "voice", "", item, self.meeting.id, cause=NOTHING, how="family")
            for item in sorted(self.meeting.said)
        }
        voices = sorted((item, row) for who in self.present for item, row in self.speak(who))
        news = [(item, who) for item, row in family_said.items() for who in self.hear(item, row, "saw")]
        news += [(item, who) for item, row in voices for who in self.hear(item, row, "heard")]
        new_to: dict[str, dict[str, None]] = {who: {} for who in self.present}
        for item, who in news:
            new_to[who][item] = None
        for who, items in new_to.items():
            if items:
                self.model.people[who].consider(list(items), self.meeting.id)
        self.voiced = {*family_said, *(item for item, _ in voices)}

    def attenders(self) -> list[str]:
        """Those of the invited who come."""
        came = []
        for whom, invited in sorted(self.coming.items()):
            if whom in self.choice.all_deciders:
                continue
            if not self.model.world.rotas[whom].there(self.choice.start):
                note(self.model, "away", whom, "", self.meeting.id, cause=invited)
                continue
            leaf = ("attend", self.choice.kind, self.model.world.profession(whom))
            if row := attempt(self.model, leaf, ("attend", whom, "", "", self.meeting.id), cause=invited, how="speech"):
                self.model.people[whom].look_up(self.choice, row)
                came.append(whom)
        return came

    def speak(self, who: str) -> list[tuple[str, int]]:
        """What one attender says, each with its row."""
        body, held, world = MEETINGS[self.meeting.kind], self.model.knowledge.heads[who], self.model.world
        hers: dict[str, dict[str, int]] = {"present": {}, "raise": {}}
        for item in sorted(held):
            hers[self.model.people[who].how_to_voice(item, body)][item] = held[item].row
        said: list[tuple[str, int]] = []
        for act, causes in hers.items():
            way = act, who, "", self.meeting.id
            said += attempt_each(self.model, (act, world.profession(who)), way, causes, how="speech").items()
        for item, _ in said:
            held[item].bodies.add(body)
        return said

    def hear(self, item: str, row: int, how: str) -> list[str]:
        """Everybody in the room takes one voice in, and knows the others have. Returns those to
        whom it is new."""
        heads, people, speaker = self.model.knowledge.heads, self.model.people, self.model.trace[row].who
        new = []
        for who in self.present:
            holding = heads[who].get(item)
            if holding is None:
                new.append(who)
                holding = people[who].hold(item, how, row, self.meeting.id)
            elif who != speaker:
                holding.sources += 1
            holding.told.update(self.present)
        return new

    def close(self) -> None:
        """The meeting ends; its minutes go out to those who were asked to it."""
        for whom in sorted({*self.coming, *self.present} - {self.meeting.convener}):
            leaf = ("circulate", self.choice.kind, self.model.world.profession(whom))
            address = ("circulate", self.meeting.convener, whom, "", self.meeting.id)
            then = partial(self.receive_minutes, whom)
            attempt(self.model, leaf, address, cause=NOTHING, how="minutes", wait="minutes", then=then)

    def receive_minutes(self, whom: str, sent: int) -> None:
        """The minutes have come round: news to those who were not there."""
        person = self.model.people[whom]

        def read(row: int) -> None:
            if whom not in self.present:
                news = dict.fromkeys(sorted(self.voiced), row)
                person.learn(news, "read", self.meeting.id, known_to=self.present)

        arrived = note(self.model, "arrive", whom, "", self.meeting.id, cause=sent, how="minutes")
        leaf = ("open", "minutes", person.profession)
        address = ("open", whom, "minutes", "", self.meeting.id)
        person.open_later(leaf, address, arrived, read, "minutes", reason="unread")
