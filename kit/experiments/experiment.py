"""Run an assignment's experiments: plan them, find what is finished, run the rest, state the facts.

Every stage runs in this process, one after the other. An interrupted one goes on from its last
checkpoint when the same command is given again.
"""

import os
import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console

from kit import assignment as manifest
from kit.errors import KitError, UsageError
from kit.experiments import config as configuration
from kit.experiments import data as datasets
from kit.experiments import hardware
from kit.experiments.data import Dataset
from kit.experiments.fingerprint import stage_code
from kit.experiments.implementation import Implementation, NotWrittenError, find
from kit.experiments.progress import StageProgress
from kit.experiments.results import Results, by_name
from kit.experiments.stage import Context, Run, Stage
from kit.experiments.store import RunStore, key_of, locked
from kit.files import load_module
from kit.paths import Workspace


class InterruptedRunError(KitError):
    """The user stopped the experiment; what was finished is kept."""

    exit_code = 130


@dataclass(frozen=True)
class Experiment:
    """All that decides the runs: the plan, the code, the data and the store."""

    slug: str
    module: ModuleType
    stages: tuple[Stage, ...]
    config: Mapping[str, Any]
    config_name: str
    code: Implementation
    store: RunStore
    versions: Mapping[str, str]
    load_data: Callable[[str], Dataset]
    command: str = ""
    device: str = field(default_factory=hardware.device_class)


def run(  # noqa: PLR0913  (the options of one command)
    workspace: Workspace,
    slug: str,
    config_name: str,
    overrides: Sequence[str] = (),
    *,
    part: str | None = None,
    code: Path | None = None,
    trust: bool = False,
    data_root: Path | None = None,
    download: bool = False,
    console: Console | None = None,
) -> Results:
    """Run the experiments of `slug` with a configuration and return what came out.

    Raises:
        UsageError: an option, the configuration or the plan is wrong.
        DataError: a data set is missing.
        NotWrittenError: the implementation lacks what every part needs.
        InterruptedRunError: the user pressed Ctrl-C; the message says how to go on.
    """
    options = [*(f"--set {shlex.quote(text)}" for text in overrides)]
    options += [f"--part {part}"] if part else []
    options += [f"--code {shlex.quote(str(code))}"] if code else []
    options += ["--trust"] if trust else []
    options += [f"--data {shlex.quote(str(data_root))}"] if data_root else []
    experiment = prepare(
        workspace,
        slug,
        config_name,
        overrides,
        code=find(workspace, slug, manifest.load(slug, workspace).modules, code, trust=trust),
        load_data=partial(datasets.load, root=datasets.data_root(data_root), download=download),
        command=" ".join([f"python -m kit experiment {slug} --config {config_name}", *options]),
    )
    return execute(experiment, part, console or Console(stderr=True))


def prepare(  # noqa: PLR0913  (what an experiment consists of)
    workspace: Workspace,
    slug: str,
    config_name: str,
    overrides: Sequence[str] = (),
    *,
    code: Implementation,
    load_data: Callable[[str], Dataset],
    command: str = "",
) -> Experiment:
    """Read the configuration and the plan of an assignment; nothing runs yet."""
    folder = workspace.report_template(slug)
    config = configuration.load(folder / "configs", config_name, overrides)
    module = load_module(folder / "experiments.py", f"{slug}_experiments")
    return Experiment(
        slug=slug,
        module=module,
        stages=_ordered(module.plan(config), folder / "experiments.py"),
        config=config,
        config_name=config_name,
        code=code,
        store=RunStore(workspace.runs(slug)),
        versions=hardware.versions(manifest.load(slug, workspace).frameworks),
        load_data=load_data,
        command=command,
    )


def _ordered(stages: Sequence[Stage], path: Path) -> tuple[Stage, ...]:
    seen: set[str] = set()
    for stage in stages:
        late = [name for name in stage.needs if name not in seen]
        if late or stage.name in seen:
            problem = (
                f"needs {late[0]}, which is not planned before it" if late else "is there twice"
            )
            raise UsageError(f"{path}: stage {stage.name} {problem}")
        seen.add(stage.name)
    return tuple(stages)


def chosen(experiment: Experiment, part: str | None) -> tuple[Stage, ...]:
    """The stages of `part` (of all parts without one) and those they need, in order.

    Raises:
        UsageError: there is no such part.
    """
    parts = list(dict.fromkeys(stage.part for stage in experiment.stages if stage.part))
    if part is not None and part not in parts:
        raise UsageError(f"{experiment.slug} has no part '{part}': name one of {', '.join(parts)}")
    wanted: set[str] = set()
    for stage in reversed(experiment.stages):
        if stage.name in wanted or (stage.part and part in (None, stage.part)):
            wanted |= {stage.name, *stage.needs}
    return tuple(stage for stage in experiment.stages if stage.name in wanted)


def specs(experiment: Experiment, stages: Sequence[Stage]) -> dict[str, dict[str, Any]]:
    """What decides each run, by stage; its key is the hash of this."""
    found: dict[str, dict[str, Any]] = {}
    data = _DataCache(experiment.load_data)
    for stage in stages:
        found[stage.name] = {
            "stage": stage.name,
            "params": dict(stage.params),
            "code": code_of(experiment, stage),
            "needs": {name: key_of(found[name]) for name in stage.needs},
            "dataset": data(stage.dataset).sha256 if stage.dataset else None,
            "versions": dict(experiment.versions),
            "device": experiment.device,
        }
    return found


def code_of(experiment: Experiment, stage: Stage) -> dict[str, str]:
    """The fingerprints of the code that a stage depends on."""
    source = Path(stage.function.__code__.co_filename)
    return stage_code(stage.function.__name__, source, experiment.code.owners)


class _DataCache:
    """Each data set is read once per command."""

    def __init__(self, load: Callable[[str], Dataset]) -> None:
        self._load = load
        self._sets: dict[str, Dataset] = {}

    def __call__(self, name: str) -> Dataset:
        if name not in self._sets:
            self._sets[name] = self._load(name)
        return self._sets[name]


def execute(experiment: Experiment, part: str | None, console: Console) -> Results:
    """Run what is not finished of `part`; a part that is not implemented is left out, and named."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes are not the user's
    stages = chosen(experiment, part)
    data = _DataCache(experiment.load_data)
    known = specs(replace(experiment, load_data=data), stages)
    runs: dict[str, Run] = {}
    missing: dict[str, str] = {}
    for stage in stages:
        if stage.name in _out_of_reach(stages, missing):
            continue
        try:
            runs[stage.name] = _ensure(experiment, stage, known[stage.name], runs, data, console)
        except (NotWrittenError, NotImplementedError) as error:
            why = str(error) or "a function is not written yet"
            missing[stage.name] = f"{stage.part or stage.name}: {why}"
            console.print(f"left out: {missing[stage.name]}", highlight=False, soft_wrap=True)
    sentences = tuple(dict.fromkeys(missing.values()))
    if not any(run.part for run in runs.values()):
        raise NotWrittenError(f"nothing could be run: {'; '.join(sentences)}")
    return collect(experiment, part, runs, sentences)


def _out_of_reach(stages: Sequence[Stage], missing: Collection[str]) -> set[str]:
    """What need not run: a stage that needs a missing one, a shared one that nobody needs now."""
    out = set(missing)
    while True:
        found = {stage.name for stage in stages if out.intersection(stage.needs)}
        for stage in stages:
            users = {other.name for other in stages if stage.name in other.needs}
            if not stage.part and users <= out:
                found.add(stage.name)
        if found <= out:
            return out
        out |= found


def _ensure(
    experiment: Experiment,
    stage: Stage,
    spec: dict[str, Any],
    runs: Mapping[str, Run],
    data: Callable[[str], Dataset],
    console: Console,
) -> Run:
    store = experiment.store
    done = store.find(spec, stage.part)
    if done:
        return done
    progress = StageProgress(console, stage.name)
    with locked(store.folder(spec), partial(console.print, highlight=False, soft_wrap=True)):
        done = store.find(spec, stage.part)  # another process may have finished it meanwhile
        if done:
            return done
        dataset = data(stage.dataset) if stage.dataset else None
        context = Context(stage, store.begin(spec), experiment.code, dataset, runs, progress)
        try:
            stage.function(context)
        except KeyboardInterrupt:
            raise _interrupted(experiment, stage, context) from None
        finally:
            progress.close()
        result = {
            "records": context.finish(),
            "seconds": round(context.seconds, 3),
            "hardware": hardware.describe(),
            "dataset": dataset.about() if dataset else None,
        }
        store.finish(spec, result)
    finished = store.find(spec, stage.part)
    if finished is None:
        raise KitError(f"{store.folder(spec)} disappeared while {stage.name} ran; run it again")
    console.print(f"{stage.name}: done in {finished.seconds:.1f} s", highlight=False)
    return finished


def _interrupted(experiment: Experiment, stage: Stage, context: Context) -> InterruptedRunError:
    kept = context.resume()
    where = f"after epoch {kept[0]} of {stage.name}" if kept else f"at the start of {stage.name}"
    return InterruptedRunError(f"stopped {where}; to go on from there: {experiment.command}")


def collect(
    experiment: Experiment, part: str | None, runs: Mapping[str, Run], missing: tuple[str, ...] = ()
) -> Results:
    """The facts and claims of the parts all of whose stages are among `runs`."""
    planned = chosen(experiment, part)
    parts = dict.fromkeys(stage.part for stage in planned if stage.part)
    whole = [
        name for name in parts if all(stage.name in runs for stage in chosen(experiment, name))
    ]
    needed = {stage.name for name in whole for stage in chosen(experiment, name)}
    kept = {name: run for name, run in runs.items() if name in needed}
    facts = by_name(experiment.module.facts(kept, experiment.config))
    return Results(
        slug=experiment.slug,
        config=experiment.config,
        runs=kept,
        facts=facts,
        claims=experiment.module.claims(facts),
        config_names=dict.fromkeys(whole, experiment.config_name),
        missing=missing,
    )


def finished(experiment: Experiment, part: str) -> dict[str, Run]:
    """The finished runs of a part, without running anything.

    Raises:
        KitError: one of them is not finished; the message says how to run it.
    """
    stages = chosen(experiment, part)
    known = specs(experiment, stages)
    runs: dict[str, Run] = {}
    for stage in stages:
        found = experiment.store.find(known[stage.name], stage.part)
        if found is None:
            raise KitError(f"{stage.name} has not been run; run it first: {experiment.command}")
        runs[stage.name] = found
    return runs
