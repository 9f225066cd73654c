"""The one report we stand behind: the same policies over all published reviews, made anew by one command."""

from __future__ import annotations

from pathlib import Path

from experiments.across import compare_all, design, design_levers
from experiments.conduct import How, default_out
from experiments.levers import LEVERS, PUBLISHED
from experiments.runner import Progress
from experiments.validity import climb, reviews
from results.report.build import build
from results.store import Store
from scenarios.faults import BadInput, Fault

HERE = Path(__file__).parent.parent

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
    levers: bool = True,
    fresh: bool = False,
    workers: int | str = 0,
    progress: Progress | None = None,
) -> Path:
    """Run what is missing of every review, climb the ladder of trust, write the report, and return its page.

    With `levers` each review's own are measured there too, on half as many runs and draws, for `list levers` to tell.
    The runs stay in `runs`, below results/out unless told; the same again resumes, and `fresh` begins anew. The
    report is the page, its figures as SVG, its manifest and the table of levers: what a repository can carry. Raises
    BadInput outside a checkout where no place is named.
    """
    if out is None and not (HERE / "pyproject.toml").exists():
        raise BadInput([Fault("request", "publish", "this is no checkout", "Name a place: --out DIR.")])
    several = cases or reviews()
    how: How = {"workers": workers, "progress": progress}
    place = runs or default_out("published", f"{replications}-{draws}-{per_draw}")
    experiments = design(policies or [], None, several, replications, draws, per_draw, seed)
    half = max(2, replications // 2)
    roots = [compare_all(experiments, place / "reviews", workers, progress, fresh).root]
    if ladder:
        roots.append(climb(cases or [], place / "validity", replications, half, seed, fresh, **how).root)
    measured = None
    if levers:
        own = design_levers(several, None, half, draws // 2, per_draw, seed)
        measured = compare_all(own, place / "levers", workers, progress, fresh).table
    page = build(roots, out or PUBLISHED, files=False)
    if measured is not None:
        Store(page.parent).write_table(LEVERS, measured)
    return page
