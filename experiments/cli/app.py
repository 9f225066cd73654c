"""The one place where verbs come together. A verb is a function in a file of its own, registered here in the order of
the help.

Nothing heavy is imported until a verb needs it: `--help` must answer at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.answers import DONE
from experiments.cli.assumptions import assumptions
from experiments.cli.check import check
from experiments.cli.compare import compare
from experiments.cli.depends import depends
from experiments.cli.look import list_, show
from experiments.cli.new_case import new_case
from experiments.cli.plan import plan
from experiments.cli.publish import publish
from experiments.cli.replay import replay
from experiments.cli.report import report
from experiments.cli.robustness import robustness
from experiments.cli.sensitivity import sensitivity
from experiments.cli.sweep import sweep
from experiments.cli.trace import trace
from experiments.cli.twins import twins
from experiments.cli.validity import validity
from experiments.cli.verify import verify

app = typer.Typer(
    add_completion=True,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="""How children's services share what they know: policies compared on published reviews.

    \b
    safeguarding compare child-s                    policies against practice as usual
    safeguarding trace child-s --replication 7      one history, read aloud
    safeguarding twins child-s --policy P41         what happened, and what if
    safeguarding replay                             a page to project, for a training room
    safeguarding sweep child-s raise=0.08,0.18,0.35 a grid over one habit
    safeguarding sensitivity child-s                which habits move the answer
    safeguarding robustness child-s                 which policy holds up
    safeguarding depends child-s                    what the answers hang on
    safeguarding plan compare child-s               what it would take, and could find
    safeguarding assumptions child-s                which guess matters, what to measure next
    safeguarding validity                           how far to trust it
    safeguarding report results/out/compare-child-s one page to read, print and pass on
    safeguarding show raise                         a number and its evidence
    """,
)

app.command()(compare)
app.command()(sweep)
app.command()(sensitivity)
app.command()(robustness)
app.command()(depends)
app.command()(assumptions)
app.command()(report)
app.command()(publish)
app.command()(trace)
app.command()(twins)
app.command()(replay)
app.command()(validity)
app.command(context_settings={"ignore_unknown_options": True})(plan)
app.command()(verify)
app.command("list")(list_)
app.command()(show)
app.command()(check)
app.command("new-case")(new_case)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(version("safeguarding-sim"))
        raise typer.Exit(DONE)


@app.callback()
def _main(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command."""
    app(prog_name="safeguarding")
