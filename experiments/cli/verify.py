"""`verify`: is what lies in a directory what the model gives?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.answers import MISMATCH, answered, progress, say
from experiments.cli.options import AsJson


def verify(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where an experiment's results lie.")],
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="Which share of its runs to live again.")] = 0.01,
    seed: Annotated[int | None, typer.Option(min=0, help="Which runs; chance decides unless told.")] = None,
    as_json: AsJson = False,
) -> None:
    """Live a random one in a hundred of a directory's runs again, and look at every file. Ends with 5 where anything
    is not as it was.

    \b
    safeguarding verify results/out/compare-child-s
    """
    with answered():
        from experiments.verify import verify as ask

        with progress() as report:
            found = ask(directory, share, seed, report)
        for note in found.notes:
            say(f"{directory}: {note}")
        if as_json:
            rows = json.loads(found.differing.to_json(orient="records"))
            data = {"holds": found.holds, "sentence": found.sentence, "runs": found.runs, "differing": rows}
            typer.echo(json.dumps(data | {"files": found.files, "notes": found.notes}, indent=2))
        else:
            typer.echo(found.sentence)
            for row in found.differing.itertuples():
                typer.echo(f"  {row.arm}, draw {row.draw}, run {row.replication}, in {row.tables}: {row.reproduce}")
        if not found.holds:
            raise typer.Exit(MISMATCH)
