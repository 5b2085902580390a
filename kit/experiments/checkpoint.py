"""The checkpoint of a stage: what it needs to go on, and what it has saved and recorded so far.

One .npz file, replaced whole. Plain arrays only: nothing in it is ever unpickled.
"""

import io
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kit.files import write_bytes

Array = np.ndarray[Any, Any]
KINDS = ("arrays", "local")


class Checkpoint:
    """The state after the last finished epoch, read from `path` when an attempt was interrupted."""

    def __init__(self, path: Path) -> None:
        """Read the checkpoint at `path`, or begin with nothing at epoch 0."""
        self.path = path
        self.epoch = 0
        self.records: dict[str, Any] = {}
        self.saved: dict[str, dict[str, Array]] = {kind: {} for kind in KINDS}
        self._state: dict[str, Array] = {}
        self._seconds = 0.0
        self._start = time.perf_counter()
        if path.is_file():
            self._read()

    def _read(self) -> None:
        with np.load(self.path, allow_pickle=False) as stored:
            about = json.loads(str(stored["about"]))
            for name in stored.files:
                kind, _, rest = name.partition("/")
                if kind in KINDS:
                    self.saved[kind][rest] = stored[name]
                elif kind == "state":
                    self._state[rest] = stored[name]
        self.epoch, self.records = about["epoch"], about["records"]
        self._seconds = about["seconds"]

    @property
    def seconds(self) -> float:
        """The time spent on the stage, interrupted attempts included up to their checkpoint."""
        return self._seconds + time.perf_counter() - self._start

    def state(self) -> tuple[int, dict[str, Array]] | None:
        """The epoch and the arrays to go on from."""
        return (self.epoch, dict(self._state)) if self.epoch else None

    def write(self, epoch: int, state: Mapping[str, Array]) -> None:
        """Replace the checkpoint by `state` after `epoch` and all that is saved and recorded."""
        about = {"epoch": epoch, "records": self.records, "seconds": self.seconds}
        arrays: dict[str, Array] = {"about": np.array(json.dumps(about))}
        arrays |= {f"state/{name}": np.asarray(value) for name, value in state.items()}
        for kind, saved in self.saved.items():
            arrays |= {f"{kind}/{name}": value for name, value in saved.items()}
        write_bytes(self.path, self.pack(arrays))
        self.epoch = epoch

    @staticmethod
    def pack(arrays: Mapping[str, Array]) -> bytes:
        """The bytes of an .npz file of `arrays`; equal arrays give equal bytes."""
        stream = io.BytesIO()
        np.savez(stream, **dict(arrays))  # type: ignore[arg-type]  # numpy's stub of **kwds
        return stream.getvalue()
