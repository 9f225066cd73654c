"""What the shared world asks of whoever lives in it. Who that is, it does not know."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from scenarios.schema import Contact, Transition
from simulation.chance import Address
from simulation.knowledge import Holding
from simulation.setting import Choice


class Person(Protocol):
    """Somebody with a post: she sees, learns, is told, is asked, speaks and decides."""

    profession: str
    inbox: dict[int, list[Callable[[], None]]]

    def visit(self, contact: Contact) -> None:
        """Be with the family."""

    def learn(self, news: Mapping[str, int], how: str, occasion: str, known_to: Collection[str] = ()) -> None:
        """Take in what was just seen, heard or read: each item, and the row it comes from."""

    def hold(self, item: str, how: str, cause: int, occasion: str) -> Holding:
        """Take something in."""

    def consider(self, items: Collection[str], occasion: str) -> None:
        """Do what one does with something learned."""

    def told(self, sender: str, occasion: str, said: Mapping[str, int]) -> None:
        """Hear something from a colleague."""

    def receive(self, sender: str, occasion: str, sent: Mapping[str, int], channel: str = "email") -> None:
        """Find a message in the inbox."""

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
        """Open something that has arrived, after a while."""

    def receive_report(self, choice: Choice, author: str, written: Mapping[str, int], arrived: int) -> None:
        """Find a paper for a decision on the desk."""

    def answer(self, choice: Choice, asker: str, wait: str, asked: int) -> None:
        """Answer a question, or report to a meeting."""

    def speak_to(self, account: str, asker: str, occasion: str, asked: int) -> None:
        """Say what one has on the topic of an account."""

    def hand_over(self, transition: Transition, whom: str) -> None:
        """Pass on to a successor what she has."""

    def look_up(self, choice: Choice, cause: int) -> None:
        """Search the records at hand."""

    def take_stock(self, occasion: str) -> None:
        """Consider what has not been heard."""

    def how_to_voice(self, item: str, body: str) -> str:
        """Present it to this body, or raise it."""

    def ask_before(self, choice: Choice) -> None:
        """Ask others before a decision."""

    def prepare(self, choice: Choice) -> None:
        """Open files and papers just before a decision."""

    def clear_desk(self) -> None:
        """Read what lies opened."""

    def decide(self, choice: Choice, voiced: Collection[str]) -> None:
        """Weigh and decide."""
