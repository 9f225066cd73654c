"""`list` and `show`: what there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli.answers import answered, hung
from experiments.cli.options import (
    AsJson,
)


def list_(
    what: Annotated[str, typer.Argument(metavar="[cases|policies|levers|leaves|measures|mechanisms]")] = "",
    stored: Annotated[
        Path | None, typer.Option("--from", help="For levers: the --out of a finished `compare`.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What there is: cases, policies, leaves of practice, measures; levers: what each review asks for, the
    policy that carries it, and its measured effect where a comparison is at hand; mechanisms: how what reviews
    say was lost is told here, and why it made sense at the time."""
    with answered():
        if what == "levers":
            from experiments.levers import as_text, levers

            found = levers(stored)
            typer.echo(json.dumps(found, indent=2) if as_json else "\n".join(as_text(found)).lstrip("\n"))
            return
        from experiments.showing import listings
        from scenarios.faults import BadInput, Fault, nearest

        kinds = listings()
        if what and what not in kinds:
            known = [*kinds, "levers"]
            raise BadInput([Fault("request", f"list {what}", "there is no such list", nearest(what, known))])
        chosen = {what: kinds[what]()} if what else {name: kinds[name]() for name in ("cases", "policies")}
        if as_json:
            typer.echo(json.dumps(chosen, indent=2))
            return
        for name, rows in chosen.items():
            typer.echo(name)
            wide = max(map(len, rows), default=0) if name == "policies" else 14
            for key, words in rows.items():
                hung(f"  {key:<{wide}} ", str(words))


def show(
    name: Annotated[
        str,
        typer.Argument(help="A leaf, a policy or a case; or `practice`, `policies`; or `run` with DIR."),
    ],
    directory: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where a run's results lie.")] = None,
    stress: Annotated[bool, typer.Option("--stress", help="Of a run: its STRESS sections, as Markdown.")] = False,
    as_json: AsJson = False,
) -> None:
    """One leaf with its evidence, one policy with its source, one case, or one run; all leaves or all
    policies as Markdown.

    \b
    safeguarding show raise
    safeguarding show run results/out/compare-child-s --stress
    safeguarding show practice > LEAVES.md
    safeguarding show policies > LEVERS.md
    """
    with answered():
        from experiments.showing import case_data, leaf_data, policy_data, written
        from scenarios.faults import BadInput, Fault, nearest
        from scenarios.load import case_names, load_policies, load_practice

        if name == "run" or directory or stress:
            _show_run(name, directory, stress, as_json)
            return
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
        _print(name, data)


def _print(name: str, data: dict[str, Any]) -> None:
    typer.echo(name)
    for key, value in data.items():
        lines = value if isinstance(value, list) else [value]
        for number, line in enumerate(lines):
            hung(f"  {key if not number else '':<10} ", str(line))


def _show_run(name: str, directory: Path | None, stress: bool, as_json: bool) -> None:
    """One run, from its manifest."""
    from experiments.stress import in_short
    from experiments.stress import stress as as_stress
    from results.store import Store
    from scenarios.faults import BadInput, Fault

    if name != "run" or directory is None:
        advice = "Write: safeguarding show run DIR, or show run DIR --stress."
        raise BadInput([Fault("request", f"show {name}", "a run is shown by its directory", advice)])
    said = Store(directory).manifest()
    if stress:
        typer.echo(as_stress(said, directory), nl=False)
    elif as_json:
        typer.echo(json.dumps(said, indent=2))
    else:
        _print(str(directory), in_short(said))
