"""The main job: policies against practice as usual, on the same luck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from experiments.conduct import Finished, How, conduct, default_out
from experiments.design import POINT, Arm, Experiment, usual
from results import facts, measures, shares
from results.choices import dominated_by
from results.findings import POINT_OF_DESIGN, POLICY, WHICH, sentence
from results.stopping import told
from results.store import Store
from results.tables import PER, Contrast, contrasts, differences, picture, tidy
from results.targets import load_targets
from scenarios.faults import BadInput, Fault, nearest
from scenarios.load import case_called, default_policies, load_policies, load_practice
from scenarios.policy import USUAL, Policy, apply_all, weakest
from simulation import reasons
from simulation.world import World

if TYPE_CHECKING:
    from results.plots.all import Shown


@dataclass(frozen=True)
class Comparison(Finished):
    """What a finished comparison says. `contrasts` in the order the policies were named."""

    @cached_property
    def world(self) -> World:
        """The case under practice as usual."""
        practice = load_practice()
        return World(case_called(self.experiment.case, practice), practice)

    @cached_property
    def journeys(self) -> pd.DataFrame:
        """How far each item got towards each decision, in each run."""
        return Store(self.root).read("journeys")

    @cached_property
    def minutes(self) -> pd.DataFrame:
        """What each role spent in each run."""
        return Store(self.root).read("minutes")

    @cached_property
    def first_read(self) -> pd.DataFrame:
        """When each critical item was first held, and first held by a lead who needed it."""
        return Store(self.root).read("first_read")

    @property
    def never_ended(self) -> list[str]:
        """Arms of which no run ended, so that nothing can be said of them."""
        ended = {*self.runs["arm"].unique()}
        return [arm.name for arm in self.experiment.arms if arm.name not in ended]

    @cached_property
    def cells(self) -> pd.DataFrame:
        """How far items got, counted over the runs at the point values (`measures.counted`)."""
        return measures.counted(Store(self.root).each("journeys", POINT))

    @cached_property
    def contrasts(self) -> list[Contrast]:
        """Every arm against practice as usual."""
        titles = {arm.name: _title(arm) for arm in self.experiment.arms if arm.name != USUAL}
        return contrasts(self.runs, USUAL, titles)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """The measures beside reach, under every arm, each with both bands."""
        return differences(self.runs, USUAL, {name: measures.MEASURES[name].unit for name in SPREAD})

    @cached_property
    def targets(self) -> pd.DataFrame:
        """What the review documents beside what the model gives as usual, target by target."""
        rows = Store(self.root).read("targets")
        usual_runs = rows[(rows["draw"] == 0) & (rows["arm"] == USUAL)]
        return measures.against_targets(usual_runs, load_targets(self.world.case.case.id))

    def level(self, measure: str) -> float:
        """A measure's mean under practice as usual, at the point values, in the measure's unit."""
        point = self.runs[(self.runs["draw"] == 0) & (self.runs["arm"] == USUAL)]
        return float(point[measure].mean()) * (PER if measures.MEASURES[measure].unit == "per 100" else 1)

    @property
    def figures(self) -> dict[str, str]:
        """The figures that were drawn, each with the question it answers."""
        folder = self.root / "figures"
        every = FIGURES | {"forest": WHICH.format(self.what)} | OF_A_SWEEP
        return {name: question for name, question in every.items() if (folder / f"{name}.svg").exists()}

    @property
    def picture(self) -> tuple[str, str]:
        """The reassurance gap, and who held how much of the picture, in a sentence each."""
        return picture({name: self.level(name) for name in ("reassuring", "gap", "one", "room", "between")})

    @property
    def known(self) -> str:
        """How well the differences are known, where runs went on until they were."""
        if not (asked := self.experiment.until):
            return ""
        runs = self.runs[self.runs["draw"] == POINT].pivot(index="replication", columns="arm", values=asked.measure)
        return told(asked, {str(arm): runs[arm] - runs[USUAL] for arm in runs if arm != USUAL})

    @property
    def sentence(self) -> str:
        """The answer in one plain sentence."""
        return sentence(self.level("reach"), self.contrasts, self.level("hours"), self.what)

    @property
    def what(self) -> str:
        """What is set beside practice as usual: policies, or in a sweep the points of its design."""
        return POINT_OF_DESIGN if self.experiment.question == "sweep" else POLICY


def _title(arm: Arm) -> tuple[str, str]:
    if arm.policies:
        return " + ".join(policy.title for policy in arm.policies), weakest(policy.effect for policy in arm.policies)
    return arm.name, "prior"


def arms(names: list[str], adherence: float | None = None, case: str = "") -> tuple[Arm, ...]:
    """Practice as usual, and an arm for each name, or for each of the default list of the case where
    none is named; `A+B` is both at once.

    Raises BadInput where a policy or the case does not exist.
    """
    practice = load_practice()
    known = load_policies(practice)
    wanted = names or default_policies(case and case_called(case, practice).case.id)
    parts = {name: name.split("+") if name not in known else [name] for name in wanted}
    faults = [
        Fault("request", f"policy {part}", "there is no such policy", nearest(part, known))
        for several in parts.values()
        for part in several
        if part not in known
    ]
    if faults:
        raise BadInput(faults)
    found = [usual()]
    for name, several in parts.items():
        policies = [known[part] for part in several]
        if adherence is not None:
            policies = [policy.model_copy(update={"adherence": adherence}) for policy in policies]
        found.append(Arm(name, tuple(policies)))
    return tuple(found)


def contested(experiment: Experiment) -> dict[str, list[str]]:
    """For each arm, the leaves that two of its policies, or two parts of a package, set differently."""
    practice = load_practice()
    known = load_policies(practice)

    def parts(policies: tuple[Policy, ...]) -> Iterator[Policy]:
        for policy in policies:
            yield from parts(tuple(known[part] for part in policy.includes)) if policy.includes else [policy]

    found = {arm.name: apply_all(list(parts(arm.policies)), practice)[1] for arm in experiment.arms}
    return {name: leaves for name, leaves in found.items() if leaves}


def perform(experiment: Experiment, root: Path, fresh: bool = False, **how: Unpack[How]) -> Comparison:
    """Run what is missing, write tables and figures, and return what was found.

    Raises BadInput before anything runs, and what `conduct` raises.
    """
    comparison = Comparison(experiment, root)
    conduct(comparison, lambda: write_results(comparison), fresh, **how)
    return comparison


FIGURES = {
    "forest": WHICH.format(POLICY),
    "reach-and-hours": "at what cost?",
    "reach-map": "which item reaches which decision, as usual?",
    "loss-funnel": "where does it stop, as usual, and why?",
    "reading-times": "when does it come to those who have to decide, as usual?",
}
"""The question each figure of a comparison answers, by the name it is saved under."""
OF_A_SWEEP = {"response": "how does reach go with each habit that was varied?"}
"""The same of a figure that only varied leaves give."""

SPREAD = ("reach", "wider", "passed_on", "load", "signal", "one", "room", "between", "gap", "hours")
"""The measures that are tabled under every arm."""


def write_results(comparison: Comparison) -> None:
    """The tidy tables and the figures; where an arm has no run that ended, its failures alone."""
    write_tables(comparison)
    if not comparison.never_ended:
        draw_figures(comparison)


def write_tables(comparison: Comparison) -> None:
    """The tidy tables; where an arm has no run that ended, its failures alone."""
    store = Store(comparison.root)
    if len(comparison.failures):
        store.write_table("failures", comparison.failures)
    if comparison.never_ended:
        return
    frame = measures.lines(comparison.world)
    store.write_table("comparison", tidy(comparison.contrasts))
    store.write_table("runs", comparison.runs)
    store.write_table("differences", comparison.differences)
    store.write_table("decisions", measures.by_decision(comparison.cells, frame))
    store.write_table("items", measures.by_item(comparison.cells, frame))
    store.write_table("reasons", measures.reasons(comparison.cells, frame))
    store.write_table("hours", measures.minutes_by_role(comparison.minutes, comparison.replications))
    if len(comparison.targets):
        store.write_table("targets", comparison.targets)
    store.write_table("measures", pd.DataFrame([asdict(measure) for measure in measures.MEASURES.values()]))
    write_shares(comparison)


STAGES = {f"past_{stage}": stage for stage in reasons.STAGES} | {"reach": "read", "weighed": "weighed"}
"""The measures that say how many went on past each stage, with the stage."""


def write_shares(comparison: Comparison) -> None:
    """Where items stop, about whose life they are, when they come and who held them: the tables of a report."""
    store, world, runs = Store(comparison.root), comparison.world, comparison.runs
    store.write_table("stages", _shares(runs, STAGES))
    store.write_table("subjects", _shares(runs, {measures.about(name): name for name in measures.SUBJECTS}))
    weeks = shares.by_each_week(comparison.first_read, world.end)
    store.write_table("weeks", _shares(weeks, {str(name): str(name) for name in weeks if name not in measures.KEY}))
    counts = runs[runs["arm"] == USUAL]["draw"].value_counts(sort=False)
    of_draw = {int(str(draw)): int(count) for draw, count in counts.items()}
    store.write_table("held", shares.who_held(store.each("held"), of_draw))
    store.write_table("case_items", _by_week(facts.items(world), "since", world))
    store.write_table("case_decisions", _by_week(facts.decisions(world), "at", world))


def _shares(runs: pd.DataFrame, named: dict[str, str]) -> pd.DataFrame:
    """Shares of runs under every arm with both bands, under other names; what no run has anything of is left out."""
    known = {column: name for column, name in named.items() if column in runs and runs[column].notna().any()}
    found = differences(runs, USUAL, dict.fromkeys(known, "per 100"))
    return found.assign(measure=found["measure"].map(known))


def _by_week(table: pd.DataFrame, moment: str, world: World) -> pd.DataFrame:
    """The same with weeks from the start in place of moments: some cases are told without a date."""
    start, week = world.calendar.moment(0), pd.Timedelta(weeks=1)
    return table.assign(week=[(at - start) / week for at in table[moment]]).drop(columns=moment)


def draw_figures(comparison: Comparison) -> None:
    """Every figure for which there is something to draw."""
    from results.plots.all import figures
    from results.plots.house import save

    for name, figure in figures(shown(comparison)):
        save(figure, comparison.root / "figures", name)


def shown(comparison: Comparison) -> Shown:
    """What the figures show."""
    from results.days import Days
    from results.plots.all import Shown

    world, experiment = comparison.world, comparison.experiment
    frame = measures.lines(world)
    as_usual = comparison.cells[comparison.cells["arm"] == USUAL]
    usual_runs = comparison.runs[(comparison.runs["draw"] == 0) & (comparison.runs["arm"] == USUAL)]
    first = comparison.first_read
    return Shown(
        title=world.case.case.title,
        contrasts=comparison.contrasts,
        reach=usual_runs["reach"],
        differences=comparison.differences,
        dominated=dominated_by(comparison.runs),
        cells=measures.by_item(as_usual, frame),
        reasons=measures.reasons(as_usual, frame),
        first=first[(first["draw"] == POINT) & (first["arm"] == USUAL)],
        lines=frame,
        items=facts.items(world),
        decisions=facts.decisions(world),
        window=(world.calendar.moment(0), world.calendar.moment(world.end)),
        days=Days.of(world.case.case),
        runs=comparison.replications,
        draws=experiment.draws,
        what=comparison.what,
    )


def compare(
    case: str,
    policies: list[str] | None = None,
    out: Path | None = None,
    replications: int = 400,
    draws: int = 20,
    per_draw: int = 20,
    seed: int = 1,
    **how: Unpack[How],
) -> pd.DataFrame:
    """From a notebook: policies against practice as usual on a case, a row each with both bands. The answer in words
    and where all files lie stand in `.attrs`."""
    several = arms(policies or [], case=case)
    experiment = Experiment("compare", case, several, seed, replications, draws, per_draw)
    found = perform(experiment, out or default_out("compare", case), **how)
    return as_frame(tidy(found.contrasts), sentence=found.sentence, directory=str(found.root))


def as_frame(table: pd.DataFrame, **said: object) -> pd.DataFrame:
    """A table with what else there is to say of it in `.attrs`."""
    frame = table.copy()
    frame.attrs |= said
    return frame
