"""Published facts: the results of finished parts, frozen in the repository beside the report.

`published/<part>/facts.json` and one folder per run with its spec, metrics, result and arrays,
never weights. A report is built from them anywhere; `changed` names the runs that today's code, or
today's configuration, would compute anew.
"""

import dataclasses
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from kit import assignment as manifest
from kit.errors import KitError
from kit.experiments import data as datasets
from kit.experiments.experiment import collect, finished
from kit.experiments.implementation import Implementation
from kit.experiments.plan import chosen, code_of, prepare
from kit.experiments.results import Results, by_name
from kit.experiments.stage import Fact, Run
from kit.experiments.store import read_run
from kit.files import load_module, read_json, write_bytes, write_json
from kit.paths import Workspace

FILES = ("spec.json", "metrics.jsonl", "result.json", "arrays.npz")


def publish(
    workspace: Workspace,
    slug: str,
    config_name: str,
    part: str,
    *,
    overrides: Sequence[str] = (),
    data_root: Path | None = None,
) -> Path:
    """Freeze the finished runs of `part`; returns the folder that was written.

    Raises:
        KitError: a run of the part is not finished.
    """
    command = f"python -m kit experiment {slug} --config {config_name} --part {part}"
    experiment = prepare(
        workspace,
        slug,
        config_name,
        overrides,
        code=_own_code(workspace, slug),
        load_data=partial(datasets.load, root=datasets.data_root(data_root)),
        command=" ".join([command, *(f"--set {text}" for text in overrides)]),
    )
    runs = finished(experiment, part)
    return freeze(_folder(workspace, slug) / part, collect(experiment, part, runs))


def _own_code(workspace: Workspace, slug: str) -> Implementation:
    return Implementation(workspace.solution(slug), manifest.load(slug, workspace).modules)


def _folder(workspace: Workspace, slug: str) -> Path:
    return workspace.report_template(slug) / "published"


def freeze(folder: Path, results: Results) -> Path:
    """Write `results`, of one part, into `folder` in place of what was there."""
    (part,) = results.parts
    new, old = (folder.with_name(f".{folder.name}.{which}") for which in ("new", "old"))
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    _write(new, part, results)
    if folder.is_dir():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return folder


def _write(folder: Path, part: str, results: Results) -> None:
    for name, run in results.runs.items():
        for file in FILES:
            source = run.folder / file
            if source.is_file():
                write_bytes(folder / name / file, source.read_bytes())
    any_run = next(iter(results.runs.values()))
    write_json(
        folder / "facts.json",
        {
            "assignment": results.slug,
            "part": part,
            "config_name": results.config_names[part],
            "config": results.config,
            "facts": [dataclasses.asdict(fact) for fact in results.facts.values()],
            "runs": {
                name: {"key": run.key, "part": run.part} for name, run in results.runs.items()
            },
            "seconds": round(results.seconds, 1),
            "hardware": any_run.hardware,
            "versions": any_run.versions,
        },
    )


def load_published(workspace: Workspace, slug: str) -> Results:
    """The published results of every part there is, as one.

    Raises:
        KitError: nothing is published.
    """
    folder = _folder(workspace, slug)
    files = {file.parent.name: read_json(file) for file in sorted(folder.glob("*/facts.json"))}
    if not files:
        raise KitError(
            f"{folder} holds no published facts: run an experiment, then publish it, or build the "
            "report from a run with --config demo"
        )
    module = load_module(workspace.report_template(slug) / "experiments.py", f"{slug}_experiments")
    runs: dict[str, Run] = {}
    facts: dict[str, Fact] = {}
    for part, frozen in files.items():
        for name, about in frozen["runs"].items():
            runs[name] = read_run(folder / part / name, about["part"])
        stated = [Fact(**{**fact, "runs": tuple(fact["runs"])}) for fact in frozen["facts"]]
        facts |= by_name(stated)
    names = {part: frozen["config_name"] for part, frozen in files.items()}
    order = [part for part in _part_order(module, files) if part in names]
    return Results(
        slug=slug,
        config=files[order[0]]["config"],
        runs=runs,
        facts=facts,
        claims=module.claims(facts),
        config_names={part: names[part] for part in order},
        published=True,
        changed=_changed(workspace, slug, files),
    )


def _part_order(module: Any, files: dict[str, Any]) -> list[str]:
    planned = [stage.part for frozen in files.values() for stage in module.plan(frozen["config"])]
    return list(dict.fromkeys([*planned, *files]))


def _changed(workspace: Workspace, slug: str, files: dict[str, Any]) -> tuple[str, ...]:
    """The published runs that today's code, on the published configuration, would compute anew.

    Data and versions may differ. A run is the same if everything that it depends on today is as
    it was; that it was once thought to depend on more does not matter.
    """
    changed: list[str] = []
    for part, frozen in files.items():
        experiment = prepare(
            workspace,
            slug,
            frozen["config_name"],
            code=_own_code(workspace, slug),
            load_data=partial(datasets.load, root=datasets.data_root()),
        )
        stages = tuple(experiment.module.plan(frozen["config"]))
        experiment = dataclasses.replace(experiment, stages=stages, config=frozen["config"])
        today = {stage.name: stage for stage in chosen(experiment, part)}
        for name in frozen["runs"]:
            spec = read_json(_folder(workspace, slug) / part / name / "spec.json")
            stage = today.get(name)
            same = (
                stage is not None
                and dict(stage.params) == spec["params"]
                and code_of(experiment, stage).items() <= spec["code"].items()
            )
            if not same:
                changed.append(name)
    return tuple(dict.fromkeys(changed))
