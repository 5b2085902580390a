"""The jail: a fork server, and one confined child per submission."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kit.bridge.session import Session
from kit.errors import JailError
from kit.jail import layout, probe
from kit.jail.admission import SETUP_SECONDS, admit, check_files
from kit.jail.cell import JailedCell, OrphanCell
from kit.jail.launch import launch
from kit.jail.tier import choose

if TYPE_CHECKING:
    from rich.console import Console

    from kit.assignment import Limits

IMPORT_SECONDS = 600.0
MB = 1 << 20
ADDRESS_SPACE_SLACK = 4096 * MB  # thread stacks and arenas that are mapped, never used
DATA_SLACK = 1024 * MB
PER_CORE = 128 * MB
OPEN_FILES = 256
THREADS_PER_CORE = 16
OTHERS_SLACK = 1024
ENDLESS = 1 << 30
CPU_BACKSTOP = 100  # times a question's limit; the session judges long before


class Jail:
    """Starts one confined child per submission; see `kit.jail`.

    Attributes:
        tier: the kind of isolation, as results name it.
    """

    tier = "namespaces"

    def __init__(
        self,
        preload: Sequence[str],
        limits: Limits,
        console: Console | None = None,
        *,
        tier: str | None = None,
        without: frozenset[str] = frozenset(),
    ) -> None:
        """Nothing starts before the `with`.

        Args:
            preload: the packages that the fork server imports once.
            limits: what one submission may use.
            console: says what takes long.
            tier: one of `kit.jail.TIERS`; None for the strongest that this machine offers.
            without: mechanisms to leave out, so that a test can show what each is good for. Such
                a jail does not prove itself. For nothing but that test.
        """
        self._asked = tier
        self.without = without
        self.preload = list(preload)
        self.limits = limits
        self.console = console
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._sizes: dict[str, int] = {}
        self._threads = 0

    def __enter__(self) -> Self:
        """Start the fork server, prove that the jail holds.

        Raises:
            JailError: there is no isolation here, or it does not hold.
        """
        self.tier = choose(self._asked)
        try:
            self._serve()
            if not self.without:
                self.self_check()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def start(self, files: Mapping[str, bytes], limits: Limits | None = None) -> Session:
        """A session with a fresh child that has `files` in its working folder.

        Raises:
            JailError: the child could not be set up; a fault of the machine, never of the files.
        """
        limits = limits or self.limits
        check_files(files, limits.tmp_mb)
        for attempt in (1, 2):
            control = self._serve()
            try:
                return self._start(control, files, limits)
            except (OSError, EOFError, JailError) as error:  # another fork server may do better
                self.close()
                if attempt == 2:
                    raise JailError(f"the jail could not start a process: {error}") from None
        raise AssertionError

    def self_check(self) -> None:
        """Try from inside what must not work.

        Raises:
            JailError: it names what was not denied.
        """
        with self.start({}) as session:
            failures = probe.failures(session, self.tier)
        if failures:
            raise JailError(f"the jail does not hold: it allowed {'; '.join(failures)}")

    def close(self) -> None:
        """End the fork server and every child."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process.kill()
            self._process.wait()
        self._control = self._process = None

    def _serve(self) -> socket.socket:
        """The control socket of a fork server that runs; starts one where none does."""
        if self._control is not None and self._process is not None and self._process.poll() is None:
            return self._control
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tempfile.TemporaryFile() as log:
            self._process, folder = launch(theirs.fileno(), self._server(), log)
            theirs.close()
            ours.settimeout(IMPORT_SECONDS)
            self._control = ours
            try:
                with self._telling(f"importing {', '.join(self.preload)}"):
                    message = ours.recv(1 << 16)
                self._sizes = self._greeting(message)
            except (OSError, ValueError):
                log.seek(0)
                said = log.read()[-2000:].decode("utf-8", "replace").strip()
                raise JailError(f"the jail's fork server did not start: {said}") from None
            finally:
                if folder is not None:
                    folder.cleanup()
        ours.settimeout(SETUP_SECONDS)
        return ours

    def _server(self) -> dict[str, Any]:
        """What the fork server is told."""
        if self.tier in ("landlock", "unconfined"):
            from kit.jail import confine  # knows Linux only

            confine.prctl(confine.PR_SET_DUMPABLE, 0)  # nobody of this user looks into this process
            self._threads = threads_of_user()
        return {
            "tier": self.tier,
            "without": sorted(self.without),
            "preload": self.preload,
            "identity": layout.NOBODY,
        }

    def _telling(self, what: str) -> contextlib.AbstractContextManager[Any]:
        """Say what is going on while it does."""
        return contextlib.nullcontext() if self.console is None else self.console.status(what)

    def _greeting(self, message: bytes) -> dict[str, int]:
        greeting = json.loads(message)
        if not greeting["ready"]:
            if missing := greeting["missing"]:
                package = missing.partition(".")[0]
                raise JailError(
                    f"the jail cannot import {missing}; install it with: pip install {package}"
                )
            raise JailError(f"the jail cannot import {self.preload}: {greeting['error']}")
        if greeting["threads"] != 1:
            raise JailError(
                f"importing {', '.join(self.preload)} started {greeting['threads'] - 1} threads, "
                "after which a fork is not safe; preload fewer packages"
            )
        return {name: int(greeting[name]) for name in ("VmSize", "VmData")}

    def _start(self, control: socket.socket, files: Mapping[str, bytes], limits: Limits) -> Session:
        connection, their_connection = socket.socketpair()
        for end in (connection, their_connection):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MB)
        report, their_report = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output, their_output = os.pipe()
        os.set_blocking(output, False)
        job = {"tmp_mb": limits.tmp_mb, "limits": self._rlimits(limits)}
        kind = JailedCell if self.tier == "namespaces" else OrphanCell
        cell = kind(connection, output, report, limits.memory_mb, self.without)
        try:
            try:
                theirs = [their_connection.fileno(), their_output, their_report.fileno()]
                socket.send_fds(control, [json.dumps(job).encode()], theirs)
            finally:
                their_connection.close()
                their_report.close()
                os.close(their_output)
            admit(cell, files)
        except BaseException:
            cell.close()
            raise
        return Session(cell, self._judged(limits))

    def _judged(self, limits: Limits) -> Limits:
        """The limits that the session judges, less those that are left out."""
        endless = {"wall": "wall_seconds", "output": "output_kb"}
        left_out = {endless[name]: ENDLESS for name in endless if name in self.without}
        return limits.model_copy(update=left_out)

    def _rlimits(self, limits: Limits) -> dict[str, int]:
        """Hard limits, generous: the session judges processor time and memory."""
        cores = os.cpu_count() or 1
        memory = limits.memory_mb * MB + cores * PER_CORE
        return {
            "AS": self._sizes["VmSize"] + memory + ADDRESS_SPACE_SLACK,
            "CPU": max(60, int(limits.cpu_seconds * CPU_BACKSTOP)),
            "DATA": self._sizes["VmData"] + memory + DATA_SLACK,
            "FSIZE": limits.tmp_mb * MB,
            "NOFILE": OPEN_FILES,
            "NPROC": limits.processes + cores * THREADS_PER_CORE + self._threads,
        }


def threads_of_user() -> int:
    """The threads of this process's user, and room for more: its limit counts them all."""
    count = OTHERS_SLACK
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == os.getuid():
                    count += len(list((entry / "task").iterdir()))
    return count
