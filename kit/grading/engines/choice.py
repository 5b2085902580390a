"""Which engine does the work of a batch: processes of this machine, or more machines."""

import contextlib
import importlib.util
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rich.console import Console

from kit.errors import UsageError
from kit.grading.batch.job import Engine, Job, Report, Task

NEEDED = ("distributed", "dask_jobqueue", "cryptography")


@contextlib.contextmanager
def chosen(
    console: Console, *, dask: str | None, slurm: bool, insecure: bool, jobs: int | None
) -> Iterator[Engine | None]:
    """The engine that the options name; None is this machine.

    Args:
        console: where it is said what is waited for.
        dask: the address of a Dask scheduler, such as tls://host:8786.
        slurm: jobs of Slurm do the work, `jobs` of them.
        insecure: an address without encryption is allowed.
        jobs: see `slurm`.

    Raises:
        UsageError: the options contradict each other, or what they need is not installed.
    """
    if dask and slurm:
        raise UsageError("--dask and --slurm are two places; name one of them")
    if insecure and not dask:
        raise UsageError("--insecure is for an address: say --dask tcp://HOST:PORT with it")
    if not (dask or slurm):
        yield None
        return
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        raise UsageError(
            f"--dask and --slurm need {missing[0]}; install what a cluster takes with: "
            "pip install 'dl-assignment-kit[cluster]'"
        )
    with _Cluster(_place(console, dask, insecure, jobs or 1)) as engine:
        yield engine


def _place(
    console: Console, dask: str | None, insecure: bool, jobs: int
) -> contextlib.AbstractContextManager[Engine]:
    """Where the workers are; Dask takes half a second to import."""
    if dask:
        from kit.grading.engines.cluster import dask_cluster

        return dask_cluster(dask, insecure=insecure)
    from kit.grading.engines.slurm import slurm_cluster

    return slurm_cluster(jobs, console)


@dataclass
class _Cluster:
    """An engine that is opened with the first task; a class that is all graded opens none."""

    place: contextlib.AbstractContextManager[Engine]
    _open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _engine: Engine | None = None

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *raised: object) -> None:
        self._open.close()

    def __call__(
        self, job: Job, tasks: Iterable[Task], processes: int
    ) -> Iterator[tuple[Task, Report]]:
        waiting = iter(tasks)
        for first in waiting:
            if self._engine is None:
                self._engine = self._open.enter_context(self.place)
            yield from self._engine(job, itertools.chain([first], waiting), processes)
