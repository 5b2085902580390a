"""What a tree of processes has cost so far: processor time and memory, read from /proc.

Processor time counts every process of the tree, those that have ended too: a process's own, and
that of the children it has waited for. A child that has ended is listed until it is waited for.
"""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import Self

from kit.jail import cell


def cpu_seconds(root: int) -> float:
    """Processor seconds of the tree since each of its processes began."""
    return sum(map(cell.cpu_seconds, cell.tree(root)))


def settled_cpu_seconds() -> float:
    """Processor seconds of this process's tree, after what just ended has been taken down."""
    time.sleep(0.2)
    return cpu_seconds(os.getpid())


def pss_mb(root: int) -> float:
    """Memory of the tree with what is shared counted once (proportional set size), in MB."""
    return sum(map(own_pss_mb, cell.tree(root)))


def own_pss_mb(pid: int) -> float:
    """Proportional set size of one process in MB; 0 if it is gone."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


class Peak:
    """The largest memory that a tree of processes holds while this runs: looks again and again."""

    def __init__(self, root: int, seconds: float = 0.02) -> None:
        self.mb = 0.0
        self._root, self._seconds = root, seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(self._seconds):
            self.mb = max(self.mb, pss_mb(self._root))
