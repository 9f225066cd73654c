"""The mechanisms of loss that reviews name, told by the reasons of this model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scenarios.faults import BadInput, Fault, model_faults, nearest, shown
from scenarios.load import HERE
from scenarios.toml import read_toml
from simulation.reasons import REASONS, STAGES, stage_of

FILE = HERE / "targets" / "mechanisms.toml"


class Mechanism(BaseModel):
    """One way in which information was lost, as a review tells it: where, and by which reasons it is told here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: Annotated[str, Field(min_length=8)]
    cases: Annotated[tuple[str, ...], Field(min_length=1)]
    stages: Annotated[tuple[str, ...], Field(min_length=1)]
    reasons: tuple[str, ...] = ()
    note: str = ""
    outside: str = ""

    @property
    def made_sense(self) -> tuple[str, ...]:
        """Why it made sense at the time, reason by reason."""
        return tuple(REASONS[reason][2] for reason in self.reasons)


def mechanisms(file: Path = FILE) -> dict[str, Mechanism]:
    """Every mechanism by its id. Raises BadInput with all that is wrong."""
    found, faults = {}, []
    for name, row in read_toml(file).items():
        try:
            found[name] = Mechanism.model_validate(row)
        except ValidationError as error:
            faults += model_faults(file.name, name, error, {})
    for name, one in found.items():
        faults += _faults(file.name, name, one)
    if faults:
        raise BadInput(shown(faults))
    return found


def _faults(file: str, name: str, one: Mechanism) -> list[Fault]:
    """Reasons and stages that do not exist, a mechanism that is neither told nor outside, reasons at other stages."""
    words = [(f"{name} reasons", word, [*REASONS]) for word in one.reasons if word not in REASONS]
    words += [(f"{name} stages", word, [*STAGES]) for word in one.stages if word not in STAGES]
    faults = [Fault(file, where, f"there is no {word!r}", nearest(word, known)) for where, word, known in words]
    if bool(one.reasons) == bool(one.outside):
        faults.append(Fault(file, name, "is not told once", "Give reasons, or say in outside why there are none."))
    elsewhere = one.reasons and not words and not {stage_of(reason) for reason in one.reasons} & {*one.stages}
    if elsewhere and not one.note:
        faults.append(Fault(file, f"{name} reasons", "they all stand at other stages", "Say why in note."))
    return faults


def listed() -> dict[str, str]:
    """Each mechanism in a line: where it was, how it is told here, and why it made sense."""
    return {name: _line(one) for name, one in mechanisms().items()}


def _line(one: Mechanism) -> str:
    told = " ".join(f"{reason}: {why}" for reason, why in zip(one.reasons, one.made_sense, strict=True))
    return f"{one.words} ({', '.join(one.cases)}). {told or f'Outside the model: {one.outside}'}"
