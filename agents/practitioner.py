"""Practitioner: what she does with what she sees, hears and reads, in the order she does it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from agents import judgement
from agents.answering import Answering
from scenarios.schema import Contact, Transition
from simulation.attempt import attempt, attempt_each, note, send
from simulation.calling import call_urgently, urgent_start
from simulation.chance import Address
from simulation.setting import Choice
from simulation.trace import NOTHING
from simulation.world import Listener


class Practitioner(Answering):
    """One post, one person: partial knowledge, known colleagues, an inbox."""

    # --- seeing and learning ----------------------------------------------------------------------

    def visit(self, contact: Contact) -> None:
        """Be with the family: the first sighting of an item is given, later ones are drawn, and what
        must be asked for is there for whoever asks. Whether one asks is settled the first time one could."""
        first = self.model.world.first_sighting
        seen: dict[str, int] = {}
        for item in sorted(contact.items):
            given = first[item][1:] == (contact.id, self.role)
            row = NOTHING if given else self.come_upon("notice", item, contact)
            if given or row:
                seen[item] = row
        for item in sorted({*contact.sought} - self.settled):
            self.settled.add(item)
            if row := self.come_upon("rule-seek", item, contact) or self.come_upon("seek", item, contact):
                seen[item] = row
        self.learn(seen, "saw", contact.id)

    def come_upon(self, act: str, item: str, contact: Contact) -> int:
        """Notice something that could be noticed here, or ask what could be asked."""
        world = self.model.world
        odds = judgement.notice_odds(world.practice, contact, world.items[item]) if act == "notice" else ()
        leaf, address = (act, self.profession, world.what(item)), (act, self.role, "", item, contact.id)
        return attempt(self.model, leaf, address, cause=NOTHING, odds=odds)

    def learn(self, news: Mapping[str, int], how: str, occasion: str, known_to: Collection[str] = ()) -> None:
        """Take in what was just seen, heard or read: each item, and the row it comes from. What is
        new, or seen again, is acted on; to be told again what she has is a second source and no
        new occasion."""
        fresh = [item for item in news if how == "saw" or item not in self.held]
        for item, cause in news.items():
            self.hold(item, how, cause, occasion).told.update(known_to)
        if fresh:
            self.consider(fresh, occasion)

    def consider(self, items: Collection[str], occasion: str) -> None:
        """What a practitioner does with what she has just learned. A rule asks for the act, not for
        a judgement: it comes before habit."""
        self.write_down(items, occasion)
        self.pass_on("rule-tell", "rule-refer", items, occasion)
        self.pass_on("tell", "refer", self.recognised(items, occasion), occasion)
        for item in items:
            self.join_up(item, occasion)
        for item in self.accounts_to_check(items):
            self.check_account(item, occasion)
        self.call_urgently(items, occasion)

    def write_down(self, items: Collection[str], occasion: str) -> None:
        """Record it in the file she writes in, and by rule in the log that all share, unless it
        stands there already."""
        for act, file in self.model.world.files_of[self.role]:
            written = self.model.knowledge.files.setdefault(file, {})
            news = {item: self.held[item].row for item in items if item not in written}
            way = act, self.role, "", occasion
            written.update(attempt_each(self.model, (act, self.profession), way, news))

    def recognised(self, items: Collection[str], occasion: str) -> list[str]:
        """Judge which of these matter for this child. Once she has judged that one does, it does."""
        world = self.model.world
        open_to_her = {item: self.held[item].row for item in items if not self.held[item].recognised}
        odds = {item: judgement.recognise_odds(world.practice, world.kin[item], self.held) for item in open_to_her}
        way = "recognise", self.role, "", occasion
        for item in attempt_each(self.model, ("recognise", self.profession), way, open_to_her, odds=odds):
            self.held[item].recognised = True
        return [item for item in items if self.held[item].recognised]

    def join_up(self, item: str, occasion: str) -> None:
        """See a pattern in what she holds of it, where a part has just come to her for the first time."""
        world = self.model.world
        if self.held[item].time < self.model.clock.minute:
            return
        for whole in world.composites[item]:
            if whole.id not in self.held and judgement.can_join(whole, self.held, world.items):
                address = ("join", self.role, "", whole.id, occasion)
                if row := attempt(self.model, ("join", self.profession), address, cause=self.held[item].row):
                    self.learn({whole.id: row}, "joined", occasion)

    # --- passing on -------------------------------------------------------------------------------

    def pass_on(self, telling: str, referring: str, items: Collection[str], occasion: str) -> None:
        """Tell those she is used to telling, then bring to the desk what no social worker was told."""
        self.tell(telling, items, occasion)
        self.refer(referring, items, occasion)

    def tell(self, act: str, items: Collection[str], occasion: str) -> None:
        """Tell those she knows by now, without those she knows to have it: each in one message, by
        phone or by email as these two are used to."""
        world, now = self.model.world, self.model.clock.minute
        messages: list[tuple[Listener, dict[str, int]]] = []
        for to in world.colleagues(act, self.role):
            if to.since <= now < to.until:
                news = {item: self.held[item].row for item in items if to.name not in self.held[item].told}
                way = act, self.role, to.name, occasion
                if said := attempt_each(self.model, to.leaf, way, news, how=to.channel):
                    messages.append((to, said))
        for to, said in messages:
            for item in said:
                self.held[item].told.add(to.name)
            address = (act, self.role, to.name, next(iter(said)), occasion)
            self.reach(to.name, to.channel, address, said)
            if stands_in := world.cover_for(to.name, now) if to.name in world.covered else None:
                self.reach_cover(stands_in, to, address, said)

    def reach(self, whom: str, channel: str, address: Address, said: Mapping[str, int]) -> None:
        """Ring or write: what was said or sent is with `whom` when she is next there."""
        them = self.model.people[whom]
        take = them.told if channel == "phone" else them.receive
        send(self.model, address, channel, whom, take, self.role, address[4], said)

    def reach_cover(self, stands_in: str, absent: Listener, sent: Address, said: Mapping[str, int]) -> None:
        """By rule, whoever stands in reads what comes for somebody on leave."""
        _, _, _, item, occasion = sent
        address = ("rule-cover", stands_in, absent.name, item, occasion)
        leaf = ("rule-cover", self.model.world.profession(absent.name))
        if stands_in != self.role and attempt(self.model, leaf, address, cause=said[item], how=absent.channel):
            self.reach(stands_in, absent.channel, ("rule-cover", self.role, stands_in, item, occasion), said)

    def refer(self, act: str, items: Collection[str], occasion: str) -> None:
        """Bring it to the desk that is open when it arrives: what one does who has no colleague
        there to tell."""
        world = self.model.world
        if (act, self.role) not in world.referrers:
            return
        agency, social_workers = world.case.case.desk_agency, world.desks + world.case_holders
        form: dict[str, int] = {}
        for item in items:
            holding = self.held[item]
            leaf = world.referral(act, self.role, world.what(item), self.model.clock.minute, holding.how == "saw")
            if leaf and holding.told.isdisjoint(social_workers):
                address = (act, self.role, agency, item, occasion)
                if row := attempt(self.model, leaf, address, cause=holding.row, how="form"):
                    holding.told.update(world.desks)
                    form[item] = row
        if form:
            first = (act, self.role, agency, next(iter(form)), occasion)
            send(self.model, first, "form", self.role, self.reach_desk, occasion, form)

    def reach_desk(self, occasion: str, form: Mapping[str, int]) -> None:
        """The desk open on arrival takes it."""
        self.model.people[self.model.desk_open_now()].told(self.role, occasion, form)

    def hand_over(self, transition: Transition, whom: str) -> None:
        """Pass on to a successor what she has: by word of mouth, and in notes or a printed sheet
        where these are in use, for what the talk left out."""
        model, successor = self.model, self.model.people[whom]
        news = {item: self.held[item].row for item in sorted(self.held) if whom not in self.held[item].told}
        way = "hand-over", self.role, whom, transition.id
        said = attempt_each(model, ("hand-over", "speech"), way, news, how="speech")
        sheet = {}
        if channel := model.world.hands_over_by(self.role):
            way = "hand-over-sheet", self.role, whom, transition.id
            left = {item: row for item, row in news.items() if item not in said}
            sheet = attempt_each(model, ("hand-over", channel), way, left, how=channel)
        for item in (*said, *sheet):
            self.held[item].told.add(whom)
        successor.told(self.role, transition.id, said)
        if sheet:
            successor.receive(self.role, transition.id, sheet, "notes")

    def call_urgently(self, items: Collection[str], occasion: str) -> None:
        """By rule, call people together when worries of some kinds have come thick and fast."""
        model, world = self.model, self.model.world
        if self.role not in world.callers:
            return
        calls = [item for item in items if self._is_a_call(item)]
        since = world.rotas[self.role].before(model.clock.minute, world.call_within)
        recent = [item for item, holding in self.held.items() if holding.time >= since and self._is_a_call(item)]
        if calls and len(recent) >= world.call_events and (start := urgent_start(model, occasion)):
            address = ("rule-call", self.role, "", "", occasion)
            if row := attempt(model, self._call_leaf(calls[0]), address, cause=self.held[calls[0]].row):
                call_urgently(model, self.role, occasion, start, row)

    def _is_a_call(self, item: str) -> bool:
        world = self.model.world
        return world.chances[self._call_leaf(item)] > 0 and world.items[item].polarity == "risk"

    def _call_leaf(self, item: str) -> tuple[str, str, str]:
        return "rule-call", self.profession, self.model.world.what(item)

    # --- speaking and deciding --------------------------------------------------------------------

    def how_to_voice(self, item: str, body: str) -> str:
        """Whether this is hers to present to this body, or something she may raise."""
        case_holder = self.model.world.roles[self.role].case_holder
        return judgement.how_to_voice(self.held[item], case_holder, body)

    def prepare(self, choice: Choice) -> None:
        """Open the files one opens for such a decision, and clear the desk."""
        self.clear_desk()
        world = self.model.world
        for file in world.can_open[self.role]:
            if opened := self.open_file("rule-open-file", file, choice) or self.open_file("open-file", file, choice):
                self.learn(self.search(file, choice, opened), "read", choice.id)
        self.learn(self.read_log(choice), "read", choice.id)

    def open_file(self, act: str, file: str, choice: Choice) -> int:
        """Open a record before a decision, by rule or by habit."""
        leaf, address = (act, choice.kind, self.profession), (act, self.role, file, "", choice.id)
        return attempt(self.model, leaf, address, cause=NOTHING, how="file")

    def decide(self, choice: Choice, voiced: Collection[str]) -> None:
        """Weigh all she has, once, and decide."""
        decided = note(self.model, "decide", self.role, "", choice.id, cause=NOTHING)
        every = {item: self.weighs(item, choice, voiced) for item in sorted(self.held)}
        odds, reasons = {item: one[0] for item, one in every.items()}, {item: one[1] for item, one in every.items()}
        way = "weigh", self.role, "", choice.id
        attempt_each(self.model, ("weigh",), way, dict.fromkeys(every, decided), odds=odds, reasons=reasons)

    def weighs(self, item: str, choice: Choice, voiced: Collection[str]) -> tuple[tuple[float, ...], str]:
        """What moves the odds that an item counts, and the reason if it does not."""
        world, holding = self.model.world, self.held[item]
        on_paper_only = bool(choice.meeting) and holding.how == "read" and item not in voiced
        masked = not world.maskers[item].isdisjoint(self.held)
        return judgement.weigh_odds(world.practice, world.items[item], holding, masked, on_paper_only)
