"""`trace`: one history read aloud."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.answers import answered, width
from experiments.cli.options import (
    Adherence,
    CaseName,
    Seed,
)

if TYPE_CHECKING:
    from experiments.design import Arm


def trace(
    case: CaseName,
    settings: Annotated[
        list[str] | None, typer.Argument(metavar="[LEAF=VALUE]", help="Leaves of practice to change.")
    ] = None,
    replication: Annotated[int | None, typer.Option(min=0, help="Which luck. [0; as recorded one that fits]")] = None,
    item: Annotated[str | None, typer.Option(help="Follow one item only.")] = None,
    policy: Annotated[str | None, typer.Option(help="Under this policy instead of practice as usual.")] = None,
    adherence: Adherence = None,
    seed: Seed = 1,
    draw: Annotated[int, typer.Option(min=0, help="Under this draw of the prior leaves.")] = 0,
    given: Annotated[
        list[str] | None, typer.Option(metavar="LEAF=VALUE", help="Practice otherwise, before any policy. Repeat.")
    ] = None,
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="A history that fits what the review documents.")
    ] = False,
) -> None:
    """One history read aloud: what happened, and at each decision what the decision-maker had
    beside what the system held.

    \b
    safeguarding trace child-s --replication 7
    safeguarding trace child-s --replication 7 --item F12
    safeguarding trace child-s --as-recorded
    """
    with answered():
        from experiments.compare import arms
        from experiments.design import drawn, usual
        from experiments.replication import replicate
        from experiments.sweep import one_point
        from results.chronology import as_text, chronology
        from results.days import Days
        from scenarios.faults import BadInput, Fault
        from scenarios.load import case_called, load_practice
        from simulation.routes import Routes
        from simulation.world import World

        if as_recorded:
            if settings or given or draw or policy:
                found = "--as-recorded is practice as usual: it takes no leaf, no draw and no policy"
                raise BadInput([Fault("request", "trace", found, "For a policy beside it: safeguarding twins.")])
            _recorded(case, seed, replication, item)
            return
        replication = replication or 0
        practice = load_practice()
        row = case_called(case, practice)
        arm = arms([policy], adherence)[-1] if policy else usual()
        before, after = (dict(one_point(leaves or [])) for leaves in (given, settings))
        world = World(row, arm.apply(drawn(practice, seed, draw).changed(before)).changed(after))
        entries = chronology(replicate(world, seed, replication), world, Routes(world), item)
        about = row.case
        practised = _practice(arm, [*(given or []), *(settings or [])])
        _echo(f"{about.title}, run {replication} of seed {seed}, {practised}. {about.care_note}")
        _echo("This history is simulated from the case's structure and general practice; it is one of many.")
        _echo(f"{note}\n" if (note := Days.of(about).note) else "")
        typer.echo(as_text(entries, width()))


def _recorded(case: str, seed: int, replication: int | None, item: str | None) -> None:
    """A history that fits the record, read aloud."""
    from experiments.twins import fitting
    from results.chronology import as_text, chronology
    from simulation.routes import Routes

    known, number, lived = fitting(case, seed, replication)
    about = known.world.case.case
    _echo(f"{about.title}, as recorded, run {number} of seed {seed}. {about.care_note}")
    _echo(f"One of many simulated histories that fit the {len(known.record.entry)} entries of the record.\n")
    typer.echo(as_text(chronology(lived.trace, known.world, Routes(known.world), item), width()))


def _echo(words: str) -> None:
    """A paragraph, wrapped; what ends in an empty line keeps it."""
    typer.echo(fill(words, width(), break_on_hyphens=False) + ("\n" if words.endswith("\n") else ""))


def _practice(arm: Arm, settings: list[str]) -> str:
    titles = " and ".join(policy.title for policy in arm.policies) or "practice as usual"
    return f"{titles} with {', '.join(settings)}" if settings else titles
