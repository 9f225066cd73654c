"""The one report we stand behind: the same policies over all published reviews, made anew by one command."""

from __future__ import annotations

from pathlib import Path

from experiments.across import compare_all, design
from experiments.conduct import How, default_out
from experiments.runner import Progress
from experiments.validity import climb, reviews
from results.report.build import build
from scenarios.faults import BadInput, Fault

HERE = Path(__file__).parent.parent
PUBLISHED = HERE / "results" / "published"

REPLICATIONS, DRAWS, PER_DRAW = 200, 20, 8
"""What a published number rests on: minutes on two cores, and more than chance has to tell beside not knowing."""


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
    fresh: bool = False,
    workers: int | str = 0,
    progress: Progress | None = None,
) -> Path:
    """Run what is missing of every review, climb the ladder of trust, write the report, and return its page.

    The runs stay in `runs`, below results/out unless told; the same again resumes, and `fresh` begins anew. The
    report is the page, its figures as SVG and its manifest: what a repository can carry. Raises BadInput outside a
    checkout where no place is named.
    """
    if out is None and not (HERE / "pyproject.toml").exists():
        raise BadInput([Fault("request", "publish", "this is no checkout", "Name a place: --out DIR.")])
    experiments = design(policies or [], None, cases or reviews(), replications, draws, per_draw, seed)
    place = runs or default_out("published", f"{replications}-{draws}-{per_draw}")
    roots = [compare_all(experiments, place / "reviews", workers, progress, fresh).root]
    if ladder:
        how: How = {"workers": workers, "progress": progress}
        place = place / "validity"
        roots.append(climb(cases or [], place, replications, max(2, replications // 2), seed, fresh, **how).root)
    return build(roots, out or PUBLISHED, files=False)
