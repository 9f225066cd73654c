"""What happened, and what if: a case's record, weighed; and each policy's twins, on the luck the record leaves."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from experiments.design import Arm
from experiments.documented import Documented, documented
from experiments.following import ANSWERS, SAME, Asked, Followed, Weighed, follow, shown_items, weigh
from experiments.pilot import piloted
from experiments.pool import Pool, pool_of
from experiments.replication import replicate
from experiments.runner import Progress
from results.parting import Luck
from results.statistics import Interval
from results.weights import ENOUGH, Weights, by_date, by_entry, roulette
from scenarios.faults import BadInput, Fault, nearest
from simulation.chance import address_key, luck_key, mix64, uniform
from simulation.journey import scored_pairs
from simulation.world import World

T = TypeVar("T")
QUICK, MOST = 16_000_000, 400_000
"""What is weighed at most: rows of traces, about a minute's, so that a case of short runs has more of them; and runs,
with the full record."""
FIRST = 200
"""Runs after which a record that none of them fits is refused."""
TWINNED = 800
"""About how many weighed runs are followed into their twins."""
CHUNK = 20
SPARE = 1.5
"""By how much a pilot's effective runs must exceed what is needed: a small run flatters its own."""


@dataclass(frozen=True)
class AsRecorded:
    """What a record says of its case, and what would have followed under each arm."""

    asked: Asked
    known: Documented
    whole: int
    """How many entries the whole record has."""
    weighed: list[Weighed]
    kept: NDArray[np.intp]
    weights: Weights
    """Of the runs that were followed."""
    followed: list[Followed]

    @cached_property
    def all(self) -> Weights:
        """Of all runs, the dead among them."""
        return Weights(np.array([run.log for run in self.weighed]))

    @property
    def world(self) -> World:
        """The case under practice as usual."""
        return self.known.world

    @property
    def too_few(self) -> str:
        """Why no interval is printed; "" where one is."""
        return self.all.too_few

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Each item with each decision it is followed to, in the order of the answers."""
        return [(item, choice.id) for item, choice in scored_pairs(self.world, shown_items(self.world))]

    def answers(self, arm: str = "", luck: str = SAME, measure: str = "read") -> NDArray[np.bool_]:
        """Runs × pairs: what was answered as recorded (no arm), or by an arm's twins."""
        row = ANSWERS.index(measure)
        runs = [run.twins[arm, luck].answered if arm else run.recorded for run in self.followed]
        return np.array([answered.bits[row] for answered in runs], bool)

    def share(self, pair: tuple[str, str], arm: str = "", luck: str = SAME, measure: str = "read") -> Interval:
        """In what share of the runs an item was there for a decision."""
        return self.weights.share(self.answers(arm, luck, measure)[:, self.pairs.index(pair)])

    def gained(self, columns: Sequence[int], arm: str, luck: str = SAME, measure: str = "read") -> Interval:
        """What an arm adds to the share of these pairs that got through, on the same runs."""
        with_it, without = (self.answers(name, luck, measure)[:, columns].mean(axis=1) for name in (arm, ""))
        return self.weights.difference(with_it, without)

    @cached_property
    def date_costs(self) -> NDArray[np.float64]:
        """What the entries of each day cost, in bits."""
        return by_date(self.all, np.array([run.days for run in self.weighed]))

    @cached_property
    def met_on(self) -> dict[int, list[str]]:
        """For each day the entries that bend luck on it, those that do so in most runs first."""
        pairs, times = np.unique(np.concatenate([run.on for run in self.weighed]), axis=0, return_counts=True)
        found: dict[int, list[str]] = {}
        for place in np.argsort(-times, kind="stable"):
            day, number = pairs[place]
            found.setdefault(int(day), []).append(self.known.record.entry[number].id)
        return found

    @cached_property
    def entry_costs(self) -> dict[str, float]:
        """What each entry cost, in bits, given what went before it in each run; the dearest first."""
        before, met = (np.array([getattr(run, name) for run in self.weighed]) for name in ("before", "met"))
        costs = by_entry(before, met)
        named = {entry.id: float(cost) for entry, cost in zip(self.known.record.entry, costs, strict=True)}
        return dict(sorted(named.items(), key=lambda pair: -pair[1]))

    @cached_property
    def deaths(self) -> Counter[tuple[str, str]]:
        """Which entries ruled runs out, and how."""
        return Counter((run.ruled_out[0], run.ruled_out[2]) for run in self.weighed if run.ruled_out)

    def luck(self, arm: str, luck: str = SAME) -> dict[str, tuple[float, float, float]]:
        """For each decision, the shares of the draws before it whose luck was documented, shared and new."""
        found = {}
        for place, choice in enumerate(self.world.choices):
            counts = np.array([run.twins[arm, luck].luck[place] for run in self.followed], float)
            shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
            found[choice] = tuple(self.weights.mean(shares[:, kind])[0] for kind in range(len(Luck._fields)))
        return found  # type: ignore[return-value]

    def partings(self, arm: str) -> list[tuple[str, float]]:
        """Where histories first part under an arm, the commonest first, with the share of runs; "" if they never do."""
        where: dict[str, float] = {}
        total = float(self.weights.relative.sum())
        for run, weight in zip(self.followed, self.weights.relative, strict=True):
            parted = run.twins[arm, SAME].parted
            place = parted[1] if parted else ""
            where[place] = where.get(place, 0.0) + float(weight) / total
        return sorted(where.items(), key=lambda pair: (-pair[1], pair[0]))


def as_recorded(
    case: str,
    arms: Sequence[Arm] = (),
    items: Iterable[str] = (),
    full_record: bool = False,
    most: int | None = None,
    seed: int = 1,
    workers: int | str = 0,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> AsRecorded:
    """Weigh a record until there are runs enough, then follow them into the twins of each arm.

    Raises BadInput where the record is faulty, an item is not of the case, or no run fits: the entries that ruled runs
    out are named.
    """
    items = list(items)
    _refuse_unknown(case, items)
    pool, at_once = pool_of(workers), True
    try:
        asked, known, whole, weighed = record_weighed(pool, case, arms, items, full_record, most, seed, progress, say)
        every = Weights(np.array([run.log for run in weighed]))
        kept, logs = roulette(every, TWINNED, [_luck_of(seed, replication) for replication in range(len(weighed))])
        followed: list[Followed] = []
        for run in _in_order(pool, follow, asked, [([int(number)],) for number in kept]):
            followed.append(run)
            if progress:
                progress(len(weighed) + len(followed), len(weighed) + len(kept))
        at_once = False
    finally:
        pool.close(at_once)
    return AsRecorded(asked, known, whole, weighed, kept, Weights(logs), followed)


def _refuse_unknown(case: str, items: Sequence[str]) -> None:
    known = documented(case).world.items
    unknown = [item for item in items if item not in known]
    if unknown:
        raise BadInput(
            [Fault("request", f"item {item}", "there is no such item", nearest(item, known)) for item in unknown]
        )


class RecordWeighed(NamedTuple):
    """A record and the runs that were weighed against it, of its entries or of those `asked` keeps."""

    asked: Asked
    known: Documented
    whole: int
    """How many entries the whole record has."""
    weighed: list[Weighed]

    @property
    def weights(self) -> Weights:
        """Of all runs, the dead among them."""
        return Weights(np.array([run.log for run in self.weighed]))


def record_weighed(
    pool: Pool,
    case: str,
    arms: Sequence[Arm] = (),
    items: Iterable[str] = (),
    full_record: bool = False,
    most: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> RecordWeighed:
    """Weigh a record until there are runs enough: the whole of it, or where that would take too many, the entries that
    touch these items. Raises BadInput as `as_recorded` does."""
    known = piloted(documented(case), seed)[0]
    most = most or (MOST if full_record else QUICK // len(replicate(known.world, seed, 0)))
    whole = len(known.record.entry)
    asked = _asked(case, known, tuple(arms), seed)
    weighed = _weighed(pool, asked, min(FIRST, most), known, [], progress)
    promise = Weights(np.array([run.log for run in weighed])).effective / len(weighed) * most
    if not full_record and promise < SPARE * ENOUGH and len(fewer := touching(known, items)) < whole:
        shown = "touch what is shown" if items else "say who was asked, came, reported or was sent minutes"
        say(
            f"The whole record of {whole} entries would need more than {most:,} runs: these are the {len(fewer)} "
            f"that {shown}. --full-record takes them all."
        )
        known = piloted(documented(case, fewer), seed)[0]
        asked, weighed = _asked(case, known, tuple(arms), seed), []
    return RecordWeighed(asked, known, whole, _weighed(pool, asked, most, known, weighed, progress))


def _asked(case: str, known: Documented, arms: tuple[Arm, ...], seed: int) -> Asked:
    keep = tuple(entry.id for entry in known.record.entry)
    plan, leaning = known.evidence.plan, dict(sorted(known.evidence.leaning.items()))
    said = repr((case, keep, plan, leaning, [arm.name for arm in arms], seed))
    return Asked(sha256(said.encode()).hexdigest(), case, keep, plan, leaning, arms, seed)


def touching(known: Documented, items: Iterable[str]) -> list[str]:
    """The entries about these items, and those about none: who was asked, came, reported, was sent minutes."""
    shown = {*items}
    return [
        entry.id
        for entry in known.record.entry
        if all(way.item is None or shown & {*way.item} for way in entry.ways) and (shown or not _tells(entry.act))
    ]


def _tells(act: str) -> bool:
    return act in ("tell", "refer", "pass-on", "hand-over", "open")


def _luck_of(seed: int, replication: int) -> float:
    """Whether a light run stays, at an address of its own."""
    return uniform(mix64(address_key(("keep", "", "", "", "")) ^ luck_key(seed, replication)))


def _in_order(pool: Pool, call: Callable[..., list[T]], asked: Asked, work: Iterable[tuple[Any, ...]]) -> Iterator[T]:
    """What each piece of work gives, in order, however many are underway at once."""
    underway: deque[Future[list[T]]] = deque()
    for piece in work:
        underway.append(pool.submit(call, asked, *piece))
        if len(underway) >= pool.width:
            yield from underway.popleft().result()
    while underway:
        yield from underway.popleft().result()


def _weighed(
    pool: Pool, asked: Asked, most: int, known: Documented, runs: list[Weighed], progress: Progress | None
) -> list[Weighed]:
    """These runs and more, up to twice as many each time, until there are enough; never more than `most`. The number of
    runs, and so every byte, depends on the weights alone."""
    runs = list(runs)
    while True:
        weights = Weights(np.array([run.log for run in runs]))
        if runs and not weights.alive:
            raise BadInput(_impossible(runs, known))
        if len(runs) >= most or (runs and not weights.too_few):
            return runs
        needed = len(runs) * SPARE * ENOUGH / weights.effective if runs else FIRST
        target = min(most, max(len(runs) + FIRST, min(2 * len(runs), int(needed / FIRST + 1) * FIRST)))
        work = [(start, min(start + CHUNK, target)) for start in range(len(runs), target, CHUNK)]
        for run in _in_order(pool, weigh, asked, work):
            runs.append(run)
            if progress:
                progress(len(runs), target)


def _impossible(runs: list[Weighed], known: Documented) -> list[Fault]:
    """Which entries no run could meet, by how many runs each ruled out."""
    deaths = Counter((run.ruled_out[0], run.ruled_out[2]) for run in runs if run.ruled_out)
    file = f"{known.record.record.case}.toml"
    return [
        Fault(
            file,
            f"entry {entry}",
            f"{why}, in {times} of {len(runs)} runs, and none fits the record",
            "Check its occasion and its dates, or what must have gone before it.",
        )
        for (entry, why), times in deaths.most_common()
    ]
