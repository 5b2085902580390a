"""Run an assignment's experiments: plan them, find what is finished, run the rest, state the facts.

Every stage runs in this process, one after the other. An interrupted one goes on from its last
checkpoint when the same command is given again.
"""

import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from kit import assignment as manifest
from kit.errors import DataError, KitError
from kit.experiments import data as datasets
from kit.experiments import hardware
from kit.experiments.data import Dataset
from kit.experiments.implementation import NotWrittenError, find
from kit.experiments.plan import DataCache, Experiment, chosen, prepare, specs
from kit.experiments.progress import StageProgress
from kit.experiments.results import Results, by_name
from kit.experiments.stage import Context, Run, Stage
from kit.experiments.store import locked
from kit.framework_noise import import_quietly
from kit.paths import Workspace


class InterruptedRunError(KitError):
    """The user stopped the experiment; what was finished is kept."""

    exit_code = 130


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


def execute(experiment: Experiment, part: str | None, console: Console) -> Results:
    """Run what is not finished of `part`; one whose code or data is missing is left out."""
    stages = chosen(experiment, part)
    data = DataCache(experiment.load_data)
    missing = _without_data(stages, data)
    for text in dict.fromkeys(missing.values()):
        console.print(f"left out: {text}", highlight=False, markup=False, soft_wrap=True)
    out = _out_of_reach(stages, missing)
    known = specs(replace(experiment, load_data=data), [s for s in stages if s.name not in out])
    runs: dict[str, Run] = {}
    for stage in stages:
        if stage.name in _out_of_reach(stages, missing):
            continue
        try:
            runs[stage.name] = _ensure(experiment, stage, known[stage.name], runs, data, console)
        except Exception as error:
            why = _left_out(error, experiment)
            if not why:
                raise
            text = f"{stage.part or stage.name}: {why}"
            # A part counts as a whole: what else it has is not run either.
            rest = [s.name for s in stages if s.part == stage.part and s.name not in runs]
            missing |= dict.fromkeys(rest if stage.part else [stage.name], text)
            console.print(f"left out: {text}", highlight=False, markup=False, soft_wrap=True)
    sentences = tuple(dict.fromkeys(missing.values()))
    if not any(run.part for run in runs.values()):
        raise NotWrittenError(f"nothing could be run: {'; '.join(sentences)}")
    return collect(experiment, part, runs, sentences)


def _without_data(stages: Sequence[Stage], data: DataCache) -> dict[str, str]:
    """The stages that cannot run since a data set is not there, each with the reason.

    Raises:
        DataError: no part has its data.
    """
    faults: dict[str, DataError] = {}
    for name in dict.fromkeys(stage.dataset for stage in stages if stage.dataset):
        try:
            data(name)
        except DataError as error:
            faults[name] = error
    reasons = {s.part or s.name: faults[s.dataset] for s in stages if s.dataset in faults}
    missing = {
        stage.name: f"{stage.part or stage.name}: {reasons[stage.part or stage.name]}"
        for stage in stages
        if (stage.part or stage.name) in reasons  # a part counts as a whole
    }
    out = _out_of_reach(stages, missing)
    if faults and all(stage.name in out for stage in stages if stage.part):
        raise next(iter(faults.values()))
    return missing


def _left_out(error: Exception, experiment: Experiment) -> str:
    """Why a stage cannot run with this implementation; "" where that is not the reason."""
    if isinstance(error, NotWrittenError | NotImplementedError):
        return str(error) or "a function is not written yet"
    return "" if isinstance(error, KitError) else experiment.code.fault(error)


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
        import_quietly(experiment.versions)
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
