"""`new-case`: a commented case file to fill in, which runs as it stands."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import get_args

from scenarios.faults import BadInput, Fault
from scenarios.load import HERE, case_names, load_practice
from scenarios.schema import NAME
from scenarios.vocabulary import DECISIONS, MEETINGS, TOPICS, ContactKind

TEMPLATE = HERE / "new-case.toml"


def new_case(name: str, folder: Path) -> Path:
    """Write NAME.toml into a folder and return its path.

    Raises BadInput where the name is none, or belongs to a case that ships, or the file is there already.
    """
    path = folder / f"{name}.toml"
    if not re.fullmatch(NAME, name):
        raise BadInput([Fault("request", f"new-case {name}", "this is no name", _ADVICE)])
    if name in case_names():
        raise BadInput([Fault("request", f"new-case {name}", "a case that ships has this name", "Choose another.")])
    if path.exists():
        raise BadInput([Fault("request", f"new-case {name}", f"{path} is there already", "Choose another name.")])
    if not folder.is_dir():
        raise BadInput([Fault("request", f"new-case {name}", f"there is no folder {folder}", "Make it first.")])
    with path.open("x", encoding="utf-8") as file:
        file.write(filled(name))
    return path


_ADVICE = "Use letters, digits and hyphens, at most 60."


def filled(name: str) -> str:
    """The template with the name and the words that may be used in their places."""
    words = {
        "professions": load_practice().professions,
        "topics": TOPICS,
        "contacts": get_args(ContactKind),
        "meetings": MEETINGS,
        "decisions": [kind for kind in DECISIONS if kind not in MEETINGS],
    }
    lines = []
    for line in TEMPLATE.read_text(encoding="utf-8").splitlines():
        place = re.search("@([a-z]+)@", line)
        if place and place[1] in words:
            full = line.replace(place[0], ", ".join(sorted(words[place[1]])))
            lines += textwrap.wrap(full, 116, subsequent_indent="#   ", break_on_hyphens=False)
        else:
            lines.append(line.replace("@name@", name))
    return "\n".join(lines) + "\n"
