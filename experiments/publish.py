"""The one report we stand behind: the same policies over all published reviews, made anew by one command."""

from __future__ import annotations

from pathlib import Path

from experiments.across import compare_all, design
from experiments.conduct import default_out
from experiments.runner import Progress
from experiments.validity import climb, reviews
from results.report.build import build
from scenarios.faults import BadInput, Fault

HERE = Path(__file__).parent.parent
PUBLISHED = HERE / "results" / "published"

REPLICATIONS, DRAWS, PER_DRAW = 400, 20, 20
"""What a published number rests on."""


def publish(
    out: Path | None = None,
    runs: Path | None = None,
    policies: list[str] | None = None,
    cases: list[str] | None = None,
    replications: int = REPLICATIONS,
    draws: int = DRAWS,
    per_draw: int = PER_DRAW,
    seed: int = 1,
    ladder: bool = True,
    workers: int | str = 0,
    progress: Progress | None = None,
) -> Path:
    """Run what is missing of every review, climb the ladder of trust, write the report, and return its page.

    The runs stay in `runs`, results/out/published unless told; the same again resumes. Raises BadInput outside a
    checkout where no place is named.
    """
    if out is None and not (HERE / "pyproject.toml").exists():
        raise BadInput([Fault("request", "publish", "this is no checkout", "Name a place: --out DIR.")])
    experiments = design(policies or [], None, cases or reviews(), replications, draws, per_draw, seed)
    place = runs or default_out("published", "reviews")
    roots = [compare_all(experiments, place / "reviews", workers, progress).root]
    if ladder:
        roots.append(climb(cases or [], place / "validity", seed=seed, workers=workers, progress=progress).root)
    return build(roots, out or PUBLISHED)
