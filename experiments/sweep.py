"""Leaves of practice varied: a grid, a Latin hypercube or a Sobol' design, every point against practice as usual."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, Unpack

import pandas as pd

from experiments.compare import Comparison, as_frame, write_results
from experiments.conduct import How, conduct, default_out
from experiments.design import Arm, Changes, Experiment, along, usual
from results.store import Store
from results.tables import tidy
from scenarios.faults import BadInput, Fault, nearest
from scenarios.load import change_faults, load_practice

Method = Literal["grid", "lhs", "sobol"]
MOST_POINTS = 2_000


def design(settings: list[str], method: Method = "grid", points: int = 64, seed: int = 1) -> tuple[Arm, ...]:
    """Practice as usual, and an arm for each point of the design that was asked for. Raises BadInput."""
    return grid(settings) if method == "grid" else sampled(settings, method, points, seed)


def grid(settings: list[str]) -> tuple[Arm, ...]:
    """Arms for `leaf=a,b,c` and `leaf=low:high:step`, every combination, after practice as usual.

    Raises BadInput with all that is wrong: unknown leaves, impossible values, too many points, a point twice.
    """
    axes = {}
    faults = [*_repeated(settings)]
    for setting in settings:
        leaf, _, text = setting.partition("=")
        try:
            axes[leaf] = values(text)
        except ValueError:
            faults.append(
                Fault("request", setting, "no values could be read", "Write leaf=0.1,0.2 or leaf=0.1:0.5:0.1.")
            )
    for leaf, several in axes.items():
        faults += _leaf_faults(leaf, several)
    points = 1
    for several in axes.values():
        points *= len(several)
    faults += _size_faults(settings, points)
    if faults:
        raise BadInput(faults)
    combinations = itertools.product(*([(leaf, value) for value in several] for leaf, several in axes.items()))
    return _distinct([Arm(_name(point), changes=tuple(point)) for point in combinations])


def one_point(settings: list[str]) -> Changes:
    """The leaves of `leaf=value`. Raises BadInput, as `grid`, and where several values are given."""
    points = grid(settings)[1:] if settings else (usual(),)
    if len(points) > 1:
        advice = "Give each leaf one value; for several, safeguarding sweep."
        raise BadInput([Fault("request", " ".join(settings), f"that makes {len(points)} points", advice)])
    return points[0].changes


def sampled(settings: list[str], method: Method, points: int, seed: int = 1) -> tuple[Arm, ...]:
    """Arms for `points` points that fill the ranges `leaf=low:high`, or `leaf` over its own range: a Latin hypercube
    (`lhs`) or a scrambled Sobol' sequence. Chances on their own scale, all else on the logarithm's.

    Raises BadInput with all that is wrong: unknown leaves, no range, a Sobol' design that is not balanced.
    """
    from scipy.stats import qmc  # type: ignore[import-untyped]

    practice, faults, ends = load_practice(), [*_repeated(settings)], dict[str, tuple[float, float]]()
    for setting in settings:
        leaf, given, text = setting.partition("=")
        known = practice.leaves.get(leaf)
        own = known.range or ((0.0, 1.0) if known.unit == "yes/no" else None) if known else None
        try:
            low, high = map(float, text.split(":")) if given else own or (0.0, 0.0)
        except ValueError:
            advice = "Write leaf=low:high, or leaf alone for its own range."
            faults.append(Fault("request", setting, "no range could be read", advice))
            continue
        faults += _leaf_faults(leaf, (low, high))
        if known and not low < high:
            advice = "Write leaf=low:high with the lower end first."
            faults.append(Fault("request", setting, "there is no range to fill", advice))
        ends[leaf] = low, high
    faults += _size_faults(settings, points)
    if method == "sobol" and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        advice = f"Ask for {below} or {2 * below}: only a power of two fills the ranges evenly."
        faults.append(Fault("request", "sweep", f"a Sobol' design of {points} points", advice))
    if faults:
        raise BadInput(faults)
    engine = (qmc.LatinHypercube if method == "lhs" else qmc.Sobol)(len(ends), seed=seed)
    found = []
    for row in engine.random(points):
        point = tuple(
            (leaf, float(f"{along(practice.leaves[leaf], low, high, float(u)):.6g}"))
            for (leaf, (low, high)), u in zip(ends.items(), row, strict=True)
        )
        found.append(Arm(_name(point), changes=point))
    return _distinct(found)


def _distinct(points: list[Arm]) -> tuple[Arm, ...]:
    """Practice as usual and these points. Raises BadInput where one stands twice: it would be an answer that counts
    double, under one name."""
    twice = [name for name, often in Counter(arm.name for arm in points).items() if often > 1]
    if twice:
        advice = "Give each value once; of leaves that are yes or no, ask for a grid."
        raise BadInput([Fault("request", name, "this point stands twice in the design", advice) for name in twice[:5]])
    return usual(), *points


def _repeated(settings: list[str]) -> Iterator[Fault]:
    """Leaves that are named more than once."""
    for leaf, often in Counter(setting.partition("=")[0] for setting in settings).items():
        if often > 1:
            yield Fault("request", leaf, f"it is named {often} times", f"Name it once: {leaf}=0.1,0.2.")


def _leaf_faults(leaf: str, several: Iterable[float]) -> list[Fault]:
    """What is wrong with these values of a leaf: the first of them."""
    return [fault for value in several for fault in change_faults("request", "leaf", {leaf: value}, load_practice())][
        :1
    ]


def _size_faults(settings: list[str], points: int) -> Iterator[Fault]:
    if points > MOST_POINTS:
        yield Fault("request", "sweep", f"{points:,} points", f"Ask for at most {MOST_POINTS:,}.")
    if not settings:
        yield Fault("request", "sweep", "no leaf was named", "Write leaf=0.1,0.2 after the case.")


def values(text: str) -> list[float]:
    """The numbers of `a,b,c` or of `low:high:step`, both ends included. Raises ValueError."""
    if ":" not in text:
        return [float(part) for part in text.split(",")]
    low, high, step = (float(part) for part in text.split(":"))
    if step <= 0 or high < low or (high - low) / step > MOST_POINTS:
        raise ValueError(text)
    return [round(low + n * step, 12) for n in range(int((high - low) / step + 1e-9) + 1)]


def _name(point: tuple[tuple[str, float], ...]) -> str:
    return " ".join(f"{leaf}={value:g}" for leaf, value in point)


def method_called(name: str) -> Method:
    """A design by its name. Raises BadInput."""
    match name:
        case "grid" | "lhs" | "sobol":
            return name
    advice = nearest(name, ("grid", "lhs", "sobol"))
    raise BadInput([Fault("request", f"design {name}", "there is no such design", advice)])


def perform(experiment: Experiment, root: Path, fresh: bool = False, **how: Unpack[How]) -> Comparison:
    """Run what is missing of a sweep, write its tables and figures, and return what was found.

    Raises BadInput before anything runs, and what `conduct` raises.
    """
    comparison = Comparison(experiment, root)

    def write() -> None:
        write_results(comparison)
        if not comparison.never_ended:
            found = points(comparison)
            Store(root).write_table("points", found)
            draw(comparison, found)

    conduct(comparison, write, fresh, **how)
    return comparison


def draw(comparison: Comparison, found: pd.DataFrame) -> None:
    """How reach goes with each leaf."""
    from results.plots.house import save
    from results.plots.response import response

    practice = comparison.world.practice
    usual_values = {leaf: practice.value_of(leaf) for leaf, _ in comparison.experiment.arms[-1].changes}
    title = comparison.world.case.case.title
    save(response(found, usual_values, title, comparison.replications), comparison.root / "figures", "response")


def points(comparison: Comparison) -> pd.DataFrame:
    """The comparison with a column for each leaf that was varied: a row is a point."""
    leaves = {arm.name: dict(arm.changes) for arm in comparison.experiment.arms}
    table = tidy(comparison.contrasts)
    return pd.concat([pd.DataFrame([leaves[arm] for arm in table["arm"]]), table], axis=1)


def sweep(
    case: str,
    settings: list[str],
    by: Method = "grid",
    size: int = 64,
    out: Path | None = None,
    replications: int = 100,
    seed: int = 1,
    **how: Unpack[How],
) -> pd.DataFrame:
    """From a notebook: leaves of practice varied on a case, a row for each point with both bands."""
    arms = design(settings, by, size, seed)
    experiment = Experiment("sweep", case, arms, seed, replications, draws=0)
    found = perform(experiment, out or default_out("sweep", case), **how)
    return as_frame(points(found), sentence=found.sentence, directory=str(found.root))
