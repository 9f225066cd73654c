"""`validity`: is it true?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.answers import answered, progress, say
from experiments.cli.options import AsJson, Fresh, Out, Replications, Seed, Workers

if TYPE_CHECKING:
    from experiments.conduct import How


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
    no_record: Annotated[
        bool, typer.Option("--no-record", help="Leave out the reviews as recorded, which take some minutes.")
    ] = False,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Is it true? The ladder of trust as one table: tests, direction, the reviews as usual and as recorded.

    \b
    safeguarding validity
    safeguarding validity child-s --no-tests --no-record
    """
    with answered():
        from rich.console import Console

        from experiments.conduct import default_out
        from experiments.validity import climb
        from results.shortfalls import as_table
        from results.tables import ladder

        root = out or default_out("validity", "-".join(case or ["all"]))
        with progress() as report:
            how: How = {"workers": workers, "progress": report}
            found = climb(case or [], root, replications, paired, seed, fresh, not no_tests, not no_record, **how)
        if as_json:
            data = {
                "rungs": [rung._asdict() for rung in found.rungs],
                "tally": found.tally,
                "shortfalls": [row._asdict() for row in found.short],
                "directory": str(root),
            }
            typer.echo(json.dumps(data, indent=2))
        else:
            Console().print(ladder(found.rungs))
            if found.short:
                Console().print(as_table(found.short))
            say(f"Tables and figure: {root}")
