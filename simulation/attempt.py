"""The one function every act goes through.

Policies, paired luck, the record, what-if, reasons, hours and the chronology are not separate
features: they are readings of what is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from simulation.chance import Address, odds_shifted
from simulation.clock import Turn
from simulation.trace import NOTHING

if TYPE_CHECKING:
    from simulation.model import SafeguardingModel
    from simulation.world import Deed

Leaf = tuple[str, ...]
"""What names a chance in practice: a family, and what fills its slots."""

NONE: Mapping[str, Any] = MappingProxyType({})


def attempt(
    model: SafeguardingModel,
    leaf: Leaf,
    address: Address,
    *,
    cause: int,
    odds: tuple[float, ...] = (),
    how: str = "",
    reason: str = "",
    wait: str = "",
    to: str = "",
    then: Callable[[int], None] | None = None,
) -> int:
    """One act by one person. Returns the number of its row if it happened, 0 if it did not.

    `leaf` names its chance in practice, `address` its luck: (act, who, whom, item, occasion).
    Conditions enter as `odds` ratios, her backlog among them. If it happens it costs `who` the
    act's minutes, and `then` is called with its row once `wait` has passed, in the hours of `to`
    (else of `whom`). If not, the row carries the `reason`, by default the one that belongs to the
    act and the kind of role.
    An act that nobody does (chance 0), or one already drawn at this address, is not attempted.
    """
    row = _perform(model, model.world.deed(leaf, address), cause, odds, how, reason)
    if row and then is not None:
        send(model, address, wait, to or address[2], then, row)
    return row


def attempt_each(
    model: SafeguardingModel,
    leaf: Leaf,
    way: tuple[str, str, str, str],
    causes: Mapping[str, int],
    *,
    how: str = "",
    odds: Mapping[str, tuple[float, ...]] = NONE,
    reasons: Mapping[str, str] = NONE,
) -> dict[str, int]:
    """`attempt`, for many items of one kind of act: those that happened, each with its row.

    `way` is (act, who, whom, occasion), and `causes` gives each item its cause. Where the leaf's
    family asks what it is about, that is left out of `leaf` and added item by item.
    """
    hand = model.world.hand(leaf, way)
    done = {}
    for item, cause in causes.items():
        if row := _perform(model, hand[item], cause, odds.get(item, ()), how, reasons.get(item, "")):
            done[item] = row
    return done


def _perform(model: SafeguardingModel, deed: Deed, cause: int, odds: tuple[float, ...], how: str, reason: str) -> int:
    """Draw once, charge the minutes, write the row: what every attempt comes to."""
    chance, luck, address = deed.chance, model.chance, deed.address
    if chance == 0 or deed.slot in luck.dealt:
        return NOTHING
    if deed.load != 1:
        odds = (*odds, deed.load ** model.beyond_usual_backlog(address[1]))
    if odds:
        chance = odds_shifted(chance, *odds)
    now = model.clock.minute
    if not luck.happens(chance, address, deed.slot):
        model.trace.write(now, address, False, chance, reason or deed.reason, how, 0.0, cause)
        return NOTHING
    if deed.minutes:
        model.workload.spend(address[1], now, deed.minutes)
    return model.trace.write(now, address, True, chance, "", how, deed.minutes, cause)


def send(
    model: SafeguardingModel, address: Address, wait: str, to: str, take: Callable[..., None], *what: object
) -> None:
    """Let something go at this address: `take` is called with `what` once `wait` has passed, in the
    hours of `to`."""
    model.clock.at(model.arrival(address, wait, to), Turn.ARRIVAL, take, *what)


def note(
    model: SafeguardingModel, act: str, who: str, item: str, occasion: str, *, cause: int, how: str = "", whom: str = ""
) -> int:
    """What merely follows: it is held, it arrived, it was decided. No chance, no minutes."""
    return model.trace.write(model.clock.minute, (act, who, whom, item, occasion), True, None, "", how, 0.0, cause)
