"""The experiments of the fifth assignment: plans, a stop and a start, the facts of a small run."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from interruption import interrupted_after
from rich.console import Console

from kit.experiments import config, experiment
from kit.experiments.experiment import InterruptedRunError
from kit.files import load_module
from kit.paths import Workspace, find_workspace

SLUG = "a5_foundations"
QUIET = Console(quiet=True)
SMALL = (
    *("mlp.epochs=1", "mlp.long_epochs=1", "mlp.hidden=[16, 8]", "cnn.epochs=3", "cnn.batch=256"),
    *("deeper.epochs=1", "deeper.widths=[4, 4, 4]", "bonus.larger.epochs=1"),
    *("bonus.larger.options.widths=[4, 4, 8]", "bonus.regularised.epochs=1"),
)


@pytest.fixture
def course(monkeypatch, tmp_path) -> Workspace:
    """The repository, with a run store of its own."""
    workspace = find_workspace(Path(__file__).parent)
    if not workspace.report_template(SLUG).is_dir():
        pytest.skip(f"{SLUG} is not in this repository")
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    return workspace


@pytest.mark.parametrize("name", ["demo", "quick", "full"])
def test_every_configuration_has_a_plan_that_keeps_the_test_images_for_the_end(course, name):
    folder = course.report_template(SLUG)
    settings = config.load(folder / "configs", name)
    stages = load_module(folder / "experiments.py", f"{SLUG}_experiments").plan(settings)
    names = [stage.name for stage in stages]
    assert len(names) == len(set(names))
    assert {stage.part for stage in stages} == {"mlp", "cnn", "bonus"}
    for stage in stages:
        assert set(stage.needs) < set(names)
        trained = re.match(r"(mlp|cnn|bonus)-(?!code)", stage.name)
        assert stage.params.get("test", False) is bool(trained)


@pytest.mark.parametrize("name", ["demo", "quick", "full"])
def test_every_text_names_facts_that_are_stated(course, name):
    """The networks of the text are those of the plan, in the words of both."""
    folder = course.report_template(SLUG)
    settings = config.load(folder / "configs", name)
    stages = load_module(folder / "experiments.py", f"{SLUG}_experiments").plan(settings)
    networks = {stage.name.rsplit("-", 1)[0].replace("-", ".") for stage in stages}
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.tex"))
    told = re.findall(r"\\res(?:unit|value)?\{((?:mlp|cnn)\.\w+)\.(?:test|validation)_\w+\}", text)
    assert told and set(told) <= networks


@pytest.mark.slow
def test_pytorch_goes_on_to_the_last_bit(course, monkeypatch, tmp_path):
    pytest.importorskip("torch")
    stage = "cnn-base-0"
    small = (*SMALL, "cnn.epochs=4")
    whole = experiment.run(course, SLUG, "demo", small, part="cnn", console=QUIET)
    monkeypatch.setenv("KIT_WORK", str(tmp_path / "again"))
    told = pytest.raises(InterruptedRunError, match=f"after epoch 2 of {stage}")
    with interrupted_after(stage, 2), told:
        experiment.run(course, SLUG, "demo", small, part="cnn", console=QUIET)
    parts = experiment.run(course, SLUG, "demo", small, part="cnn", console=QUIET)
    assert parts.runs[stage].history == whole.runs[stage].history
    assert parts.runs[stage].result == whole.runs[stage].result


VIEW = """
class _Rows(nn.Module):
    def forward(self, maps):
        return maps.view(-1, maps.shape[1] * maps.shape[2] * maps.shape[3])
"""


@pytest.mark.slow
def test_networks_that_flatten_by_a_view_train_too(course, tmp_path):
    pytest.importorskip("torch")
    folder = shutil.copytree(course.solution(SLUG), tmp_path / "code")
    source = (folder / "cnn.py").read_text(encoding="utf-8")
    assert "nn.Flatten()," in source
    source = source.replace("class BaseCNN", f"{VIEW}\n\nclass BaseCNN")
    source = source.replace("nn.Flatten(),", "_Rows(),")
    (folder / "cnn.py").write_text(source, encoding="utf-8")
    small = (*SMALL, "cnn.epochs=1", "cnn.affine_epochs=1")
    found = experiment.run(
        course, SLUG, "demo", small, part="cnn", code=folder, trust=True, console=QUIET
    )
    assert found.parts == ("cnn",) and found.missing == ()


@pytest.mark.slow
def test_every_part_runs_and_states_finite_facts(course):
    for framework in ("torch", "keras"):
        pytest.importorskip(framework)
    results = experiment.run(course, SLUG, "demo", SMALL, console=QUIET)
    assert results.parts == ("mlp", "cnn", "bonus") and results.missing == ()
    assert len(results.stand_ins) == 2
    for fact in results.facts.values():
        assert isinstance(fact.value, str) or np.isfinite(fact.value), fact.name
        assert fact.runs
    counts = {"base": 62_006, "strided": 63_196, "strided3": 64_656, "narrow": 137_712}
    for name, count in counts.items():
        assert results.facts[f"cnn.{name}.parameters"].value == count
    remedy = {"overfitting": "regularised", "underfitting": "larger"}
    used = results.config["bonus"][remedy[str(results.facts["bonus.diagnosis"].value)]]
    assert results.facts["bonus.weight_decay"].value == f"{used['weight_decay']:g}"
