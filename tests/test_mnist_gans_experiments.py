"""The experiments of the second assignment: plans, measures on known images, facts and texts."""

import re
from pathlib import Path

import numpy as np
import pytest

from kit.experiments import config
from kit.files import load_module
from kit.paths import Workspace, find_workspace

SLUG = "a2_mnist_gans"
SIZES = ("demo", "quick", "full")


@pytest.fixture(scope="module")
def course() -> Workspace:
    """The repository."""
    workspace = find_workspace(Path(__file__).parent)
    if not workspace.report_template(SLUG).is_dir():
        pytest.skip(f"{SLUG} is not in this repository")
    return workspace


@pytest.fixture(scope="module")
def measures(course):
    """The assignment's measures."""
    return load_module(course.report_template(SLUG) / "measures.py", f"{SLUG}_measures")


def planned(course, size):
    """The stages of a configuration."""
    folder = course.report_template(SLUG)
    settings = config.load(folder / "configs", size)
    return load_module(folder / "experiments.py", f"{SLUG}_experiments").plan(settings), settings


@pytest.mark.parametrize("size", SIZES)
def test_every_configuration_plans_all_five_questions(course, size):
    stages, _ = planned(course, size)
    names = [stage.name for stage in stages]
    assert len(names) == len(set(names))
    parts = {stage.part for stage in stages}
    assert parts == {"", "dcgan", "cgan", "metrics", "retraining", "bonus"}


@pytest.mark.parametrize("size", SIZES)
def test_an_arm_is_the_base_with_one_change(course, size):
    stages, settings = planned(course, size)
    params = {stage.name: dict(stage.params) for stage in stages}
    for kind in ("dcgan", "cgan"):
        for arm, change in settings[kind]["arms"].items():
            assert params[f"{kind}-{arm}"] == {**params[f"{kind}-base"], **change}


@pytest.mark.parametrize("size", SIZES)
def test_the_guide_is_another_network_than_the_judge(course, size):
    params = {stage.name: stage.params for stage in planned(course, size)[0]}
    judge, guide = params["judge"], params["guide"]
    assert judge["seed"] != guide["seed"]
    guided = next(stage for stage in planned(course, size)[0] if stage.name == "guided")
    assert "judge" not in guided.needs


@pytest.mark.parametrize("size", SIZES)
def test_own_generators_never_need_the_one_that_saw_all_labels(course, size):
    stages, settings = planned(course, size)
    few = [stage for stage in stages if stage.name.startswith("few-")]
    counts, seeds = settings["retraining"]["few"]["counts"], settings["retraining"]["few"]["seeds"]
    assert len(few) == len(counts) * len(seeds)
    assert len(seeds) > 1
    assert len({stage.params["steps"] for stage in few}) == 1


def test_neighbourhoods_of_equal_and_of_distant_sets(measures):
    rng = np.random.default_rng(0)
    real = rng.normal(size=(200, 4))
    same = measures.neighbourhoods(real, real.copy(), 3, 5)
    assert same["precision"] == same["recall"] == same["coverage"] == 1
    away = measures.neighbourhoods(real, real + 100, 3, 5)
    assert set(away.values()) == {0.0}


def test_a_collapsed_generator_is_precise_and_nothing_else(measures):
    real = np.random.default_rng(0).normal(size=(200, 4))
    one = np.repeat(real[:1], 200, axis=0) + np.random.default_rng(1).normal(size=(200, 4)) * 1e-3
    found = measures.neighbourhoods(real, one, 3, 5)
    assert found["precision"] == 1
    assert found["recall"] < 0.05
    assert found["coverage"] < 0.2


def test_the_birthday_test_finds_a_repeated_image(measures):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (300, 28, 28)).astype(np.uint8)
    assert measures.closest(images, 50, 5, rng).min() > 0
    assert measures.closest(images[np.arange(300) % 10], 50, 5, rng).max() == 0


def test_balance_and_spread(measures):
    balance = measures.class_balance(np.array([0, 0, 1, 1]), 4)
    assert balance["covered"] == 2
    assert balance["total_variation"] == pytest.approx(0.5)
    features = np.array([[0.0], [2.0], [10.0], [10.0]])
    assert measures.spread_within(features, np.array([0, 0, 1, 1])) == pytest.approx(0.5)


def test_every_claim_of_the_texts_is_computed(course):
    """A name in the sources that nothing computes would stop a build."""
    folder = course.report_template(SLUG)
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.tex"))
    text = re.sub(r"(?<!\\)%.*", "", text)
    told = set(re.findall(r"\\(?:whether|claim)\{(\w+)\}", text))
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*_facts.py"))
    fixed = {name for name in told if f'"{name}"' in code}
    made = {name for name in told - fixed if re.match(r"(dcgan|cgan|least|most)_", name)}
    assert told == fixed | made
