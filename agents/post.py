"""Post: what somebody holds, and what lies on her desk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

import mesa

from simulation.attempt import attempt, note
from simulation.chance import Address
from simulation.clock import Turn
from simulation.knowledge import Holding
from simulation.model import SafeguardingModel


class Post(mesa.Agent):
    """One post, one person: what she holds, and an inbox that she comes to when she can."""

    model: SafeguardingModel

    def __init__(self, model: SafeguardingModel, role: str) -> None:
        super().__init__(model)
        self.role = role
        self.profession = model.world.profession(role)
        self.held = model.knowledge.heads.setdefault(role, {})
        self.inbox: dict[int, list[Callable[[], None]]] = {}
        self.promised: set[str] = set()
        self.settled: set[str] = set()
        """What she has asked the family about, or could have and did not."""
        self.opened: dict[Address, int] = {}

    def hold(self, item: str, how: str, cause: int, occasion: str) -> Holding:
        """Have an item in mind: once, however often it comes; a second source is remembered."""
        holding = self.held.get(item)
        if holding:
            holding.sources += 1
        else:
            row = note(self.model, "hold", self.role, item, occasion, cause=cause, how=how)
            holding = self.held[item] = Holding(row, self.model.clock.minute, how)
        return holding

    def learn(self, news: Mapping[str, int], how: str, occasion: str, known_to: Collection[str] = ()) -> None:
        """Take in what was just seen, heard or read: each item, and the row it comes from."""
        raise NotImplementedError

    def told(self, sender: str, occasion: str, said: Mapping[str, int]) -> None:
        """Hear from a colleague."""
        self.learn(said, "told", occasion, known_to=(sender,))

    def receive(self, sender: str, occasion: str, sent: Mapping[str, int], channel: str = "email") -> None:
        """A message or a file lands on her desk; she opens it when she comes to it. A colleague who
        writes again on the same occasion is read if she was read before."""
        rows = [
            note(self.model, "arrive", self.role, item, occasion, cause=row, how=channel, whom=sender)
            for item, row in sent.items()
        ]

        def read(opened: int) -> None:
            self.learn(dict.fromkeys(sent, opened), "read", occasion, known_to=(sender,))

        leaf, address = ("open", channel, self.profession), ("open", self.role, sender, "", occasion)
        self.open_with_the_rest(leaf, address, rows[0], read, channel)

    def open_with_the_rest(
        self,
        leaf: tuple[str, ...],
        address: Address,
        arrived: int,
        read: Callable[[int], None],
        how: str,
        latest: int | None = None,
    ) -> None:
        """Open something later; what comes from the same sender for the same occasion after it is
        read if the first was."""
        if address not in self.opened:
            self.opened[address] = self.open_later(leaf, address, arrived, read, how, latest)
        elif opened := self.opened[address]:
            if opened in self.inbox:
                self.inbox[opened].append(partial(read, opened))
            else:
                read(opened)

    def open_later(
        self,
        leaf: tuple[str, ...],
        address: Address,
        arrived: int,
        read: Callable[[int], None],
        how: str,
        latest: int | None = None,
        reason: str = "",
    ) -> int:
        """Open something that has arrived, after a while, at `latest` just before a decision."""
        row = attempt(self.model, leaf, address, cause=arrived, how=how, reason=reason)
        if row:
            moment = self.model.arrival(address, "open", self.role)
            self.inbox[row] = [partial(read, row)]
            due = moment if latest is None else max(self.model.clock.minute, min(moment, latest))
            self.model.clock.at(due, Turn.READING, self.take_from_inbox, row)
        return row

    def take_from_inbox(self, row: int) -> None:
        """Read what she set aside, unless she has read it by now."""
        for read in self.inbox.pop(row, ()):
            read()

    def clear_desk(self) -> None:
        """The last chance before a decision: read all that lies opened and unread."""
        for row in sorted(self.inbox):
            self.take_from_inbox(row)
