"""The report as files: one page, its figures, its tables, and a manifest that says what it was made of."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from markupsafe import Markup

from results import pages
from results.findings import POLICY, plural, series
from results.measures import MEASURES
from results.plots.house import save
from results.plots.strips import shortly
from results.report import choosing, opening, tracing, trusting
from results.report.data import Data
from results.report.reading import Reading
from results.report.show import Picture, Section
from results.store import Store
from scenarios.policy import USUAL
from scenarios.refusals import ForeignDirectory

HERE = "results.report"
MOST_BYTES = 3_000_000


def build(roots: Sequence[Path], out: Path, files: bool = True) -> Path:
    """Write the report of these run directories into `out`, and return the page.

    With `files` every table lies beside it as CSV and Parquet and every figure as PNG too; without, to keep a
    repository small, the page, which holds every table it shows, and its figures as SVG.

    Raises ForeignDirectory where a directory holds no finished comparison, or `out` something that is no report.
    """
    data = Data.of(roots)
    _make_room(out)
    sections = questions(data)
    store = Store(out)
    if files:
        for name, table in (data.sheets | {"answer": opening.numbers(data), "counts": data.counts}).items():
            store.write_table(name, table)
    path = out / "report.html"
    path.write_text(page(data, sections, files), encoding="utf-8", newline="\n")
    for picture in (picture for section in sections for picture in section.pictures):
        save(picture.drawn.whole(), out / "figures", picture.name, cut=False, png=files)
    store.write_manifest(_manifest(data))
    return path


def questions(data: Data) -> tuple[Section, ...]:
    """The eight questions, each answered as far as these runs go."""
    return (
        choosing.more(data),
        choosing.cost(data),
        choosing.holds(data),
        tracing.in_time(data),
        tracing.stops(data),
        tracing.whom(data),
        trusting.assumption(data),
        trusting.runs_enough(data),
    )


def page(data: Data, sections: Sequence[Section], files: bool = True) -> str:
    """The page: the opening, these sections, and what it must say of itself; `files` as `build` has it."""
    sentence, arm = opening.answer(data)
    return (
        pages.environment(HERE)
        .get_template("page.html")
        .render(
            data=data,
            files=files,
            title=_title(data),
            care=_care(data),
            sentence=sentence,
            tiles=opening.tiles(data, arm),
            overview=_inlined(opening.overview(data)),
            asked=opening.ASKED,
            key=_key(data),
            several=plural(data.what),
            sections=sections,
            figures={section.id: _inlined(section.pictures) for section in sections},
            validity=trusting.validity(data),
            documented=trusting.documented(data) if data.has("documented") else None,
            ladder=trusting.ladder(data) if data.has("ladder") else None,
            failures=trusting.unended(data) if data.has("failures") else None,
            made=trusting.made(data),
            measures=MEASURES,
            citation=_citation(data),
            commands=_commands(data),
            style=_style(),
            script=Markup(pages.asset(HERE, "page.js")),
        )
    )


def _make_room(out: Path) -> None:
    """An empty place, or that of an earlier report, whose files go."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        try:
            ours = "report" in json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError):
            ours = False
        if not ours:
            raise ForeignDirectory(f"{out} holds something that is no report. Choose another --out.")
        for part in ("figures", "tables"):
            shutil.rmtree(out / part, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)


def _inlined(pictures: Sequence[Picture]) -> list[tuple[Picture, Markup]]:
    """Each figure as part of the page."""
    return [
        (one, pages.inlined(one.drawn.svg(), f"f{one.name}", one.drawn.question, one.alternative)) for one in pictures
    ]


def _title(data: Data) -> str:
    of = data.cases[0] if data.alone else f"{len(data.cases)} cases"
    return f"{of}: {'policy report' if data.what == POLICY else 'report of a sweep'}"


def _care(data: Data) -> str:
    """What the cases are, before anything is said of them: of several, each sentence once with the names of those
    whose note has it, and last what all notes say."""
    notes = {one.title: re.split(r"(?<=[.!?])\s+", str(one.about["care_note"])) for one in data.mains}
    in_turn = [words for several in zip_longest(*notes.values()) for words in several if words]
    said: dict[tuple[str, ...], list[str]] = {}
    for words in dict.fromkeys(in_turn):
        said.setdefault(tuple(title for title, note in notes.items() if words in note), []).append(words)
    shared = " ".join(said.pop(tuple(notes), []))
    own = [f"{series(titles)}: {' '.join(sentences)}" for titles, sentences in said.items()]
    return " ".join(filter(None, [*own, shared]))


def _key(data: Data) -> list[dict[str, str]]:
    """The policies that figures of rows show, in order, each with its mark."""
    rests = {one.arm: one.effect for found in data.contrasts.values() for one in found}
    called = {arm: name if data.titles[arm] == arm else arm for arm, name in shortly(data.labels, 18).items()}
    return [
        {
            "arm": "" if arm == USUAL or called[arm] == data.titles[arm] else called[arm],
            "title": data.titles[arm],
            "colour": pages.NAMES[look.colour],
            "path": pages.marker_path(look.marker),
            "effect": rests.get(arm, ""),
        }
        for arm, look in data.looks.items()
        if arm in data.labels
    ]


def _style() -> Markup:
    return Markup("\n").join(
        [pages.theme(), Markup(pages.asset("results", "page.css")), Markup(pages.asset(HERE, "report.css"))]
    )


def _citation(data: Data) -> str:
    """One line to cite the report by."""
    versions = dict.fromkeys(str(one.made.get("safeguarding", "unknown")) for one in data.mains)
    commits = dict.fromkeys(str(one.made.get("commit", "unknown"))[:12] for one in data.mains)
    seeds = dict.fromkeys(str(one.experiment["seed"]) for one in data.mains)
    made = f"safeguarding-sim {', '.join(versions)} (commit {', '.join(commits)})"
    runs = f"{data.runs} paired replications, {data.draws} draws of the prior leaves, seed {', '.join(seeds)}"
    return f"{made}, policy report on {', '.join(data.cases)}: {runs}. Simulated."


def _commands(data: Data) -> list[str]:
    """What to run to have the same again."""
    readings = [*data.mains, *data.beside]
    return [
        *(f"{one.command} --out {shlex.quote(one.root.name)}" for one in readings),
        shlex.join(["safeguarding", "report", *(one.root.name for one in readings)]),
    ]


def _manifest(data: Data) -> dict[str, Any]:
    """What the report was made of; no times, so that the same runs give the same bytes."""
    return {
        "report": {
            "cases": data.cases,
            "commands": _commands(data),
            "runs": [_of(one) for one in (*data.mains, *data.beside)],
        }
    }


def _of(reading: Reading) -> dict[str, Any]:
    made = {name: value for name, value in reading.made.items() if name not in ("goes", "cores", "system")}
    asked = {name: reading.experiment[name] for name in ("question", "seed", "replications", "draws", "per_draw")}
    prints = {part: reading.fingerprint(part) for part in ("case", "practice", "arms")}
    return {"title": reading.title, "command": reading.command, "asked": asked, "made": made, "fingerprints": prints}
