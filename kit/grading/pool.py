"""Grading processes side by side: each gets one submission at a time; one that dies is replaced.

A submission whose process died or hung is tried once more in a fresh one; after that it is reported
as failed, and the batch goes on.
"""

import multiprocessing
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from kit.errors import JailError
from kit.grading.worker import Job, Kind, Report, Task, main

TRIES = 2
SLACK_SECONDS = 300.0  # importing a framework on a loaded machine takes its time
POLL_SECONDS = 1.0


@dataclass
class _Worker:
    """A grading process and what it is at."""

    process: BaseProcess
    connection: Connection
    task: Task | None = None
    deadline: float = 0.0

    def give(self, task: Task, seconds: float) -> None:
        self.task = task
        self.deadline = time.monotonic() + seconds
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


def run(job: Job, tasks: Sequence[Task], processes: int) -> Iterator[tuple[Task, Report]]:
    """Do every task; yields each with its report as it is done.

    Raises:
        JailError: a process found that nothing can be isolated here.
    """
    waiting = deque((task, TRIES) for task in tasks)
    tries: dict[str, int] = {}
    workers: list[_Worker] = []
    seconds = SLACK_SECONDS + 2 * job.assignment.limits.wall_seconds * len(job.assignment.questions)
    try:
        while waiting or any(worker.task for worker in workers):
            while waiting and len(workers) < processes:
                workers.append(_start(job))
            for worker in workers:
                if worker.task is None and waiting:
                    task, left = waiting.popleft()
                    tries[task.entry.student] = left
                    worker.give(task, seconds)
            for worker in _ready(workers):
                task, report = _receive(worker)
                if report is None or report.kind is Kind.FAILED:
                    worker.end()
                    workers.remove(worker)
                    left = tries[task.entry.student] - 1
                    if left:
                        waiting.append((task, left))
                        continue
                yield task, report or _died()
    finally:
        for worker in workers:
            worker.end()


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
    task = worker.task
    if task is None:
        raise RuntimeError("a worker without a task has reported")
    try:
        report = worker.connection.recv() if worker.connection.poll() else None
    except (EOFError, OSError):
        report = None
    if isinstance(report, Report):
        worker.task = None
        if report.kind is Kind.NO_JAIL:
            raise JailError(report.text)
        return task, report
    return task, None


def _died() -> Report:
    text = "the grading process ended or hung, twice; its output above may say why"
    return Report(Kind.FAILED, text, None, 0.0)
