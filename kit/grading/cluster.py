"""Where a batch finds more machines: a Dask scheduler that runs already, or jobs of Slurm.

What travels holds the hidden tests and the course's secret, and whoever reaches a scheduler can run
code on its workers. So a connection that leaves this machine is encrypted, and both ends show a
certificate.
"""

import asyncio
import contextlib
import ipaddress
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import dask
from dask_jobqueue import SLURMCluster
from distributed import Client
from distributed.comm import connect
from distributed.security import Security
from rich.console import Console

from kit.errors import KitError, UsageError
from kit.grading import dask_worker
from kit.grading.dask_engine import DaskEngine

ALLOWED_FAILURES = 1  # a submission may take one worker along; Dask gives it up with the second
CONNECT_SECONDS = 15.0
PATIENCE_SECONDS = 60.0  # without a worker; a nanny starts a lost one again within a few
SETTINGS = {"distributed.admin.large-graph-warning-threshold": "1GiB"}  # a submission is large
SEE = "see «More than one machine» in docs/instructor.md"


@contextlib.contextmanager
def dask_cluster(address: str, *, insecure: bool = False) -> Iterator[DaskEngine]:
    """The workers of the scheduler at `address`, such as tls://host:8786.

    Raises:
        UsageError: the address is none, or the secret would travel unencrypted.
        KitError: no scheduler answers there, or it has no worker.
    """
    _refuse_open("the Dask scheduler", address, insecure)
    with dask.config.set(SETTINGS):
        security = Security(require_encryption=address.startswith("tls://"))
        asyncio.run(_knock(address, security))
        with Client(
            address, security=security, timeout=CONNECT_SECONDS, set_as_default=False
        ) as client:
            for worker in client.nthreads():
                _refuse_open("a Dask worker", worker, insecure)
            try:
                yield DaskEngine(client, PATIENCE_SECONDS)
            finally:
                with contextlib.suppress(OSError, RuntimeError):  # the cluster may be gone
                    client.run(dask_worker.leave, on_error="ignore")


async def _knock(address: str, security: Security) -> None:
    """Connect once, for a sentence where that fails."""
    try:
        arguments = security.get_connection_args("client")
        comm = await connect(address, timeout=CONNECT_SECONDS, **arguments)
        await comm.close()
    except TypeError:
        raise UsageError(
            f"{address} asks for certificates; name them in Dask's configuration: "
            f"distributed.comm.tls.ca-file, .client.cert and .client.key; {SEE}"
        ) from None
    except (OSError, ValueError) as error:
        raise KitError(f"no Dask scheduler can be used at {address}: {error}") from None


def _refuse_open(what: str, address: str, insecure: bool) -> None:
    """Refuse an address that leaves this machine unencrypted."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if parts.scheme not in {"tcp", "tls"} or host is None or port is None:
        raise UsageError(f"{address} is no address of {what}; write tls://HOST:PORT")
    if parts.scheme == "tcp" and not insecure and not _is_here(host):
        raise UsageError(
            f"{what} at {address} is not encrypted, and the hidden tests and the course's secret "
            f"would be sent to it; use tls:// ({SEE}), or say --insecure"
        )


def _is_here(host: str) -> bool:
    try:
        found = {str(one[4][0]).partition("%")[0] for one in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return all(ipaddress.ip_address(one).is_loopback for one in found)


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
    folder = Path("~/.cache/dl-assignment-kit/slurm").expanduser()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    places = {
        key: dask.config.get(f"jobqueue.slurm.{key.replace('_', '-')}", None) or str(folder)
        for key in ("shared_temp_directory", "log_directory")
    }
    settings = SETTINGS | {"distributed.scheduler.allowed-failures": ALLOWED_FAILURES}
    with (
        dask.config.set(settings),
        SLURMCluster(
            processes=cores, protocol="tls://", security=Security.temporary(), **places
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        _try_script(cluster.job_script())
        cluster.adapt(minimum_jobs=jobs, maximum_jobs=jobs)
        console.print("waiting for Slurm to start a job")
        client.wait_for_workers(1)
        yield DaskEngine(client, patience=None)


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
