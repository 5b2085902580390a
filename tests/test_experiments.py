"""Experiments from plan to published facts, on a toy workspace; the first assignment's, slowly."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from interruption import interrupted_after
from rich.console import Console

from kit.errors import DataError, KitError, UsageError
from kit.experiments import Stage, config, experiment, published
from kit.experiments.experiment import InterruptedRunError
from kit.experiments.implementation import Implementation, NotWrittenError
from kit.experiments.published import load_published, publish
from kit.paths import Workspace, find_workspace

MANIFEST = """
title = "Toy"
summary = "A toy."
frameworks = ["numpy"]
components = {auto = 2, report = 0}
handin = {files = [{name = "means.py", module = "means"}, {name = "sums.py", module = "sums"}]}
report = {style = "single"}
[[question]]
id = "q1"
title = "Means"
points = 1
functions = ["means.mean"]
[[question]]
id = "q2"
title = "Sums"
points = 1
functions = ["sums.total"]
"""
EXPERIMENTS = '''
"""Toy experiments: a shared stage and two parts."""
import numpy as np
from kit.experiments import Fact, Stage

def plan(config):
    def stage(name, part, function, needs=()):
        return Stage(name, part, function, {"epochs": config["epochs"]}, needs, "digits")
    return [
        stage("pixels", "", pixels),
        stage("mean", "means", mean, ("pixels",)),
        stage("sum", "sums", total, ("pixels",)),
    ]

def pixels(ctx):
    ctx.save("pixels", ctx.data.train_images[:2], local=True)

def mean(ctx):
    """The mean, epoch by epoch."""
    done, state = ctx.resume() or (0, {})
    value = state.get("value", np.zeros(()))
    for epoch in range(done + 1, ctx.params["epochs"] + 1):
        value = value + ctx.code.mean(ctx.run("pixels").array("pixels"))
        ctx.epoch(epoch, ctx.params["epochs"], value=value)
        ctx.checkpoint(epoch, {"value": value})
    ctx.record("mean", value)

def total(ctx):
    ctx.record("total", ctx.code.total(ctx.run("pixels").array("pixels")))

def facts(runs, config):
    found = []
    for name, key in (("mean", "mean"), ("sum", "total")):
        if name in runs:
            found.append(Fact(name, runs[name].result[key], runs=(runs[name].key,)))
    return found

def claims(facts):
    return {"mean_is_positive": facts["mean"].value > 0} if "mean" in facts else {}
'''
MEANS = "def mean(x):\n    return float(x.mean())\n"
SUMS = "def total(x):\n    return int(x.sum())\n"
QUIET = Console(quiet=True)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    texts = {
        "autograder/toy/assignment.toml": MANIFEST,
        "report_templates/toy/experiments.py": EXPERIMENTS,
        "report_templates/toy/configs/demo.toml": "epochs = 3\n[table]\nrate = 0.5\nname = 'a'\n",
        "solutions/toy/means.py": MEANS,
        "solutions/toy/sums.py": SUMS,
    }
    for name, text in texts.items():
        edit(tmp_path / name, text)
    monkeypatch.delenv("KIT_WORK", raising=False)
    return Workspace(tmp_path, released=False)


def edit(path: Path, text: str, new: str | None = None) -> None:
    """Write `text`, or put `new` in its place in the file that is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if new is not None:
        assert text in path.read_text()
        text = path.read_text().replace(text, new)
    path.write_text(text)


def run(workspace: Workspace, **options):
    return experiment.run(workspace, "toy", "demo", console=QUIET, **options)


def folders(workspace: Workspace) -> set[str]:
    return {path.name for path in workspace.runs("toy").iterdir()}


def test_a_second_run_computes_nothing(toy):
    first = run(toy)
    assert first.parts == ("means", "sums") and first.claims == {"mean_is_positive": True}
    assert set(first.runs) == {"pixels", "mean", "sum"} and first.stand_ins
    stamps = {path: path.stat().st_mtime_ns for path in toy.runs("toy").rglob("*")}
    again = run(toy)
    assert again.facts == first.facts
    assert stamps == {path: path.stat().st_mtime_ns for path in toy.runs("toy").rglob("*")}


def test_an_edit_runs_anew_what_depends_on_it_and_what_needs_that(toy):
    run(toy)
    before = folders(toy)
    edit(toy.solution("toy") / "means.py", "def mean", "# a comment\ndef mean")
    run(toy)
    assert folders(toy) == before
    edit(toy.solution("toy") / "means.py", "x.mean()", "2 * x.mean()")
    changed = run(toy)
    assert {name.partition("-")[0] for name in folders(toy) - before} == {"mean"}
    before = folders(toy)
    edit(toy.report_template("toy") / "experiments.py", "[:2]", "[:3]")
    assert run(toy).facts["mean"] != changed.facts["mean"]
    new = {name.partition("-")[0] for name in folders(toy) - before}
    assert new == {"pixels", "mean", "sum"}


def test_a_part_runs_alone_with_what_it_needs(toy):
    results = run(toy, part="sums")
    assert set(results.runs) == {"pixels", "sum"} and set(results.facts) == {"sum"}
    with pytest.raises(UsageError, match="means, sums"):
        run(toy, part="medians")


def test_ctrl_c_leaves_a_run_that_goes_on_and_says_how(toy, monkeypatch):
    whole = run(toy).facts["mean"].value
    for path in toy.runs("toy").glob("mean-*/result.json"):
        path.unlink()
    edit(toy.solution("toy") / "means.py", "x.mean()", "x.mean() * 2 / 2")
    calls = []

    def stop(self, epoch, epochs, **metrics):
        calls.append(epoch)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(self, epoch, epochs, **metrics)

    original = experiment.Context.epoch
    monkeypatch.setattr(experiment.Context, "epoch", stop)
    with pytest.raises(InterruptedRunError) as caught:
        run(toy, part="means", overrides=("table.name=b c",))
    assert caught.value.exit_code == 130
    assert "after epoch 1 of mean" in str(caught.value)
    command = "python -m kit experiment toy --config demo --set 'table.name=b c' --part means"
    assert str(caught.value).endswith(command)
    assert run(toy, part="means").facts["mean"].value == whole
    assert calls == [1, 2, 2, 3]
    assert not list(toy.runs("toy").glob("*/lock"))


def test_what_is_not_written_is_left_out_and_named(toy):
    edit(toy.solution("toy") / "sums.py", SUMS, "def total(x):\n    raise NotImplementedError\n")
    results = run(toy)
    assert results.parts == ("means",) and set(results.facts) == {"mean"}
    assert len(results.missing) == 1 and results.missing[0].startswith("sums: ")
    (toy.solution("toy") / "sums.py").unlink()
    assert "no function 'total' in means.py, sums.py" in run(toy).missing[0]
    with pytest.raises(NotWrittenError, match="no function 'total'"):
        run(toy, part="sums")


def test_a_part_without_its_data_is_left_out_and_named(toy, tmp_path):
    experiments = toy.report_template("toy") / "experiments.py"
    edit(experiments, 'needs, "digits")', 'needs, "mnist" if part == "sums" else "digits")')
    results = run(toy, data_root=tmp_path)
    assert results.parts == ("means",) and set(results.runs) == {"pixels", "mean"}
    assert len(results.missing) == 1 and "sums: MNIST is not in" in results.missing[0]
    with pytest.raises(DataError, match="MNIST is not in"):
        run(toy, part="sums", data_root=tmp_path)


def test_a_shared_stage_that_nobody_needs_any_more_does_not_run():
    def stage(name: str, part: str, *needs: str) -> Stage:
        return Stage(name, part, print, {}, needs)

    gans = [stage("dense", "d"), stage("conv", "c")]
    judges = [stage("scorer", ""), stage("reference", "", "scorer")]
    scores = [
        stage(f"{gan}-score", gan[0], gan, "scorer", "reference") for gan in ("dense", "conv")
    ]
    stages = [*gans, *judges, *scores]
    assert experiment._out_of_reach(stages, {"dense"}) == {"dense", "dense-score"}
    assert experiment._out_of_reach(stages, ["dense", "conv"]) == {stage.name for stage in stages}
    assert experiment._out_of_reach(stages, {}) == set()


def test_code_from_elsewhere_needs_trust(toy, tmp_path):
    folder = tmp_path / "student"
    edit(folder / "means.py", "def mean(x):\n    return 7.0\n")
    edit(folder / "sums.py", SUMS)
    with pytest.raises(UsageError, match="--trust"):
        run(toy, code=folder)
    assert run(toy, code=folder, trust=True).facts["mean"].value == 21.0
    assert run(toy).facts["mean"].value != 21.0
    with pytest.raises(UsageError, match="is not a folder"):
        run(toy, code=tmp_path / "nobody", trust=True)


def test_published_facts_need_neither_code_nor_runs_nor_data(toy, monkeypatch):
    with pytest.raises(KitError, match="holds no published facts"):
        load_published(toy, "toy")
    with pytest.raises(KitError, match=r"pixels has not been run; run it first: .*--part means"):
        publish(toy, "toy", "demo", "means")
    results = run(toy)
    folder = publish(toy, "toy", "demo", "means")
    assert not list(folder.rglob("local.npz")) and (folder / "facts.json").is_file()
    published = load_published(toy, "toy")
    assert published.published and published.parts == ("means",) and published.changed == ()
    assert published.facts == {"mean": results.facts["mean"]}
    assert published.claims == {"mean_is_positive": True}
    assert published.runs["mean"].history == results.runs["mean"].history
    publish(toy, "toy", "demo", "sums")
    edit(toy.solution("toy") / "means.py", "x.mean()", "2 * x.mean()")
    both = load_published(toy, "toy")
    assert both.parts == ("means", "sums") and both.changed == ("mean",)
    assert both.facts["mean"] == results.facts["mean"]


def test_publishing_twice_writes_the_same_bytes(toy):
    run(toy)
    folder = publish(toy, "toy", "demo", "means")
    first = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    publish(toy, "toy", "demo", "means")
    assert first == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert [path.name for path in folder.parent.iterdir()] == ["means"]


def test_publishing_that_is_stopped_leaves_what_was_published(toy, monkeypatch):
    run(toy)
    folder = publish(toy, "toy", "demo", "means")
    first = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    monkeypatch.setattr(published, "write_json", stopped)
    with pytest.raises(KeyboardInterrupt):
        publish(toy, "toy", "demo", "means")
    assert first == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stopped(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_fault_names_the_line_however_the_folder_was_named(tmp_path, monkeypatch):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "work.py").write_text("def f():\n    return 1 / 0\n")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    theirs = Implementation(Path("../code"), ["work"])
    with pytest.raises(ZeroDivisionError) as caught:
        theirs.f()
    assert "(work.py:2)" in theirs.fault(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tabel.rate=1", "there are epochs, seeds, table; did you mean table"),
        ("table.rat=1", "table.rate, table.name"),
        ("epochs.x=1", "epochs is a value, not a table"),
        ("epochs=many", "should be int like 3"),
        ("epochs=true", "should be int like 3"),
        ("epochs=0", "--set epochs=0: the value should be above 0"),
        ("table.rate=-0.1", "the value should be above 0"),
        ("seeds=[]", "the value should not be empty"),
        ("table=1", "should be a table"),
        ("epochs", "has no value"),
    ],
)
def test_an_override_that_does_not_fit_is_one_sentence(text, sentence):
    settings = {"epochs": 3, "seeds": [0], "table": {"rate": 0.5, "name": "a"}}
    with pytest.raises(UsageError) as caught:
        config.override(settings, text)
    assert sentence in str(caught.value)


def test_overrides_change_a_copy():
    settings = {"epochs": 3, "table": {"rate": 0.5, "name": "a"}, "seeds": [0]}
    changed = config.override(config.override(settings, "table.rate=1"), "seeds=[0, 1]")
    assert changed["table"]["rate"] == 1.0 and changed["seeds"] == [0, 1]
    assert config.override(settings, "table.name=plain words")["table"]["name"] == "plain words"
    assert settings["table"]["rate"] == 0.5


def test_an_unknown_configuration_names_the_known_ones(toy):
    with pytest.raises(UsageError, match="no configuration 'large': name one of demo"):
        experiment.run(toy, "toy", "large", console=QUIET)


def test_a_plan_out_of_order_is_an_error(toy):
    path = toy.report_template("toy") / "experiments.py"
    edit(path, 'stage("pixels", "", pixels),', "")
    with pytest.raises(UsageError, match="stage mean needs pixels"):
        run(toy)


@pytest.fixture
def first(monkeypatch, tmp_path) -> Workspace:
    """The repository, with a run store of its own."""
    workspace = find_workspace(Path(__file__).parent)
    if not (workspace.root / "report_templates" / SLUG).is_dir():
        pytest.skip(f"{SLUG} is not in this repository")
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    return workspace


SLUG = "a1_compression_gan"
SMALL = (
    *("compression.epochs=4", "compression.refine_epochs=4"),
    *("dense_gan.epochs=4", "dense_gan.images=128", "conv_gan.epochs=2", "conv_gan.images=64"),
    *("scorer.training.epochs=1", "gan.samples=64"),
)


@pytest.mark.parametrize("name", ["demo", "quick", "full"])
def test_every_configuration_has_a_plan(first, name):
    folder = first.report_template(SLUG)
    settings = config.load(folder / "configs", name)
    from kit.files import load_module

    stages = load_module(folder / "experiments.py", "a1_experiments").plan(settings)
    names = [stage.name for stage in stages]
    assert len(names) == len(set(names))
    assert {stage.part for stage in stages} == {"", "compression", "dense_gan", "conv_gan"}
    for stage in stages:
        assert set(stage.needs) < set(names)
    held_out = [stage for stage in stages if stage.name.startswith("tune-")]
    assert all(stage.params["held_out"] > 0 for stage in held_out)


@pytest.mark.slow
@pytest.mark.parametrize(("part", "stage"), [("compression", "svd-4-0"), ("dense_gan",) * 2])
def test_keras_goes_on_to_the_last_bit(first, monkeypatch, tmp_path, part, stage):
    whole = experiment.run(first, SLUG, "demo", SMALL, part=part, console=QUIET)
    monkeypatch.setenv("KIT_WORK", str(tmp_path / "again"))
    told = pytest.raises(InterruptedRunError, match=f"after epoch 2 of {stage}")
    with interrupted_after(stage, 2), told:
        experiment.run(first, SLUG, "demo", SMALL, part=part, console=QUIET)
    parts = experiment.run(first, SLUG, "demo", SMALL, part=part, console=QUIET)
    assert parts.runs[stage].history == whole.runs[stage].history
    assert parts.runs[stage].key == whole.runs[stage].key
    for name in whole.runs[stage].arrays:
        np.testing.assert_array_equal(parts.runs[stage].array(name), whole.runs[stage].array(name))


@pytest.mark.slow
def test_every_part_runs_and_states_finite_facts(first):
    results = experiment.run(first, SLUG, "demo", SMALL, console=QUIET)
    assert results.parts == ("compression", "dense_gan", "conv_gan") and results.missing == ()
    assert results.stand_ins
    for fact in results.facts.values():
        assert isinstance(fact.value, str) or np.isfinite(fact.value), fact.name
        assert fact.runs and dataclasses.asdict(fact)
    counts = [results.facts[f"compression.{f}x.parameters"].value for f in (2, 4, 8)]
    assert counts == [48_410, 24_180, 11_728]
    assert results.facts["conv_gan.discriminator.parameters"].value == 212_865
