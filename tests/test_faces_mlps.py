"""The experiments on faces and MLPs: their plans, and a small run of every part."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from kit.experiments import config, experiment
from kit.experiments.results import Results
from kit.files import load_module
from kit.paths import Workspace, find_workspace

SLUG = "a3_faces_mlps"
QUIET = Console(quiet=True)
PARTS = ("faces", "shallow", "deep", "noise")
SMALL = (
    *("faces.train=96", "faces.test=8", "faces.epochs=6", "faces.denoiser_epochs=4"),
    *("faces.tune_epochs=4", "faces.rates=[1e-3, 3e-3]", "faces.held_out=24"),
    *("faces.snapshots.16=2", "faces.snapshots.64=3"),
    *("mlps.train=200", "mlps.epochs=12", "mlps.fixed_epochs=12", "mlps.tune_epochs=3"),
    *("mlps.weight_decays=[0.0, 1e-3]", "mlps.window=2"),
    *("noise.train=300", "noise.held_out=60", "noise.epochs=3"),
)


@pytest.fixture(scope="module")
def course() -> Workspace:
    """The repository."""
    return find_workspace(Path(__file__).parent)


@pytest.mark.parametrize("name", ["demo", "quick", "full"])
def test_every_configuration_has_a_plan(course, name):
    folder = course.report_template(SLUG)
    settings = config.load(folder / "configs", name)
    stages = load_module(folder / "experiments.py", "a3_experiments").plan(settings)
    names = [stage.name for stage in stages]
    assert len(names) == len(set(names))
    assert {stage.part for stage in stages} == set(PARTS)
    for stage in stages:
        assert set(stage.needs) < set(names)
        if stage.name.startswith("tune-ae-"):
            assert stage.params["held_out"] > 0
        elif stage.name.startswith("tune-"):
            assert stage.params["test"] is False
        elif stage.name.split("-")[0] in ("ae", "dae", "shallow", "deep", "wide"):
            tried = {need.split("-")[1] for need in stage.needs}
            assert len(tried) <= 1  # of its own network only


@pytest.fixture(scope="module")
def small(course, tmp_path_factory) -> Results:
    """A run of every part, of a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_WORK", str(tmp_path_factory.mktemp("work")))
        return experiment.run(course, SLUG, "demo", SMALL, console=QUIET)


@pytest.mark.slow
def test_every_part_states_finite_facts(small):
    assert small.parts == PARTS and small.missing == () and small.stand_ins
    for fact in small.facts.values():
        assert isinstance(fact.value, str) or np.isfinite(fact.value), fact.name
        assert fact.runs and dataclasses.asdict(fact)
    known = {"faces.16": 135_184, "faces.64": 528_448}
    known |= {"shallow.step": 25_450, "deep": 29_642, "wide": 118_346}
    for name, count in known.items():
        assert small.facts[f"{name}.parameters"].value == count


@pytest.mark.slow
def test_no_network_is_below_the_bound(small):
    for units in (16, 64):
        assert small.claims[f"ae_{units}_above_bound"]
        angles = np.array(small.runs[f"recover-{units}-0"].result["angles"])
        assert len(angles) == units and (angles >= 0).all() and (angles <= 90 + 1e-6).all()


@pytest.mark.slow
def test_the_weights_are_kept_from_the_first_epoch_to_the_last(small):
    kept = {
        units: [n for n in small.runs[f"ae-{units}-0"].arrays if n.startswith("weights-")]
        for units in (16, 64)
    }
    assert kept[16] == [f"weights-0000{epoch}" for epoch in (0, 2, 4, 6)]
    assert kept[64] == [f"weights-0000{epoch}" for epoch in (0, 3, 6)]
    for units, names in kept.items():
        for name in names:
            assert small.runs[f"ae-{units}-0"].array(name).shape == (units, 64, 64)


@pytest.mark.slow
def test_the_chosen_rate_is_that_of_the_best_trial(small):
    for units in (16, 64):
        left = {
            run.params["rate"]: run.result["other_loss"]
            for name, run in small.runs.items()
            if name.startswith(f"tune-ae-{units}-")
        }
        assert len(left) == 2
        assert small.runs[f"ae-{units}-0"].result["rate"] == min(left, key=left.get)


@pytest.mark.slow
def test_a_criterion_is_tested_once_at_the_epoch_that_it_picked(small):
    run = small.runs["shallow-fixed-0"]
    rows = {row["epoch"]: row for row in run.history}
    picked = run.result["highest_validation_accuracy"]
    best = max(row["validation_accuracy"] for row in rows.values())
    assert rows[picked["epoch"]]["validation_accuracy"] == best == picked["validation_accuracy"]
    assert "test_accuracy" not in rows[1]
    step = small.runs["shallow-step-0"]
    until = (step.result["milestones"] or [len(rows) + 1])[0] - 1
    assert step.history[:until] == run.history[:until]  # the same start, until the rate falls


@pytest.mark.slow
def test_labels_are_wrong_as_often_as_was_asked_for(small):
    assert small.runs["noise-plain-0"].result["wrong"] == pytest.approx(0.4, abs=0.5 / 300)
    assert 0 < small.facts["noise.share"].value <= 100
