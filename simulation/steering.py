"""Steering: with which chance a draw is made to happen, and the luck that goes with it; the weight takes it back."""

from __future__ import annotations

from math import inf

from simulation.chance import under


def steered(p: float, least: float, most: float, rest: list[float]) -> float | None:
    """The chance with which a draw of chance p is made to happen, so that of it and the `rest` at least `least` and at
    most `most` do; None where nothing is left to ask. Its share among the ways that are left."""
    if least <= 0 and most == inf:
        return None
    yes = p * between(rest, least - 1, most - 1)
    no = (1 - p) * between(rest, least, most)
    if yes + no <= 0:
        return 1.0 if least > 0 and most > 0 else 0.0
    return yes / (yes + no)


def between(chances: list[float], least: float, most: float) -> float:
    """The chance that of these draws at least `least` and at most `most` happen (Poisson-binomial)."""
    if most < 0 or least > len(chances):
        return 0.0
    top = int(max(least - 1, 0) if most == inf else most)
    counts = [1.0] + [0.0] * top  # of exactly 0 … top; what goes beyond is dropped
    for p in chances:
        for k in range(top, 0, -1):
            counts[k] = counts[k] * (1 - p) + counts[k - 1] * p
        counts[0] *= 1 - p
    low = int(max(least, 0))
    return 1 - sum(counts[:low]) if most == inf else sum(counts[low:])


def steer_luck(v: float, p: float, steer: float) -> tuple[float, float]:
    """The luck of a draw of chance p that says yes where v is under `steer`, and what its weight takes: the one rule
    that a recorded yes (steer 1), a recorded no (0) and all between come to."""
    if v < steer:
        return min(p * v / steer, under(p)), p / steer
    return max(p, min(p + (1 - p) * (v - steer) / (1 - steer), under(1))), (1 - p) / (1 - steer)
