"""What figures need of a case: its items and decisions, when, and in few words. From the case alone."""

from __future__ import annotations

import re
from datetime import datetime
from textwrap import shorten

import pandas as pd

from results.days import Days
from simulation.world import World

DATED = re.compile(r",? (of|on) \d{1,2} [A-Z][a-z]+$")


def items(world: World) -> pd.DataFrame:
    """Every item: item, words, topic, critical, core, polarity, and `since`, when anybody could first have known it.

    What was known before the window is from its first midnight.
    """
    rows = [
        (item.id, item.words, item.topic, item.critical, item.core, item.polarity, _moment(world, item.id))
        for item in world.items.values()
    ]
    return pd.DataFrame(rows, columns=["item", "words", "topic", "critical", "core", "polarity", "since"])


def _moment(world: World, item: str) -> datetime:
    return world.calendar.moment(_since(world, item))


def _since(world: World, item: str) -> int:
    row = world.items[item]
    if row.held_by or row.recorded_in:
        return 0
    if row.silence:
        return world.calendar.midnight(row.silence.since)
    if row.parts:
        return sorted(_since(world, part) for part in row.parts)[max(row.needs, 1) - 1]
    return world.first_sighting[item][0] if item in world.first_sighting else world.end


def decisions(world: World) -> pd.DataFrame:
    """Every decision in order of time: decision, words, lead with her agency, `at`, when it is taken, and `on`, that
    day as a label."""
    days = Days.of(world.case.case)
    rows = [
        (choice.id, undated(choice.words), lead.words, lead.agency, at, days.label(at))
        for choice in world.choices.values()
        for lead, at in [(world.roles[choice.lead], world.calendar.moment(choice.at))]
    ]
    return pd.DataFrame(rows, columns=["decision", "words", "lead", "agency", "at", "on"])


def undated(words: str) -> str:
    """A decision's words without the article and the date, which stands beside them."""
    return DATED.sub("", words).removeprefix("the ")


def in_few(words: str, width: int) -> str:
    """Words cut at a word, with an ellipsis, to at most this many letters."""
    return re.sub(r"[,;:] …$", " …", shorten(words, width, placeholder=" …"))
