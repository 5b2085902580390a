"""The experiments of the fourth assignment: plans, the limits, a stop and a start, a small run."""

from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from kit.experiments import config, experiment
from kit.experiments.experiment import InterruptedRunError
from kit.files import load_module
from kit.paths import Workspace, find_workspace

SLUG = "a4_minimal_mastery"
QUIET = Console(quiet=True)
SMALL = (
    *("classifier.steps=4", "classifier.every=2", "classifier.per_class=[6, 2, 3]"),
    *("classifier.batch=16", "classifier.probe=30", "generator.steps=4", "generator.every=2"),
    *("generator.batch=8", "generator.channels=[8, 8, 8]", "generator.embedding=8"),
    *("sampling.samples=70", "sampling.ode_steps=2", "judge.epochs=1", "judge.features=8"),
)
PARTS = ("classifier", "generator")


@pytest.fixture
def course(monkeypatch, tmp_path) -> Workspace:
    """The repository, with a run store of its own."""
    workspace = find_workspace(Path(__file__).parent)
    if not workspace.report_template(SLUG).is_dir():
        pytest.skip(f"{SLUG} is not in this repository")
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    return workspace


def content(course: Workspace, name: str):
    """A module of the report's folder."""
    return load_module(course.report_template(SLUG) / f"{name}.py", f"{SLUG}_{name}")


@pytest.mark.parametrize("name", ["demo", "quick", "full"])
def test_every_configuration_has_a_plan_within_the_limits(course, name):
    settings = config.load(course.report_template(SLUG) / "configs", name)
    experiments = content(course, "experiments")
    stages = experiments.plan(settings)
    names = [stage.name for stage in stages]
    assert len(names) == len(set(names))
    assert tuple(dict.fromkeys(stage.part for stage in stages)) == PARTS
    for stage in stages:
        assert set(stage.needs) < set(names)
    for part in PARTS:
        assert settings[part]["steps"] <= experiments.LIMITS[part]["steps"]
        assert settings[part]["steps"] % settings[part]["every"] == 0


def test_full_is_the_task_and_smaller_sizes_say_what_they_are(course):
    folder = course.report_template(SLUG) / "configs"
    full, quick = (config.load(folder, name) for name in ("full", "quick"))
    assert full["generator"]["data"] == "cifar-100" and full["generator"]["size"] == 32
    assert full["sampling"]["samples"] == 10_000 and full["sampling"]["inception"]
    assert quick["generator"]["data"] == "cifar-10"
    for name in ("size", "steps", "batch"):
        assert quick["full"][name] == full["generator"][name], name


def test_pictures_are_made_smaller_by_means_of_squares(course):
    smaller = content(course, "score_experiments").smaller
    images = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3)).astype(np.uint8)
    found = smaller(images, 2)
    assert found.shape == (2, 2, 2, 3) and found.dtype == np.uint8
    assert found[1, 0, 1, 2] == np.rint(images[1, :2, 2:, 2].mean(dtype=np.float32))
    assert smaller(images, 4) is images


def test_the_gaussian_rival_has_each_classes_own_mean_and_no_more_directions(course):
    judge = content(course, "judge")
    labels = np.arange(400) % 2
    images = (60 + 120 * labels[:, None, None, None] + np.zeros((400, 4, 4, 3))).astype(np.uint8)
    made = judge.class_gaussians(images, labels, 3, 6, np.random.default_rng(0))
    assert made.shape == (6, 4, 4, 3)
    assert set(made[0::2].ravel()) == {60} and set(made[1::2].ravel()) == {180}


def test_blur_lowers_contrast(course):
    contrast = content(course, "judge").contrast
    image = np.zeros((1, 4, 4, 3), np.uint8)
    image[:, :, 2:] = 90
    assert contrast(image) == pytest.approx(15.0)  # one of three steps across is 90, half of 30
    assert contrast(image // 2) == pytest.approx(7.5)


def test_inception_is_never_fetched(course, monkeypatch, tmp_path):
    monkeypatch.setenv("KIT_DATA", str(tmp_path))
    features, reason = content(course, "judge").inception_features()
    assert features is None and "no file pt_inception" in reason


@pytest.mark.slow
@pytest.mark.parametrize(("part", "stage"), [("classifier", "sum-0"), ("generator", "unet")])
def test_pytorch_goes_on_to_the_last_bit(course, monkeypatch, tmp_path, part, stage):
    pytest.importorskip("torch")
    whole = experiment.run(course, SLUG, "demo", SMALL, part=part, console=QUIET)
    monkeypatch.setenv("KIT_WORK", str(tmp_path / "again"))
    checkpoint = experiment.Context.checkpoint

    def stop(self, epoch, arrays):
        checkpoint(self, epoch, arrays)
        if epoch == 1 and self._folder.name.startswith(stage):
            raise KeyboardInterrupt

    monkeypatch.setattr(experiment.Context, "checkpoint", stop)
    with pytest.raises(InterruptedRunError, match=f"after epoch 1 of {stage}"):
        experiment.run(course, SLUG, "demo", SMALL, part=part, console=QUIET)
    monkeypatch.setattr(experiment.Context, "checkpoint", checkpoint)
    parts = experiment.run(course, SLUG, "demo", SMALL, part=part, console=QUIET)
    assert parts.runs[stage].history == whole.runs[stage].history
    for name in ("parameters", "steps"):
        assert parts.runs[stage].result[name] == whole.runs[stage].result[name]
    for name in whole.runs[stage].arrays:
        assert (parts.runs[stage].array(name) == whole.runs[stage].array(name)).all(), name


@pytest.mark.slow
def test_every_part_runs_and_states_finite_facts(course):
    pytest.importorskip("torch")
    results = experiment.run(course, SLUG, "demo", SMALL, console=QUIET)
    assert results.parts == PARTS and results.missing == ()
    assert len(results.stand_ins) == 2
    for fact in results.facts.values():
        assert isinstance(fact.value, str) or np.isfinite(fact.value), fact.name
        assert fact.runs
    limits = content(course, "experiments").LIMITS
    for part, limit in limits.items():
        used = "classifier.sum" if part == "classifier" else part
        assert results.facts[f"{used}.parameters"].value < limit["parameters"]
        assert results.facts[f"{used}.steps"].value == 4
        assert results.facts[f"penalty.{part}.steps"].value == 0
    samples = results.runs["samples"]
    assert samples.array("grid").shape == (64, 16, 16, 3)
    assert samples.array("rows").shape == (8, 8, 16, 16, 3)


@pytest.mark.slow
def test_without_cifar_100_the_classifier_is_still_made(course, tmp_path):
    pytest.importorskip("torch")
    away = (*SMALL, "generator.data=cifar-100")
    results = experiment.run(course, SLUG, "demo", away, data_root=tmp_path, console=QUIET)
    assert results.parts == ("classifier",)
    assert results.missing[0].startswith("generator: CIFAR100 is not in")
