"""The rows that a stage reports, one per epoch, as JSON lines on the disk at once."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from kit.files import write_text


def plain(value: Any) -> Any:
    """`value` with what NumPy, PyTorch and TensorFlow compute turned into what JSON knows."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if callable(getattr(value, "numpy", None)):
        value = value.numpy()
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The complete rows of a metrics file; a last line cut short by a crash is left out."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines[:-1]]


class MetricsFile:
    """The metrics of a stage: `rows` in memory, the same on disk."""

    def __init__(self, path: Path) -> None:
        """Open the rows at `path`, if an earlier attempt left any."""
        self.path = path
        self.rows = read_rows(path)

    def keep(self, epoch: int) -> None:
        """Drop the rows after `epoch`: an attempt that goes on from there writes them again."""
        self.rows = [row for row in self.rows if row["epoch"] <= epoch]
        write_text(self.path, "".join(json.dumps(row) + "\n" for row in self.rows))

    def append(self, row: dict[str, Any]) -> None:
        """Add a row, on the disk before this returns."""
        self.rows.append(row)
        with self.path.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(json.dumps(row) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
