"""Workers in jobs of Slurm, with a Dask scheduler in this process."""

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
from distributed import Client
from distributed.security import Security
from rich.console import Console

from kit.errors import KitError, UsageError
from kit.grading.engines.cluster import SEE, SETTINGS
from kit.grading.engines.dask_engine import DaskEngine

ALLOWED_FAILURES = 1  # a submission may take one worker along; Dask gives it up with the second


@contextlib.contextmanager
def slurm_cluster(jobs: int, console: Console) -> Iterator[DaskEngine]:
    """Workers in `jobs` jobs of Slurm, each as Dask's own configuration says; they end with it.

    A job that is lost is replaced. The scheduler runs here, with a certificate made for this run.

    Raises:
        UsageError: there is no Slurm here, or it is not said what a job needs.
        KitError: Slurm does not take such a job.
    """
    if shutil.which("sbatch") is None:
        raise UsageError("--slurm needs sbatch; run this where Slurm's jobs are submitted")
    cores = dask.config.get("jobqueue.slurm.cores", None)
    if cores is None or dask.config.get("jobqueue.slurm.memory", None) is None:
        raise UsageError(
            "say in ~/.config/dask/jobqueue.yaml what a job gets: jobqueue.slurm.cores and "
            f"jobqueue.slurm.memory; {SEE}"
        )
    settings = SETTINGS | {"distributed.scheduler.allowed-failures": ALLOWED_FAILURES}
    with (
        dask.config.set(settings),
        tempfile.TemporaryDirectory(prefix="run-", dir=_folder("shared-temp-directory")) as own,
        _cluster_class()(
            processes=cores,
            protocol="tls://",
            security=_certificate(Path(own)),
            log_directory=str(_folder("log-directory")),
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        _try_script(cluster.job_script())
        cluster.adapt(minimum_jobs=jobs, maximum_jobs=jobs)
        console.print("waiting for Slurm to start a job")
        client.wait_for_workers(1)
        yield DaskEngine(client, patience=None)


def _folder(setting: str) -> Path:
    """A folder that the jobs see, too: the one that Dask's configuration names, or in the home."""
    named = dask.config.get(f"jobqueue.slurm.{setting}", None)
    folder = Path(named or "~/.cache/dl-assignment-kit/slurm").expanduser()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _certificate(folder: Path) -> Security:
    """A certificate for every end of this run, in files that nobody else can read."""
    made = Security.temporary()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_text(made.tls_worker_cert, encoding="ascii")
    key.touch(mode=0o600)
    key.write_text(made.tls_worker_key, encoding="ascii")
    ends: dict[str, str] = {}
    for end in ("client", "scheduler", "worker"):
        ends |= {f"tls_{end}_cert": str(certificate), f"tls_{end}_key": str(key)}
    return Security(require_encryption=True, tls_ca_file=str(certificate), **ends)


def _cluster_class() -> Any:
    """dask-jobqueue's class; its import would take Ctrl-C for a way to exit with success."""
    before = signal.getsignal(signal.SIGINT)
    try:
        from dask_jobqueue import SLURMCluster
    finally:
        signal.signal(signal.SIGINT, before)
    return SLURMCluster


def _try_script(text: str) -> None:
    """Ask Slurm whether it would take this job; a refusal would otherwise be waited for."""
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as script:
        script.write(text)
        script.flush()
        done = subprocess.run(
            ["sbatch", "--test-only", script.name], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise KitError(f"Slurm does not take the job: {' '.join(done.stderr.split())}; {SEE}")
