"""Grading on a Dask cluster: the same unit of work as the local processes, the same reports.

Each task carries all that it needs, so that any worker can do it, and do it again where one was
lost. Only a few per worker are on their way at a time.
"""

import concurrent.futures
import contextlib
import itertools
import json
import queue
import time
from collections.abc import Iterable, Iterator

from distributed import Client, Future, KilledWorker

from kit.errors import JailError, KitError
from kit.grading.batch.job import Job, Kind, Report, Task
from kit.grading.engines import dask_worker

PER_WORKER = 2  # one that is judged, one that waits beside it
POLL_SECONDS = 1.0
ALONE = 1


class DaskEngine:
    """An `Engine` on the workers of a Dask scheduler.

    Args:
        client: the connection, which stays open.
        patience: how many seconds to go on without a single worker; None is for ever.
    """

    def __init__(self, client: Client, patience: float | None) -> None:
        self._client = client
        self._patience = patience
        self._workers = 0
        self._looked = self._seen = float("-inf")

    def __call__(
        self, job: Job, tasks: Iterable[Task], processes: int
    ) -> Iterator[tuple[Task, Report]]:
        """Do every task, `processes` at once at most (0: as many as there are workers).

        Where Dask gave a task up because its workers died, it is tried once more after all others,
        with nothing beside it: it may only have waited where another submission did the damage.

        Raises:
            JailError: a worker found that nothing can be isolated there.
            KitError: the cluster is gone, or it does not have this kit.
        """
        lost: list[Task] = []
        for task, report in self._flow(job, tasks, processes):
            if report is None:
                lost.append(task)
            else:
                yield task, report
        for task, report in self._flow(job, lost, ALONE):
            yield task, report or _killed()

    def _flow(
        self, job: Job, tasks: Iterable[Task], processes: int
    ) -> Iterator[tuple[Task, Report | None]]:
        """Send tasks as there is room; one without a report has lost all workers that it had."""
        traffic = _Traffic(self._client, job)
        waiting = iter(tasks)
        try:
            while True:
                room = self._room(processes) - len(traffic)
                for task in itertools.islice(waiting, max(0, room)):
                    traffic.send(task)
                if not traffic:
                    return
                yield from traffic.arrived()
        finally:
            traffic.cancel()

    def _room(self, processes: int) -> int:
        """How many tasks may be on their way; never none, so that a worker to come finds one."""
        now = time.monotonic()
        if now > self._looked + POLL_SECONDS:
            self._looked = now
            self._workers = self._count()
            if self._workers or self._seen < 0:
                self._seen = now
            elif self._patience is not None and now > self._seen + self._patience:
                raise KitError(
                    "the Dask scheduler has no worker left; start one and run the same command "
                    "again: what is finished is kept"
                )
        room = max(1, self._workers * PER_WORKER)
        return min(room, processes) if processes else room

    def _count(self) -> int:
        try:
            return len(self._client.nthreads())
        except (OSError, RuntimeError) as error:
            raise KitError(
                f"the Dask scheduler is gone ({error}); run the same command again: what is "
                "finished is kept"
            ) from None


class _Traffic:
    """The tasks on their way through the cluster."""

    def __init__(self, client: Client, job: Job) -> None:
        self._client = client
        self._job = job
        self._under_way: dict[Future, tuple[Task, bool]] = {}
        self._done = queue.SimpleQueue[Future]()

    def __len__(self) -> int:
        return len(self._under_way)

    def send(self, task: Task, *, again: bool = False) -> None:
        future = self._client.submit(dask_worker.grade, self._job, task, pure=False)
        self._under_way[future] = task, again
        future.add_done_callback(self._done.put)

    def arrived(self) -> Iterator[tuple[Task, Report | None]]:
        """What has come back, soon or after a second; a failure is tried once more."""
        with contextlib.suppress(queue.Empty):
            future = self._done.get(timeout=POLL_SECONDS)
            while True:
                task, again = self._under_way.pop(future)
                report = _report(future)
                if report is not None and report.kind is Kind.FAILED and not again:
                    self.send(task, again=True)
                else:
                    yield task, report
                future = self._done.get_nowait()

    def cancel(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            self._client.cancel(list(self._under_way), force=True)


def _report(future: Future) -> Report | None:
    """What a worker reported; None where Dask gave up since each worker died."""
    try:
        told = json.loads(future.result())
        report = Report(Kind(told["kind"]), str(told["text"]), float(told["seconds"]))
    except KilledWorker:
        return None
    except concurrent.futures.CancelledError:
        raise KitError(
            "the Dask scheduler dropped the work; run the same command again: what is finished "
            "is kept"
        ) from None
    except Exception as error:  # whatever a worker that is not like us may raise
        raise KitError(
            f"a Dask worker could not grade ({type(error).__name__}: {error}); install the same "
            "version of the kit, of Python and of Dask on every worker"
        ) from None
    if report.kind is Kind.NO_JAIL:
        raise JailError(report.text)
    return report


def _killed() -> Report:
    return Report(
        Kind.FAILED, "every Dask worker that tried it died, at last with nothing else to do"
    )
