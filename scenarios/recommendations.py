"""What the reviews ask for, with the policies that carry it. No run reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scenarios.faults import BadInput, Fault, model_faults, nearest, shown
from scenarios.policy import Policy
from scenarios.schema import Name, Words
from scenarios.toml import read_toml

FILE = Path(__file__).parent / "targets" / "recommendations.toml"


class Recommendation(BaseModel):
    """One thing that a review asks for, or finds lost, and what carries it here: a package first, then its levers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: Name
    id: Annotated[str, Field(min_length=1, max_length=40)]
    kind: Literal["recommendation", "learning", "finding", "question", "wish", "in place", "loss"]
    words: Words
    cite: Words
    policies: Annotated[tuple[Name, ...], Field(min_length=1)]


def recommendations(policies: dict[str, Policy], file: Path = FILE) -> tuple[Recommendation, ...]:
    """Every row in order. Raises BadInput with all that is wrong, policies that do not exist among it."""
    found, faults = [], []
    for number, row in enumerate(read_toml(file).get("recommendation", [])):
        try:
            found.append(Recommendation.model_validate(row))
        except ValidationError as error:
            faults += model_faults(file.name, f"recommendation {number + 1}", error, {})
    for one in found:
        where = f"{one.case} {one.id} policies"
        unknown = [name for name in one.policies if name not in policies]
        faults += [Fault(file.name, where, f"there is no policy {name!r}", nearest(name, policies)) for name in unknown]
    if faults:
        raise BadInput(shown(faults))
    return tuple(found)
