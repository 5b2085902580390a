"""What runs in a Dask worker: one grader per process, one submission at a time.

The grader stays as long as submissions of the same job come. It is closed when the batch says so,
and by itself when none has come for a while: a batch that was killed says nothing.
"""

import json
import os
import platform
import threading
from collections.abc import Callable
from dataclasses import asdict, replace

from kit.grading.batch.job import Job, Kind, Report, Task
from kit.grading.engines.pool import patience
from kit.grading.judging.worker import Grader

IDLE_SECONDS = 300.0
HUNG = 70  # the exit code of a worker in which a submission came to no end


class Station:
    """The grader of this process, whichever thread asks for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._grader: Grader | None = None
        self._idle: threading.Timer | None = None

    def grade(self, job: Job, task: Task) -> Report:
        """Judge one submission; a process that does not come to an end with it is ended."""
        with self._lock:
            self._stay()
            watch = _timer(patience(job), os._exit, HUNG)
            try:
                report = self._fitting(job).grade(task)
            finally:
                watch.cancel()
            if report.spent:
                self._close()
            self._idle = _timer(IDLE_SECONDS, self.close)
            return report

    def close(self) -> None:
        """End the jail, once the submission that is in it is done."""
        with self._lock:
            self._stay()
            self._close()

    def _fitting(self, job: Job) -> Grader:
        if self._grader is not None and self._grader.job != job:
            self._close()
        if self._grader is None:
            self._grader = Grader(job)
        return self._grader

    def _stay(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _close(self) -> None:
        if self._grader is not None:
            self._grader.close()
            self._grader = None


_STATION = Station()


def grade(job: Job, task: Task) -> str:
    """Do a task in this worker; the report as JSON, which names a machine without a jail."""
    try:
        report = _STATION.grade(job, task)
    except Exception as error:  # Dask loses one whose traceback is too deep to be pickled
        report = Report(Kind.FAILED, f"{type(error).__name__}: {str(error)[:300]}")
    if report.kind is Kind.NO_JAIL:
        report = replace(report, text=f"{platform.node()}: {report.text}")
    return json.dumps(asdict(report))


def leave() -> None:
    """End this worker's grader as soon as it has nothing to do; returns at once."""
    threading.Thread(target=_STATION.close, daemon=True).start()


def _timer(seconds: float, act: Callable[..., object], *arguments: object) -> threading.Timer:
    timer = threading.Timer(seconds, act, arguments)
    timer.daemon = True
    timer.start()
    return timer
