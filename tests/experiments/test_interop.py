"""The model under Mesa's own tools: each recipe of `MODEL.md`, and that what it gives is what the runner gives."""

from __future__ import annotations

import gc
import re
import warnings
from pathlib import Path

import mesa
import pandas as pd
import pytest

from experiments.compare import arms
from experiments.design import Experiment
from experiments.interop import FamilyModel, items_held, reach, role
from experiments.replication import replicate
from experiments.runner import run
from results.measures import MEASURES
from results.store import Store
from scenarios.faults import BadInput

DAYS = 131
"""Of the invented family's window."""


def live(model: FamilyModel) -> FamilyModel:
    while model.running:
        model.step()
    return model


@pytest.fixture(scope="module")
def lived() -> FamilyModel:
    return live(FamilyModel("rowan-family", replication=7, agent_reporters={"role": role, "held": items_held}))


def test_day_by_day_it_lives_what_the_runner_lives(lived: FamilyModel):
    assert lived.steps == DAYS
    assert lived.trace.events == replicate(lived.world, 1, 7).events


def test_mesas_data_collector_collects_day_by_day(lived: FamilyModel):
    model = lived.datacollector.get_model_vars_dataframe()
    assert len(model) == DAYS and model["events"].is_monotonic_increasing
    assert model["reach"].isna().iloc[0] and model["reach"].iloc[-1] == lived.measures()["reach"]
    agents = lived.datacollector.get_agent_vars_dataframe()
    assert len(agents) == DAYS * len(lived.agents)
    last = agents.loc[DAYS].set_index("role")["held"]
    assert last.to_dict() == {who: len(head) for who, head in lived.knowledge.heads.items() if who in last.index}
    assert last.sum() > 0


def test_the_measures_of_a_model_are_those_of_the_runner(tmp_path: Path):
    run(Experiment("x", "rowan-family", arms(["push"]), replications=3, draws=0), tmp_path, workers=1)
    runs = Store(tmp_path).read("runs").astype({"arm": str}).set_index(["arm", "replication"])
    for arm, policy in (("usual", ""), ("push", "push")):
        for replication in range(3):
            model = live(FamilyModel("rowan-family", policy, replication))
            assert model.measures() == pytest.approx(runs.loc[(arm, replication), [*MEASURES]].to_dict(), nan_ok=True)


def test_mesas_batch_run_runs_it():
    rows = pd.DataFrame(
        mesa.batch_run(
            FamilyModel,
            {"case": "rowan-family", "policy": ["", "push"], "replication": range(3), "raise": [0.1, 0.3]},
            display_progress=False,
        )
    )
    assert len(rows) == 2 * 3 * 2 and set(rows["Step"]) == {DAYS - 1}
    means = rows.groupby("policy")["reach"].mean()
    assert means["push"] > means[""]
    model = live(FamilyModel("rowan-family", "push", 2, **{"raise": 0.3}))
    mine = rows[(rows["policy"] == "push") & (rows["replication"] == 2) & (rows["raise"] == 0.3)]
    assert mine["reach"].tolist() == [reach(model)]


def test_its_iterations_are_the_same_run_again():
    """Why the recipe varies the replication."""
    rows = mesa.batch_run(FamilyModel, {"case": "rowan-family"}, iterations=3, display_progress=False)
    assert len({row["events"] for row in rows}) == 1 and len(rows) == 3


@pytest.mark.filterwarnings("ignore")
def test_mesas_page_shows_it_and_steps_it():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visualization = pytest.importorskip("mesa.visualization", exc_type=ImportError)
        import ipyvuetify
        import solara

        model = FamilyModel("rowan-family", replication=7)
        page = visualization.SolaraViz(
            model,
            components=[visualization.make_plot_component("reach")],
            model_params={
                "case": "rowan-family",
                "replication": {"type": "SliderInt", "value": 7, "min": 0, "max": 99, "step": 1},
            },
            name="The Rowan family",
        )
        box, rendered = solara.render(solara.AppLayout(children=[page]), handle_error=False)
        buttons = rendered.find(ipyvuetify.Btn).widgets
        step = next(button for button in buttons if "Step" in str(button.children))
        for _ in range(3):
            step.click()
        assert model.steps == 3 and len(model.datacollector.model_vars["reach"]) == 3
        assert rendered.find(ipyvuetify.Slider).widgets
        rendered.close()
        assert box is not None


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"case": "rowen-family"}, "Did you mean rowan-family?"),
        ({"policy": "pushh"}, "Did you mean push?"),
        ({"rase": 0.1}, "Did you mean raise?"),
        ({"raise": 2.0}, "is no chance"),
    ],
)
def test_what_does_not_exist_is_refused(asked: dict[str, object], says: str):
    with pytest.raises(BadInput, match=re.escape(says)):
        FamilyModel(**{"case": "rowan-family"} | asked)


def test_a_model_that_is_freed_goes():
    model = FamilyModel("rowan-family")
    model.step()
    model.free()
    del model
    gc.collect()
    assert not [one for one in gc.get_objects() if type(one) is FamilyModel and vars(one)]


def test_the_recipes_of_the_model_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every Python block under the heading on Mesa's tools, as it stands there."""
    page = (Path(__file__).parents[2] / "MODEL.md").read_text(encoding="utf-8")
    section = page.partition("### Mesa's own tools")[2].partition("\n## ")[0]
    blocks = re.findall(r"```python\n(.*?)```", section, re.S)
    assert len(blocks) == 3
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        assert len([line for line in block.splitlines() if line and not line.startswith(("import", "from"))]) <= 3
        if "SolaraViz" in block:
            compile(block, "MODEL.md", "exec")  # it is run by `solara run`, and tested above
        else:
            exec(compile(block, "MODEL.md", "exec"), {"__name__": "recipe"})
