"""Practitioner: what she does with what she sees, hears and reads, in the order she does it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import mesa

from agents import judgement
from scenarios.schema import Contact
from simulation.attempt import attempt, note
from simulation.clock import Turn
from simulation.knowledge import Holding
from simulation.model import SafeguardingModel
from simulation.setting import Choice
from simulation.trace import NOTHING
from simulation.world import Listener


class Practitioner(mesa.Agent):
    """One post, one person: partial knowledge, known colleagues, an inbox."""

    model: SafeguardingModel

    def __init__(self, model: SafeguardingModel, role: str) -> None:
        super().__init__(model)
        self.role = role
        self.profession = model.world.profession(role)
        self.held = model.knowledge.heads.setdefault(role, {})
        self.inbox: dict[int, Callable[[], None]] = {}
        self.promised: set[str] = set()

    # --- seeing and learning ----------------------------------------------------------------------

    def visit(self, contact: Contact) -> None:
        """Be with the family: the first sighting of an item is given, later ones are drawn."""
        world = self.model.world
        for item in sorted(contact.items):
            _, first_seen_at, first_seen_by = world.first_sighting[item]
            if (first_seen_at, first_seen_by) == (contact.id, self.role):
                self.learn(item, "saw", NOTHING, contact.id)
                continue
            odds = judgement.notice_odds(world.practice, contact, world.items[item])
            leaf = ("notice", self.profession, world.what(item))
            if row := attempt(self.model, leaf, ("notice", self.role, "", item, contact.id), cause=NOTHING, odds=odds):
                self.learn(item, "saw", row, contact.id)

    def learn(self, item: str, how: str, cause: int, occasion: str, known_to: Collection[str] = ()) -> None:
        """Take in something just seen, heard or read. What is new, or seen again, is acted on; to
        be told again what she has is a second source and no new occasion."""
        new = item not in self.held
        self.hold(item, how, cause, occasion).told.update(known_to)
        if new or how == "saw":
            self.consider(item, occasion)

    def consider(self, item: str, occasion: str) -> None:
        """What a practitioner does with something she has just learned."""
        holding = self.held[item]
        self.write_down(item, holding, occasion)
        self.follow_rules(item, holding, occasion)
        if self.recognises(item, holding, occasion):
            self.tell_usual_contacts(item, holding, occasion)
            self.refer("refer", item, holding, occasion)
        self.join_up(item, holding, occasion)

    def hold(self, item: str, how: str, cause: int, occasion: str) -> Holding:
        """Have an item in mind: once, however often it comes; a second source is remembered."""
        holding = self.held.get(item)
        if holding:
            holding.sources += 1
        else:
            row = note(self.model, "hold", self.role, item, occasion, cause=cause, how=how)
            holding = self.held[item] = Holding(row, self.model.clock.minute, how)
        return holding

    def write_down(self, item: str, holding: Holding, occasion: str) -> None:
        """Record it in the file she writes in, unless it stands there already."""
        file = self.model.world.writes_in.get(self.role)
        if file is None or item in self.model.knowledge.files.setdefault(file, {}):
            return
        leaf = ("record", self.profession, self.model.world.what(item))
        if row := attempt(self.model, leaf, ("record", self.role, "", item, occasion), cause=holding.row):
            self.model.knowledge.files[file][item] = row

    def recognises(self, item: str, holding: Holding, occasion: str) -> bool:
        """Judge that it matters for this child. Once she has, she has."""
        if not holding.recognised:
            world = self.model.world
            odds = judgement.recognise_odds(world.practice, world.items[item], self.held, world.items)
            leaf = ("recognise", self.profession, world.what(item))
            address = ("recognise", self.role, "", item, occasion)
            holding.recognised = attempt(self.model, leaf, address, cause=holding.row, odds=odds) > 0
        return holding.recognised

    def join_up(self, item: str, holding: Holding, occasion: str) -> None:
        """See a pattern in what she holds of it."""
        world = self.model.world
        for whole in world.composites[item]:
            if whole.id not in self.held and judgement.can_join(whole, self.held, world.items):
                address = ("join", self.role, "", whole.id, occasion)
                if row := attempt(self.model, ("join", self.profession), address, cause=holding.row):
                    self.learn(whole.id, "joined", row, occasion)

    def take_stock(self, occasion: str) -> None:
        """Reporting or meeting, she may take having heard nothing for nothing having happened."""
        world = self.model.world
        for belief in world.silences:
            assert belief.silence
            expects = any(
                world.practice.value("expects", self.profession, world.profession(source))
                for source in belief.silence.source
            )
            since = world.calendar.midnight(belief.silence.since)
            if belief.id in self.held or not expects or self.model.clock.minute <= since:
                continue
            if judgement.hears_silence(belief, self.held, world.items, since):
                address = ("assume", self.role, "", belief.id, occasion)
                if row := attempt(self.model, ("assume", self.profession), address, cause=NOTHING):
                    self.hold(belief.id, "assumed", row, occasion)

    # --- passing on -------------------------------------------------------------------------------

    def follow_rules(self, item: str, holding: Holding, occasion: str) -> None:
        """A rule asks for the act, not for a judgement: it comes before habit."""
        self.tell_all("rule-tell", item, holding, occasion)
        self.refer("rule-refer", item, holding, occasion)

    def tell_usual_contacts(self, item: str, holding: Holding, occasion: str) -> None:
        """Tell those she is used to telling, without those a rule has just told."""
        self.tell_all("tell", item, holding, occasion)

    def tell_all(self, act: str, item: str, holding: Holding, occasion: str) -> None:
        """Tell those she knows by now, without those she knows to have it."""
        world, now = self.model.world, self.model.clock.minute
        for listener in world.listeners(act, self.role, world.what(item)):
            if listener.since <= now and listener.name not in holding.told:
                self.tell(act, listener, item, holding, occasion)

    def tell(self, act: str, to: Listener, item: str, holding: Holding, occasion: str) -> None:
        """Tell one colleague one thing, by phone or by email as these two are used to."""
        how, them = ("phone" if to.by_phone else "email"), self.model.people[to.name]
        then = partial(them.told if to.by_phone else them.receive, item, self.role, occasion)
        address = (act, self.role, to.name, item, occasion)
        if attempt(self.model, to.leaf, address, cause=holding.row, how=how, wait=how, then=then):
            holding.told.add(to.name)

    def refer(self, act: str, item: str, holding: Holding, occasion: str) -> None:
        """Bring it to the desk that is open when it arrives: what one does who has no colleague
        there to tell."""
        world = self.model.world
        agency = world.case.case.desk_agency
        leaf = world.referral(act, self.role, world.what(item), self.model.clock.minute)
        if leaf is None or not holding.told.isdisjoint(world.desks + world.case_holders):
            return
        address = (act, self.role, agency, item, occasion)
        then = partial(self.reach_desk, item, occasion)
        if attempt(self.model, leaf, address, cause=holding.row, how="form", wait="form", to=self.role, then=then):
            holding.told.update(world.desks)

    def reach_desk(self, item: str, occasion: str, sent: int) -> None:
        """The desk open on arrival takes the call."""
        desk = self.model.desk_open_now()
        self.model.people[desk].told(item, self.role, occasion, sent)

    def told(self, item: str, sender: str, occasion: str, sent: int) -> None:
        """Hear it from a colleague."""
        self.learn(item, "told", sent, occasion, known_to=(sender,))

    def receive(self, item: str, sender: str, occasion: str, sent: int) -> None:
        """A message lands in her inbox; she opens it when she comes to it."""
        arrived = note(self.model, "arrive", self.role, item, occasion, cause=sent, how="email", whom=sender)
        self.open_later(
            ("open", "email", self.profession),
            ("open", self.role, sender, item, occasion),
            arrived,
            lambda row: self.learn(item, "read", row, occasion, known_to=(sender,)),
        )

    def open_later(
        self,
        leaf: tuple[str, ...],
        address: tuple[str, str, str, str, str],
        arrived: int,
        read: Callable[[int], None],
        latest: int | None = None,
        reason: str = "",
    ) -> None:
        """Open something that has arrived, after a while, at `latest` just before a decision."""
        row = attempt(self.model, leaf, address, cause=arrived, reason=reason)
        if not row:
            return
        moment = self.model.arrival(address, "open", self.role)
        self.inbox[row] = partial(read, row)
        due = moment if latest is None else max(self.model.clock.minute, min(moment, latest))
        self.model.clock.at(due, Turn.READING, self.take_from_inbox, row)

    def take_from_inbox(self, row: int) -> None:
        """Read what she set aside, unless she has read it by now."""
        if read := self.inbox.pop(row, None):
            read()

    def clear_desk(self) -> None:
        """The last chance before a decision: read all that lies opened and unread."""
        for row in sorted(self.inbox):
            self.take_from_inbox(row)

    # --- asking and answering ---------------------------------------------------------------------

    def ask_before(self, choice: Choice) -> None:
        """Before a decision of hers, ask those she knows for what they have."""
        world = self.model.world
        for whom in world.known_to(self.role, self.model.clock.minute):
            if whom in choice.all_deciders:
                continue
            profession = world.profession(whom)
            urgent = choice.urgent(self.model.clock.minute)
            then = partial(self.model.people[whom].answer, choice, self.role, "answer-urgent" if urgent else "answer")
            asked = self._ask("rule-ask", choice, whom, then)
            if not asked and world.practice.value("asks", choice.kind, profession):
                self._ask("ask", choice, whom, then)

    def _ask(self, act: str, choice: Choice, whom: str, then: Callable[[int], None]) -> int:
        leaf = (act, choice.kind, self.model.world.profession(whom))
        address = (act, self.role, whom, "", choice.id)
        return attempt(self.model, leaf, address, cause=NOTHING, how="phone", wait="phone", then=then)

    def answer(self, choice: Choice, asker: str, wait: str, asked: int) -> None:
        """Answer a question, or send a report to a meeting: whether, and when. One paper serves both."""
        if choice.id in self.promised:
            return
        act = "report" if wait == "report" else "answer"
        leaf = (act, choice.kind, self.profession)
        address = (act, self.role, asker, "", choice.id)
        then = partial(self.compose, choice, asker)
        if attempt(self.model, leaf, address, cause=asked, how="report", wait=wait, to=self.role, then=then):
            self.promised.add(choice.id)

    def compose(self, choice: Choice, asker: str, agreed: int) -> None:
        """Write down what she holds and what a search finds, and send it. A paper that is late is
        still about what she had when it was due."""
        model = self.model
        late = model.clock.minute > choice.start
        if not late:
            self.take_stock(choice.id)
            self.look_up(choice, agreed)
        written = {}
        for item in sorted(item for item, holding in self.held.items() if holding.time <= choice.at):
            address = ("include", self.role, asker, item, choice.id)
            if row := attempt(model, ("include", self.profession), address, cause=agreed):
                written[item] = row
        arrived = note(
            model, "deliver", asker, "", choice.id, cause=agreed, how="late" if late else "report", whom=self.role
        )
        if written and not late:
            for reader in choice.all_deciders:
                model.people[reader].receive_report(choice, self.role, written, arrived)

    def look_up(self, choice: Choice, cause: int) -> None:
        """Search the records she can open, before she reports or comes."""
        for file in self.model.world.can_open[self.role]:
            for item in self.model.knowledge.in_file(file):
                if item not in self.held:
                    address = ("find", self.role, file, item, choice.id)
                    if row := attempt(self.model, ("find", self.profession), address, cause=cause):
                        self.hold(item, "found", row, choice.id)

    def receive_report(self, choice: Choice, author: str, written: dict[str, int], arrived: int) -> None:
        """A paper for a decision of hers: one draw whether she opens it, before the decision."""

        def read(row: int) -> None:
            for item in sorted(written):
                self.learn(item, "read", row, choice.id, known_to=(author,))

        leaf = ("open", "report", self.profession)
        address = ("open", self.role, author, "", choice.id)
        self.open_later(leaf, address, arrived, read, latest=choice.start, reason="unread")

    def how_to_voice(self, item: str, body: str) -> str:
        """Whether this is hers to present to this body, or something she may raise."""
        case_holder = self.model.world.roles[self.role].case_holder
        return judgement.how_to_voice(self.held[item], case_holder, body)

    # --- deciding ---------------------------------------------------------------------------------

    def prepare(self, choice: Choice) -> None:
        """Open the files one opens for such a decision, and clear the desk."""
        self.clear_desk()
        world, model = self.model.world, self.model
        for file in world.can_open[self.role]:
            leaf = ("open-file", choice.kind, self.profession)
            opened = attempt(model, leaf, ("open-file", self.role, file, "", choice.id), cause=NOTHING, how="file")
            if not opened:
                continue
            for item in model.knowledge.in_file(file):
                if item not in self.held:
                    address = ("find", self.role, file, item, choice.id)
                    if row := attempt(model, ("find", self.profession), address, cause=opened):
                        self.learn(item, "read", row, choice.id)

    def decide(self, choice: Choice, voiced: Collection[str]) -> None:
        """Weigh all she has, once, and decide."""
        world = self.model.world
        decided = note(self.model, "decide", self.role, "", choice.id, cause=NOTHING)
        for item in sorted(self.held):
            holding = self.held[item]
            on_paper_only = bool(choice.meeting) and holding.how == "read" and item not in voiced
            odds, reason = judgement.weigh_odds(
                world.practice, world.items[item], holding, self.held, world.items, on_paper_only
            )
            leaf = ("weigh", world.what(item))
            address = ("weigh", self.role, "", item, choice.id)
            attempt(self.model, leaf, address, cause=decided, odds=odds, reason=reason)
