"""A grid over leaves of practice, run as any comparison is."""

from __future__ import annotations

import itertools

from experiments.design import Arm, usual
from scenarios.faults import BadInput, Fault
from scenarios.load import change_faults, load_practice

MOST_POINTS = 2_000


def grid(settings: list[str]) -> tuple[Arm, ...]:
    """Arms for `leaf=a,b,c` and `leaf=low:high:step`, every combination, after practice as usual.

    Raises BadInput with all that is wrong: unknown leaves, impossible values, too many points.
    """
    axes = {}
    faults = []
    for setting in settings:
        leaf, _, text = setting.partition("=")
        try:
            axes[leaf] = values(text)
        except ValueError:
            faults.append(
                Fault("request", setting, "no values could be read", "Write leaf=0.1,0.2 or leaf=0.1:0.5:0.1.")
            )
    for leaf, several in axes.items():
        found = [
            fault for value in several for fault in change_faults("request", "sweep", {leaf: value}, load_practice())
        ]
        faults += found[:1]
    points = 1
    for several in axes.values():
        points *= len(several)
    if points > MOST_POINTS:
        faults.append(Fault("request", "sweep", f"{points:,} points", f"Ask for at most {MOST_POINTS:,}."))
    if not settings:
        faults.append(Fault("request", "sweep", "no leaf was named", "Write leaf=0.1,0.2 after the case."))
    if faults:
        raise BadInput(faults)
    combinations = itertools.product(*([(leaf, value) for value in several] for leaf, several in axes.items()))
    return (usual(), *(Arm(_name(point), changes=tuple(point)) for point in combinations))


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
