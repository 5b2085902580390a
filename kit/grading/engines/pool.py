"""Grading processes side by side: each gets one submission at a time; one that dies is replaced.

So is one that reports itself spent. A submission whose process died or hung is tried once more in
a fresh one; after that it is reported as failed, and the batch goes on.
"""

import contextlib
import multiprocessing
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from kit.errors import JailError
from kit.grading.batch.job import Job, Kind, Report, Task
from kit.grading.engines.process import main

TRIES = 2
SLACK_SECONDS = 300.0  # importing a framework on a loaded machine takes its time
POLL_SECONDS = 1.0


@dataclass
class _Worker:
    """A grading process and what it is at."""

    process: BaseProcess
    connection: Connection
    task: Task | None = None
    left: int = 0
    deadline: float = 0.0

    def give(self, task: Task, left: int, seconds: float) -> None:
        self.task, self.left = task, left
        self.deadline = time.monotonic() + seconds
        with contextlib.suppress(OSError):  # it has died; whoever waits for its report sees that
            self.connection.send(task)

    def end(self) -> None:
        """Stop it: at once if it is at work, by hanging up if it is idle."""
        self.connection.close()
        if self.task is not None:
            self.process.terminate()
        self.process.join(timeout=10)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def run(job: Job, tasks: Iterable[Task], processes: int) -> Iterator[tuple[Task, Report]]:
    """Do every task; yields each with its report as it is done. An `Engine`.

    Raises:
        JailError: a process found that nothing can be isolated here.
    """
    waiting = _Waiting(tasks)
    workers: list[_Worker] = []
    try:
        while True:
            _hand_out(job, waiting, workers, processes)
            if not any(worker.task for worker in workers):
                return
            for worker in _ready(workers):
                task, report = _receive(worker)
                if report is None or report.spent:
                    worker.end()
                    workers.remove(worker)
                report = report or _died()
                if report.kind in (Kind.FAILED, Kind.NO_JAIL) and worker.left > 1:
                    waiting.again(task, worker.left - 1)
                elif report.kind is Kind.NO_JAIL:
                    raise JailError(report.text)
                else:
                    yield task, report
    finally:
        for worker in workers:
            worker.end()


class _Waiting:
    """What is still to be handed out: those to try again, then new ones as they are asked for."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._new = iter(tasks)
        self._again: deque[tuple[Task, int]] = deque()

    def again(self, task: Task, left: int) -> None:
        self._again.append((task, left))

    def next(self) -> tuple[Task, int] | None:
        """A task and how often it may be tried; None if there is none."""
        if self._again:
            return self._again.popleft()
        task = next(self._new, None)
        return None if task is None else (task, TRIES)


def _hand_out(job: Job, waiting: _Waiting, workers: list[_Worker], processes: int) -> None:
    """A task for every process that is idle, and a process for every one that may be."""
    idle = deque(worker for worker in workers if worker.task is None)
    while (idle or len(workers) < processes) and (given := waiting.next()) is not None:
        if not idle:
            idle.append(_start(job))
            workers.append(idle[-1])
        idle.popleft().give(*given, patience(job))


def patience(job: Job) -> float:
    """After how many seconds a process that does not report must be hanging."""
    limits, parts = job.assignment.limits, len(job.questions) * 2 + len(job.assignment.modules)
    return SLACK_SECONDS + limits.wall_seconds * parts


def _start(job: Job) -> _Worker:
    context = multiprocessing.get_context("spawn")  # a fork would carry our open files along
    ours, theirs = context.Pipe()
    process = context.Process(target=main, args=(theirs, job), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _ready(workers: list[_Worker]) -> list[_Worker]:
    """The workers that have reported, died or overrun their deadline."""
    busy = {worker.connection: worker for worker in workers if worker.task}
    ready = [busy[one] for one in wait(list(busy), POLL_SECONDS) if isinstance(one, Connection)]
    late = [worker for worker in busy.values() if time.monotonic() > worker.deadline]
    return ready + [worker for worker in late if worker not in ready]


def _receive(worker: _Worker) -> tuple[Task, Report | None]:
    """The task and its report; None if the process has died or hangs."""
    task = worker.task
    if task is None:
        raise RuntimeError("a worker without a task has reported")
    try:
        report = worker.connection.recv() if worker.connection.poll() else None
    except (EOFError, OSError):
        report = None
    if not isinstance(report, Report):
        return task, None
    worker.task = None
    return task, report


def _died() -> Report:
    return Report(
        Kind.FAILED, "the grading process ended or hung, twice; its output above may say why"
    )
