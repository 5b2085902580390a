"""An experiment before anything runs: its stages in order, and what decides the key of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from kit import assignment as manifest
from kit.errors import UsageError
from kit.experiments import config as configuration
from kit.experiments import hardware
from kit.experiments.data import Dataset
from kit.experiments.fingerprint import stage_code
from kit.experiments.implementation import Implementation
from kit.experiments.stage import Stage
from kit.experiments.store import RunStore, key_of
from kit.files import load_module
from kit.paths import Workspace


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
    data = DataCache(experiment.load_data)
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


class DataCache:
    """Each data set is read once per command."""

    def __init__(self, load: Callable[[str], Dataset]) -> None:
        self._load = load
        self._sets: dict[str, Dataset] = {}

    def __call__(self, name: str) -> Dataset:
        """The data set of that name."""
        if name not in self._sets:
            self._sets[name] = self._load(name)
        return self._sets[name]
