"""Real clusters on loopback for the tests, and an engine that tells how it is used."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import kit
from kit.grading.batch.job import Engine, Job, Report, Task

DASK = [sys.executable, "-m", "dask"]
ROOT = str(Path(kit.__file__).parents[1])


def until(ready: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.05)


class Processes:
    """Processes that end with the test, whatever becomes of it; each leads a group of its own."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.environment = {**os.environ, "PYTHONPATH": ROOT, **(environment or {})}
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.running):
            self.kill(process)

    def start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        """Start a command whose output goes to `<name>.log`."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End it and all that it started and that stayed in its group, at once."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def said(self) -> str:
        """The ends of all logs, for a message."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in logs)


class DaskCluster(Processes):
    """A Dask scheduler on loopback and workers beside it."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder, {"DASK_TEMPORARY_DIRECTORY": str(folder), **(environment or {})})
        self.options: list[str] = ["--no-dashboard"]
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def schedule(self, *options: str) -> None:
        """Start the scheduler and learn its address."""
        self.options += options
        self.start(
            "scheduler", [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", *self.options]
        )
        log = self.folder / "scheduler.log"
        mark = "Scheduler at:"
        until(lambda: mark in log.read_text(), "the scheduler")
        (line,) = [line for line in log.read_text().splitlines() if mark in line]
        self.address = line.partition(mark)[2].strip()

    def work(self, *options: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread and wait until it has registered."""
        name = f"worker{len(self.workers)}"
        worker = [*DASK, "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1"]
        process = self.start(name, [*worker, *self.options, *options])
        self.workers.append(process)
        until(lambda: "Registered to:" in (self.folder / f"{name}.log").read_text(), name)
        return process

    def jails(self) -> list[str]:
        """The processes of jails that the workers have started."""
        sessions = ",".join(str(worker.pid) for worker in self.workers)
        found = subprocess.run(["pgrep", "-s", sessions, "bwrap"], capture_output=True, text=True)
        return found.stdout.split()


class Watched:
    """An engine that acts after some reports, and notes how many tasks were on their way."""

    def __init__(self, engine: Engine, after: int, act: Any) -> None:
        self.engine, self.after, self.act = engine, after, act
        self.given = self.back = self.most = 0

    def __call__(
        self, job: Job, tasks: Iterable[Task], processes: int
    ) -> Iterator[tuple[Task, Report]]:
        for pair in self.engine(job, self.counted(tasks), processes):
            self.back += 1
            if self.back == self.after:
                self.act()
            yield pair

    def counted(self, tasks: Iterable[Task]) -> Iterator[Task]:
        for task in tasks:
            self.given += 1
            self.most = max(self.most, self.given - self.back)
            yield task
