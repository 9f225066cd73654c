"""The design of a sensitivity analysis: which leaves vary together, and at which points of their ranges they stand.

A factor is a leaf, or all leaves below a name, which then vary together. The points are SALib's, the extra
`[sensitivity]`: Morris's trajectories, along which one factor moves at a time, or Saltelli's sample for Sobol' indices.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from experiments.design import Changes, along, varied
from scenarios.faults import BadInput, Fault, nearest
from scenarios.practice import Practice

Method = Literal["morris", "sobol"]
Numbers = npt.NDArray[np.float64]
Factors = Mapping[str, tuple[str, ...]]
"""Each factor with the leaves that vary with it."""

LEVELS = 4
"""Morris's grid: a leaf stands at its lowest, its highest or at one of two places between."""
STEP = LEVELS / (2 * (LEVELS - 1))
"""How much of its range a leaf moves in one step of Morris's."""
MOST_WORLDS = 30_000


def factors(practice: Practice, wanted: list[str]) -> dict[str, tuple[str, ...]]:
    """The factors that were named: a leaf, or whatever lies below a name. Where none is, each family of guesses.

    Raises BadInput with all that is wrong: no such leaf, nothing to vary, a leaf in two factors, a single factor.
    """
    ranged = [name for name, leaf in practice.leaves.items() if leaf.range and leaf.range[0] < leaf.range[1]]
    if not wanted:
        guesses = varied(practice)
        return {family: _below(family, guesses) for family in dict.fromkeys(_family(leaf) for leaf in guesses)}
    found, faults = dict[str, tuple[str, ...]](), []
    for name in dict.fromkeys(wanted):
        if not _below(name, practice.leaves):
            families = {_family(leaf) for leaf in practice.leaves}
            faults.append(Fault("request", name, "no leaf lies there", nearest(name, {*practice.leaves, *families})))
        elif not (leaves := _below(name, ranged)):
            faults.append(Fault("request", name, "it has no range to vary over", "Name a leaf with a range."))
        else:
            twice = next((other for other, taken in found.items() if {*taken} & {*leaves}), None)
            if twice:
                faults.append(Fault("request", name, f"it shares leaves with {twice}", "Name each leaf once."))
            found[name] = leaves
    if not faults and len(found) < 2:
        faults.append(Fault("request", " ".join(wanted), "one factor has nothing to be compared with", "Name two."))
    if faults:
        raise BadInput(faults)
    return found


def _family(leaf: str) -> str:
    return leaf.partition(".")[0]


def _below(name: str, leaves: Any) -> tuple[str, ...]:
    return tuple(leaf for leaf in leaves if leaf == name or leaf.startswith(f"{name}."))


def salib(part: str) -> ModuleType:
    """A module of SALib. Raises BadInput where it is not installed."""
    from importlib import import_module

    try:
        return import_module(f"SALib.{part}")
    except ModuleNotFoundError:
        advice = "Install the extra: pip install 'safeguarding-sim[sensitivity]'."
        raise BadInput([Fault("request", "sensitivity", "SALib is not installed", advice)]) from None


def problem(several: Factors) -> dict[str, Any]:
    """The factors as SALib has them: every leaf from 0 to 1, the lower end of its range to the upper."""
    leaves = [leaf for group in several.values() for leaf in group]
    said: dict[str, Any] = {"num_vars": len(leaves), "names": leaves, "bounds": [[0.0, 1.0]] * len(leaves)}
    if any(len(group) > 1 for group in several.values()):
        said["groups"] = [factor for factor, group in several.items() for _ in group]
    return said


def shares(several: Factors, method: Method, size: int, seed: int) -> Numbers:
    """The design: a row is a point, a column a leaf, how far along its range it stands. Of `size` trajectories
    (Morris) or base samples (Sobol', a power of two). Raises BadInput."""
    if method == "sobol" and size & (size - 1):
        below = 1 << (size.bit_length() - 1)
        advice = f"Ask for {below} or {2 * below}: only a power of two fills the ranges evenly."
        raise BadInput([Fault("request", f"size {size}", "a Sobol' design needs a power of two", advice)])
    worlds = size * (len(several) + (1 if method == "morris" else 2))
    if worlds > MOST_WORLDS:
        advice = f"Name fewer factors, or ask for a smaller size: at most {MOST_WORLDS:,} points."
        raise BadInput([Fault("request", f"size {size}", f"that makes {worlds:,} points", advice)])
    if method == "morris":
        found = salib("sample.morris").sample(problem(several), size, num_levels=LEVELS, seed=seed)
    else:
        found = salib("sample.sobol").sample(problem(several), size, calc_second_order=False, seed=seed)
    return np.asarray(found, float)


def worlds(practice: Practice, several: Factors, design: Numbers) -> tuple[Changes, ...]:
    """The design's points as practice: a chance moves through its range on its own scale, all else on a logarithm's."""
    leaves = [leaf for group in several.values() for leaf in group]
    ends = [practice.leaves[leaf].range or (0.0, 1.0) for leaf in leaves]
    return tuple(
        tuple(
            (leaf, along(practice.leaves[leaf], *end, float(share)))
            for leaf, end, share in zip(leaves, ends, row, strict=True)
        )
        for row in design
    )


def method_called(name: str) -> Method:
    """A design by its name. Raises BadInput."""
    match name:
        case "morris" | "sobol":
            return name
    advice = nearest(name, ("morris", "sobol"))
    raise BadInput([Fault("request", f"design {name}", "there is no such design", advice)])
