"""What an assignment's experiments are made of: stages, the runs they leave, and facts.

A stage is a function of a `Context`. What it saves and records through the context is all that
remains of it; a stage never touches the file system itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from kit.experiments.checkpoint import Checkpoint
from kit.experiments.data import Dataset
from kit.experiments.metrics import MetricsFile, plain
from kit.files import write_bytes

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Fact:
    """A value that a report may state: `value` with `spread` (standard deviation) over `n` runs.

    `digits` is the number of decimals a report prints; `runs` are the keys it was computed from.
    """

    name: str
    value: float | int | str
    unit: str = ""
    digits: int = 2
    spread: float | None = None
    n: int = 1
    runs: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The value as a terminal shows it, with its spread and unit."""
        if isinstance(self.value, str):
            return self.value
        spread = "" if self.spread is None else f" ± {self.spread:.{self.digits}f}"
        return f"{self.value:.{self.digits}f}{spread} {self.unit}".rstrip()


@dataclass(frozen=True)
class Run:
    """A finished stage, read from the store or from the published facts."""

    key: str
    stage: str
    part: str
    params: Mapping[str, Any]
    history: list[dict[str, Any]]
    result: dict[str, Any]
    seconds: float
    hardware: dict[str, Any]
    versions: dict[str, str]
    dataset: dict[str, Any] | None
    folder: Path

    @cached_property
    def _arrays(self) -> dict[str, Array]:
        arrays: dict[str, Array] = {}
        for name in ("arrays.npz", "local.npz"):
            if (self.folder / name).is_file():
                with np.load(self.folder / name, allow_pickle=False) as stored:
                    arrays.update(stored)
        return arrays

    def array(self, name: str) -> Array:
        """A saved array; KeyError with the names there are when it is not one of them."""
        if name not in self._arrays:
            raise KeyError(f"run {self.stage} saved no '{name}', only {sorted(self._arrays)}")
        return self._arrays[name]

    @property
    def arrays(self) -> tuple[str, ...]:
        """The names of the saved arrays."""
        return tuple(sorted(self._arrays))


@dataclass(frozen=True)
class Stage:
    """One unit of work: `function(context)` with `params`, after the stages it needs.

    A stage of part "" is shared: it runs when a stage of another part needs it.
    """

    name: str
    part: str
    function: Callable[["Context"], None]
    params: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    dataset: str | None = None


class Context:
    """What a running stage sees, and the only way it leaves anything behind."""

    def __init__(
        self,
        stage: Stage,
        folder: Path,
        code: Any,
        data: Dataset | None,
        runs: Mapping[str, Run],
        progress: Callable[[int, int, dict[str, Any]], None] = lambda *_: None,
    ) -> None:
        """Prepare a stage in `folder`, where an interrupted one may have left a checkpoint."""
        self.params = stage.params
        self.seed = int(stage.params.get("seed", 0))
        self.code = code
        self._data = data
        self._runs = {name: runs[name] for name in stage.needs}
        self._folder = folder
        self._progress = progress
        self._checkpoint = Checkpoint(folder / "checkpoint.npz")
        self._metrics = MetricsFile(folder / "metrics.jsonl")
        self._metrics.keep(self._checkpoint.epoch or -1)  # without one not even a row of epoch 0

    @property
    def data(self) -> Dataset:
        """The data set that the stage names."""
        if self._data is None:
            raise KeyError("this stage names no data set: give Stage(..., dataset=...)")
        return self._data

    def run(self, name: str) -> Run:
        """A finished stage that this one needs."""
        if name not in self._runs:
            raise KeyError(f"'{name}' is not among the needs of this stage: {sorted(self._runs)}")
        return self._runs[name]

    def epoch(self, epoch: int, epochs: int, **metrics: Any) -> None:
        """Append one row of metrics to the history and show the progress."""
        row = {"epoch": epoch, **{name: plain(value) for name, value in metrics.items()}}
        self._metrics.append(row)
        self._progress(epoch, epochs, row)

    def checkpoint(self, epoch: int, arrays: Mapping[str, Array]) -> None:
        """Keep `arrays`, with all saved so far, so that the stage can go on after `epoch`."""
        self._checkpoint.write(epoch, arrays)

    def resume(self) -> tuple[int, dict[str, Array]] | None:
        """The last finished epoch and its arrays, if an earlier attempt was interrupted."""
        return self._checkpoint.state()

    def save(self, name: str, array: Array, *, local: bool = False) -> None:
        """Keep an array as a result; a `local` one (weights) is never published."""
        self._checkpoint.saved["local" if local else "arrays"][name] = np.asarray(array)

    def record(self, name: str, value: Any) -> None:
        """Keep a JSON value as a result."""
        self._checkpoint.records[name] = plain(value)

    @property
    def history(self) -> list[dict[str, Any]]:
        """The rows so far, those of an interrupted attempt included."""
        return list(self._metrics.rows)

    @property
    def seconds(self) -> float:
        """The time spent so far, that of interrupted attempts up to their checkpoint included."""
        return self._checkpoint.seconds

    def finish(self) -> dict[str, Any]:
        """Write the saved arrays; the records, for the result that the store writes last."""
        for kind, arrays in self._checkpoint.saved.items():
            if arrays:
                write_bytes(self._folder / f"{kind}.npz", self._checkpoint.pack(arrays))
        return self._checkpoint.records
