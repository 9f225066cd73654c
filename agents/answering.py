"""Answering: what a practitioner asks of others, and what she writes when she is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

from agents import judgement
from agents.post import Post
from simulation.attempt import attempt, attempt_each, note
from simulation.register import involved
from simulation.setting import SHARED_LOG, Choice
from simulation.trace import NOTHING


class Answering(Post):
    """Whoever may be asked: for a report, before a decision, or what she makes of an account."""

    # --- asking -----------------------------------------------------------------------------------

    def ask_before(self, choice: Choice) -> None:
        """Before a decision of hers, ask those she knows for what they have."""
        world = self.model.world
        urgent = choice.urgent(self.model.clock.minute)
        for whom in involved(self.model, self.role, choice.id):
            if whom in choice.all_deciders:
                continue
            profession = world.profession(whom)
            then = partial(self.model.people[whom].answer, choice, self.role, "answer-urgent" if urgent else "answer")
            asked = self._ask("rule-ask", choice, whom, then)
            if not asked and world.practice.value("asks", choice.kind, profession):
                self._ask("ask", choice, whom, then)

    def _ask(self, act: str, choice: Choice, whom: str, then: Callable[[int], None]) -> int:
        leaf = (act, choice.kind, self.model.world.profession(whom))
        address = (act, self.role, whom, "", choice.id)
        return attempt(self.model, leaf, address, cause=NOTHING, how="phone", wait="phone", then=then)

    def accounts_to_check(self, items: Collection[str]) -> list[str]:
        """What the family said of itself, where a rule asks her to check such things."""
        world = self.model.world
        if not world.colleagues("rule-check", self.role):
            return []
        return [item for item in items if world.items[item].told_by_family]

    def check_account(self, item: str, occasion: str) -> None:
        """By rule, check what the family said with a colleague who may know more."""
        world, model = self.model.world, self.model
        for to in world.listeners("rule-check", self.role, world.what(item)):
            if to.since <= model.clock.minute < to.until:
                then = partial(model.people[to.name].speak_to, item, self.role, occasion)
                address = ("rule-check", self.role, to.name, item, occasion)
                attempt(
                    model,
                    (*to.leaf, world.what(item)),
                    address,
                    cause=self.held[item].row,
                    how="phone",
                    wait="phone",
                    then=then,
                )

    def speak_to(self, account: str, asker: str, occasion: str, asked: int) -> None:
        """Asked about an account the family gave, say what one has on its topic."""
        model, items = self.model, self.model.world.items
        address = ("answer", self.role, asker, account, occasion)
        if not attempt(model, ("answer", "any", self.profession), address, cause=asked, how="phone"):
            return
        said = {}
        for item in sorted(self.held):
            holding = self.held[item]
            if items[item].topic == items[account].topic and asker not in holding.told:
                address = ("say", self.role, asker, item, occasion)
                if row := attempt(model, ("include", self.profession), address, cause=asked, how="phone"):
                    holding.told.add(asker)
                    said[item] = row
        if said:
            model.people[asker].told(self.role, occasion, said)

    # --- answering --------------------------------------------------------------------------------

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
        still about what she had when it was due; a rule may table it at the body's next meeting."""
        model = self.model
        late = model.clock.minute > choice.start
        if not late:
            self.take_stock(choice.id)
            self.look_up(choice, agreed)
        had = sorted(item for item, holding in self.held.items() if holding.time <= choice.at)
        way = "include", self.role, asker, choice.id
        written = attempt_each(model, ("include", self.profession), way, dict.fromkeys(had, agreed))
        how = "late" if late else "report"
        arrived = note(model, "deliver", asker, "", choice.id, cause=agreed, how=how, whom=self.role)
        if late:
            self.carry_forward(choice, asker, written, arrived)
        else:
            self.hand_in(choice, written, arrived)

    def hand_in(self, choice: Choice, written: Mapping[str, int], arrived: int) -> None:
        """Put a paper on the desks of all who decide."""
        if written:
            for reader in choice.all_deciders:
                self.model.people[reader].receive_report(choice, self.role, written, arrived)

    def carry_forward(self, missed: Choice, asker: str, written: Mapping[str, int], arrived: int) -> None:
        """By rule, a paper that came too late is tabled when the same body meets next."""
        model = self.model
        coming = model.world.next_of_body(missed, model.clock.minute)
        if coming is None:
            return
        address = ("rule-carry", asker, self.role, "", missed.id)
        if row := attempt(model, ("rule-carry", missed.kind), address, cause=arrived, how="report"):
            tabled = note(model, "deliver", asker, "", coming.id, cause=row, how="report", whom=self.role)
            self.hand_in(coming, written, tabled)

    def receive_report(self, choice: Choice, author: str, written: Mapping[str, int], arrived: int) -> None:
        """A paper for a decision of hers: one draw whether she opens it, before the decision. Two
        papers by one author, as when an earlier one is carried forward, lie in one pack."""

        def read(row: int) -> None:
            self.learn(dict.fromkeys(written, row), "read", choice.id, known_to=(author,))

        leaf = ("open", "report", self.profession)
        address = ("open-paper", self.role, author, "", choice.id)
        self.open_with_the_rest(leaf, address, arrived, read, "report", latest=choice.start)

    # --- searching --------------------------------------------------------------------------------

    def look_up(self, choice: Choice, cause: int) -> None:
        """Search the records she can open, before she reports or comes."""
        for file in self.model.world.can_open[self.role]:
            for item, row in self.search(file, choice, cause).items():
                self.hold(item, "found", row, choice.id)
        for item, row in self.read_log(choice).items():
            self.hold(item, "found", row, choice.id)

    def read_log(self, choice: Choice) -> dict[str, int]:
        """By rule, read the log that all share."""
        leaf = ("rule-read-log", choice.kind, self.profession)
        address = ("rule-read-log", self.role, SHARED_LOG, "", choice.id)
        read = attempt(self.model, leaf, address, cause=NOTHING, how="file")
        return self.search(SHARED_LOG, choice, read) if read else {}

    def search(self, file: str, choice: Choice, cause: int) -> dict[str, int]:
        """What she finds in a record that she did not have, each with its row."""
        news = [item for item in self.model.knowledge.in_file(file) if item not in self.held]
        way = "find", self.role, file, choice.id
        return attempt_each(self.model, ("find", self.profession), way, dict.fromkeys(news, cause))

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
