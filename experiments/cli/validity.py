"""`validity`: is it true?"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from experiments.cli.answers import answered, progress, say
from experiments.cli.options import AsJson, Fresh, Out, Replications, Seed, Workers


def validity(
    case: Annotated[
        list[str] | None, typer.Argument(metavar="[CASE]...", help="Reviews; all of them unless named.")
    ] = None,
    out: Out = None,
    replications: Replications = 200,
    paired: Annotated[int, typer.Option(min=2, help="Paired replications for what ought to move.")] = 100,
    seed: Seed = 1,
    workers: Workers = "auto",
    no_tests: Annotated[bool, typer.Option("--no-tests", help="Leave out the rungs that are tests.")] = False,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Is it true? The ladder of trust as one table: tests, direction, the reviews as usual.

    \b
    safeguarding validity
    safeguarding validity child-s --no-tests
    """
    with answered():
        from rich.console import Console

        from experiments.conduct import default_out
        from experiments.validity import climb
        from results.tables import ladder

        root = out or default_out("validity", "-".join(case or ["all"]))
        with progress() as report:
            tests = not no_tests
            found = climb(case or [], root, replications, paired, seed, fresh, tests, workers=workers, progress=report)
        if as_json:
            data = {"rungs": [rung._asdict() for rung in found.rungs], "tally": found.tally, "directory": str(root)}
            typer.echo(json.dumps(data, indent=2))
        else:
            Console().print(ladder(found.rungs))
            say(f"Tables and figure: {root}")
