"""The `safeguarding` command; the one place that parses arguments and prints.

Nothing heavy is imported until a verb needs it: `--help` must answer at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from experiments.compare import Comparison
    from experiments.design import Arm, Experiment

DONE, OURS, USAGE, SOME_FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130

app = typer.Typer(
    add_completion=True,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="""How children's services share what they know: policies compared on published reviews.

    \b
    safeguarding compare child-s                    policies against practice as usual
    safeguarding trace child-s --replication 7      one history, read aloud
    safeguarding sweep child-s raise=0.08,0.18,0.35 a grid over one habit
    safeguarding depends child-s                    what the answers hang on
    safeguarding show raise                         a number and its evidence
    """,
)

CaseName = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help="A case by name (see `list`) or path; CASE@READING is another reading of its source."
    ),
]
Out = Annotated[Path | None, typer.Option(help="Where results go. The same command there again resumes.")]
Replications = Annotated[int, typer.Option(min=2, max=100_000, help="Paired replications for the chance band.")]
Draws = Annotated[int, typer.Option(min=0, max=500, help="Draws of the prior leaves for the not-knowing band.")]
PerDraw = Annotated[int, typer.Option(min=2, max=10_000, help="Replications to each draw.")]
Seed = Annotated[int, typer.Option(min=0, help="Whose luck.")]
Workers = Annotated[int, typer.Option(min=0, max=256, help="Processes; 0 is one for each core.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Start anew where this command's results stand.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Policies = Annotated[
    list[str] | None, typer.Option("--policy", help="A policy by name; A+B is both at once. Repeat for more.")
]
Adherence = Annotated[
    float | None, typer.Option(min=0, max=1, help="How far policies are followed, instead of their own figure.")
]


@contextmanager
def _answered() -> Iterator[None]:
    """Turn refusals into messages and exit codes."""
    from results.store import ForeignDirectory
    from scenarios.faults import BadInput

    try:
        yield
    except BadInput as bad:
        for fault in bad.faults:
            _say(str(fault))
        raise typer.Exit(USAGE) from None
    except ForeignDirectory as foreign:
        _say(str(foreign))
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        _say(f"Interrupted. What was finished is kept; to go on: safeguarding {' '.join(sys.argv[1:])}")
        raise typer.Exit(INTERRUPTED) from None


def _say(words: str) -> None:
    typer.echo(words, err=True)


@app.command()
def compare(
    case: CaseName,
    policy: Policies = None,
    adherence: Adherence = None,
    out: Out = None,
    replications: Replications = 400,
    draws: Draws = 20,
    per_draw: PerDraw = 20,
    seed: Seed = 1,
    workers: Workers = 0,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Policies against practice as usual, on the same luck: table, figure, tidy files.

    \b
    safeguarding compare child-s
    safeguarding compare child-s --policy P30 --policy push+pull --replications 1000
    """
    with _answered():
        from experiments.compare import arms, default_out
        from experiments.design import Experiment

        experiment = Experiment("compare", case, arms(policy or [], adherence), seed, replications, draws, per_draw)
        _perform(experiment, out or default_out("compare", case), workers, fresh, as_json)


@app.command()
def sweep(
    case: CaseName,
    settings: Annotated[list[str], typer.Argument(metavar="LEAF=VALUES", help="leaf=a,b,c or leaf=low:high:step")],
    out: Out = None,
    replications: Replications = 100,
    draws: Draws = 0,
    per_draw: PerDraw = 20,
    seed: Seed = 1,
    workers: Workers = 0,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """A grid over leaves of practice, each point against practice as usual.

    \b
    safeguarding sweep child-s raise=0.08,0.18,0.35
    safeguarding sweep child-s invite=0.6:0.95:0.05 present=0.6,0.95
    """
    with _answered():
        from experiments.compare import default_out
        from experiments.design import Experiment
        from experiments.sweep import grid

        experiment = Experiment("sweep", case, grid(settings), seed, replications, draws, per_draw)
        _perform(experiment, out or default_out("sweep", case), workers, fresh, as_json)


@app.command()
def depends(
    case: CaseName,
    policy: Policies = None,
    out: Out = None,
    replications: Replications = 100,
    seed: Seed = 1,
    workers: Workers = 0,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """How far each answer depends on membership of meetings, the habit of asking, finding in a record.

    \b
    safeguarding depends child-s
    safeguarding depends child-s --policy push --policy pull --replications 400
    """
    with _answered():
        from rich.console import Console

        from experiments.dependence import depends as ask
        from results.tables import dependence

        with _progress() as report:
            found = ask(case, policy, out, replications, seed, workers, progress=report, fresh=fresh)
        if as_json:
            data = {"sentence": found.sentence, "answers": json.loads(found.table.to_json(orient="records"))}
            typer.echo(json.dumps(data | {"directory": str(found.root)}, indent=2))
        else:
            console = Console()
            console.print(found.sentence, highlight=False)
            console.print()
            console.print(dependence(found.table))
            console.print(f"Table and manifest: {found.root}", highlight=False)
        _end(found.failures, found.root)


def _perform(experiment: Experiment, root: Path, workers: int, fresh: bool, as_json: bool) -> None:
    from experiments.compare import contested, perform

    for arm, leaves in contested(experiment).items():
        _say(f"{arm}: its policies set {', '.join(leaves)} differently; the larger change holds.")
    with _progress() as report:
        comparison = perform(experiment, root, workers, progress=report, fresh=fresh)
    if comparison.never_ended:
        _say(f"No run ended of {', '.join(comparison.never_ended)}: there is nothing to compare.")
    elif as_json:
        typer.echo(json.dumps(_as_data(comparison), indent=2))
    else:
        _print(comparison)
    _end(comparison.failures, root)


def _end(failures: pd.DataFrame, root: Path) -> None:
    """Say how many runs failed, if any did, and end with the code that says so."""
    if len(failures):
        _say(f"{len(failures)} runs failed; each with its command in {root}/tables/failures.csv.")
        raise typer.Exit(SOME_FAILED)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, on stderr, silent where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("runs", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print(comparison: Comparison) -> None:
    from rich.console import Console

    from results.tables import against_review, not_expressible, terminal
    from results.targets import load_unsaid

    experiment = comparison.experiment
    console = Console()
    console.print(comparison.sentence, highlight=False)
    console.print()
    table = terminal(
        comparison.contrasts,
        {measure: comparison.level(measure) for measure in ("reach", "weighed", "hours")},
        experiment.replications,
        experiment.draws,
    )
    console.print(table)
    if len(comparison.targets):
        console.print(against_review(comparison.targets))
        console.print(not_expressible(load_unsaid(comparison.world.case.case.id)))
    console.print()
    for line in comparison.picture:
        console.print(line, highlight=False)
    console.print()
    for name, question in comparison.figures.items():
        console.print(f"  {name:<17} {question}", highlight=False)
    console.print(f"Figures (SVG and PNG), tables and manifest: {comparison.root}", highlight=False)


USUALLY = ("reach", "weighed", "any_decider", "gap", "hours", "wider", "load", "signal", "one", "room", "between")
"""The measures whose level under practice as usual is given as data."""


def _as_data(comparison: Comparison) -> dict[str, Any]:
    from results.tables import tidy

    return {
        "sentence": comparison.sentence,
        "usual": {name: comparison.level(name) for name in USUALLY},
        "arms": json.loads(tidy(comparison.contrasts).to_json(orient="records")),
        "figures": comparison.figures,
        "directory": str(comparison.root),
    }


@app.command()
def trace(
    case: CaseName,
    settings: Annotated[
        list[str] | None, typer.Argument(metavar="[LEAF=VALUE]", help="Leaves of practice to change.")
    ] = None,
    replication: Annotated[int, typer.Option(min=0, help="Which luck.")] = 0,
    item: Annotated[str | None, typer.Option(help="Follow one item only.")] = None,
    policy: Annotated[str | None, typer.Option(help="Under this policy instead of practice as usual.")] = None,
    adherence: Adherence = None,
    seed: Seed = 1,
    draw: Annotated[int, typer.Option(min=0, help="Under this draw of the prior leaves.")] = 0,
) -> None:
    """One history read aloud: what happened, and at each decision what the decision-maker had
    beside what the system held.

    \b
    safeguarding trace child-s --replication 7
    safeguarding trace child-s --replication 7 --item F12
    """
    with _answered():
        from experiments.compare import arms
        from experiments.design import drawn, usual
        from experiments.replication import replicate
        from experiments.sweep import grid
        from results.chronology import as_text, chronology
        from results.days import Days
        from scenarios.load import case_called, load_practice
        from simulation.routes import Routes
        from simulation.world import World

        practice = load_practice()
        row = case_called(case, practice)
        arm = arms([policy], adherence)[-1] if policy else usual()
        changes = grid(settings)[-1].changes if settings else ()
        world = World(row, arm.apply(drawn(practice, seed, draw)).changed(dict(changes)))
        entries = chronology(replicate(world, seed, replication), world, Routes(world), item)
        about = row.case
        typer.echo(f"{about.title}, run {replication} of seed {seed}, {_practice(arm, settings)}. {about.care_note}")
        typer.echo("This history is simulated from the case's structure and general practice; it is one of many.")
        typer.echo(f"{note}\n" if (note := Days.of(about).note) else "")
        typer.echo(as_text(entries, width=88))


def _practice(arm: Arm, settings: list[str] | None) -> str:
    titles = " and ".join(policy.title for policy in arm.policies) or "practice as usual"
    return f"{titles} with {', '.join(settings)}" if settings else titles


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(metavar="[cases|policies|leaves|measures]")] = "",
    as_json: AsJson = False,
) -> None:
    """What there is: cases, policies, leaves of practice, measures."""
    with _answered():
        from experiments.showing import listings
        from scenarios.faults import BadInput, Fault, nearest

        kinds = listings()
        if what and what not in kinds:
            raise BadInput([Fault("request", f"list {what}", "there is no such list", nearest(what, kinds))])
        chosen = {what: kinds[what]()} if what else {name: kinds[name]() for name in ("cases", "policies")}
        if as_json:
            typer.echo(json.dumps(chosen, indent=2))
            return
        for name, rows in chosen.items():
            typer.echo(name)
            wide = max(map(len, rows), default=0) if name == "policies" else 14
            for key, words in rows.items():
                typer.echo(f"  {key:<{wide}} {words}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A leaf of practice, a policy or a case; or `practice`, `policies`.")],
    as_json: AsJson = False,
) -> None:
    """One leaf with its evidence, one policy with its source, or one case; all leaves or all
    policies as Markdown.

    \b
    safeguarding show raise
    safeguarding show practice > LEAVES.md
    safeguarding show policies > LEVERS.md
    """
    with _answered():
        from experiments.showing import case_data, leaf_data, policy_data, written
        from scenarios.faults import BadInput, Fault, nearest
        from scenarios.load import case_names, load_policies, load_practice

        practice = load_practice()
        policies = load_policies(practice)
        if name in ("practice", "policies"):
            rows = practice.leaves if name == "practice" else policies
            everything = {key: row.model_dump(mode="json") for key, row in rows.items()}
            typer.echo(json.dumps(everything, indent=2) if as_json else written(name))
            return
        if name in practice.leaves:
            data = leaf_data(practice, name)
        elif name in policies:
            data = policies[name].model_dump(mode="json") if as_json else policy_data(practice, policies[name])
        elif name.partition("@")[0] in case_names() or name.partition("@")[0].endswith(".toml"):
            data = case_data(name)
        else:
            known = [*practice.leaves, *policies, *case_names()]
            raise BadInput([Fault("request", name, "no leaf, policy or case has this name", nearest(name, known))])
        if as_json:
            typer.echo(json.dumps({"name": name} | data, indent=2, default=str))
            return
        typer.echo(name)
        for key, value in data.items():
            lines = value if isinstance(value, list) else [value]
            for number, line in enumerate(lines):
                typer.echo(f"  {key if not number else '':<10} {line}")


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Case or policy files.")]) -> None:
    """Validate files: every fault at once, each with its row and what to do."""
    with _answered():
        from scenarios.faults import BadInput, Fault
        from scenarios.load import check_file

        faults: list[Fault] = []
        for path in files:
            try:
                typer.echo(f"{path}: {check_file(path)}")
            except BadInput as bad:
                faults += bad.faults
        if faults:
            raise BadInput(faults)


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


if __name__ == "__main__":
    main()
