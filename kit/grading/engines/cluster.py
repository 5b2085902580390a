"""The workers of a Dask scheduler that runs already.

What travels to them holds the hidden tests and the course's secret, and whoever reaches a scheduler
can run code on its workers. So a connection that leaves this machine is encrypted, and both ends
show a certificate.
"""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import dask
from distributed import Client
from distributed.comm import connect
from distributed.security import Security

from kit.errors import KitError, UsageError
from kit.grading.engines import dask_worker
from kit.grading.engines.dask_engine import DaskEngine

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
