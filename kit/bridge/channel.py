"""Frames to and from one jailed process, while the process stays within its limits.

The limits are judged while the trusted side waits: processor time first, then memory and the
number of processes, then the clock on the wall. What the process prints is drained and cut.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from kit.bridge import frame
from kit.bridge.errors import CellDied

if TYPE_CHECKING:
    from kit.assignment import Limits

TICK = 0.05  # seconds between two looks at what the process uses


@dataclass(frozen=True)
class Usage:
    """What a tree of processes uses."""

    cpu_seconds: float = 0.0
    memory_mb: float = 0.0
    processes: int = 0


class Cell(Protocol):
    """A jailed process as the bridge sees it; each isolation tier provides its own."""

    @property
    def connection(self) -> socket.socket:
        """Frames go over it."""

    @property
    def output(self) -> int:
        """What the process prints, a descriptor that does not block."""

    def usage(self) -> Usage:
        """What its process tree uses now; the last known once it is gone."""

    def end(self, grace: float = 0.0) -> tuple[str, str]:
        """End it and all it started, after `grace` seconds to end by itself.

        Returns:
            The verdict and a sentence on how it ended.
        """

    def close(self) -> None:
        """End it and release what the trusted side holds of it."""


class Channel:
    """The way to one cell; it ends for good with the first `CellDied`."""

    def __init__(self, cell: Cell, limits: Limits) -> None:
        self.death: CellDied | None = None
        self.printed = bytearray()
        self._cell = cell
        self._limits = limits
        self._silent = False  # it closed its output
        self._looked = 0.0
        self._seen = cell.usage()
        self._headers = self._bodies = 0
        self._call_limit = limits.call_seconds
        self._call_start: float | None = None
        cell.connection.setblocking(False)
        self.start_question(limits.cpu_seconds, limits.wall_seconds)

    def start_question(self, cpu_seconds: float, wall_seconds: float) -> None:
        """Start the clocks of a question, and the count of what its answers hold."""
        self._headers = self._bodies = 0
        self._cpu_limit = cpu_seconds
        self._cpu_start = self._seen.cpu_seconds  # at the last look, a tick or so ago
        self._wall_end = time.monotonic() + wall_seconds

    def exchange(self, parts: Sequence[Any], call_seconds: float) -> frame.Frame:
        """Send a frame, receive the next one.

        Raises:
            CellDied: the process ended, or a limit ended it.
            WireError: what came is no frame.
        """
        self._call_limit, self._call_start = call_seconds, None
        if select.select([self._cell.connection], [], [], 0)[0]:
            self._fill(memoryview(bytearray(1)))  # an end of file is a death of its own
            raise self.die("CRASH", "the submission's process spoke before it was asked")
        for part in parts:
            self._send(memoryview(part))
        return self._counted(frame.read_frame(self._fill, self._left()))

    def _left(self) -> frame.WireLimits:
        """What the next frame may hold: the trusted side keeps what a question's answers bring."""
        limits = frame.LIMITS
        header = min(limits.header, limits.headers - self._headers)
        body = min(limits.body, limits.bodies - self._bodies)
        return replace(limits, header=header, body=body)

    def _counted(self, received: frame.Frame) -> frame.Frame:
        self._headers += len(received.header)
        self._bodies += received.body.nbytes
        return received

    def die(self, verdict: str, detail: str, clock: str = "") -> CellDied:
        """End the process for this reason; returns the exception to raise."""
        if self.death is None:
            self.death = CellDied(verdict, detail, clock)
            self._cell.end()
            self._drain()
        return self.death

    def close(self) -> None:
        """End the process; keep the last of what it printed."""
        self._cell.end()
        self._drain()
        self._silent = True
        self._cell.close()

    def _send(self, view: memoryview) -> None:
        while len(view):
            try:
                view = view[self._cell.connection.send(view) :]
            except BlockingIOError:
                self._wait(writing=True)
            except OSError:
                self._gone()

    def _fill(self, view: memoryview) -> None:
        while len(view):
            try:
                count = self._cell.connection.recv_into(view)
            except BlockingIOError:
                self._wait(writing=False)
                continue
            except OSError:
                count = 0
            if not count:
                self._gone()
            view = view[count:]

    def _wait(self, *, writing: bool) -> None:
        """Wait for the connection one tick at most, drain the output, look at the limits."""
        connection: list[Any] = [self._cell.connection]
        output: list[Any] = [] if self._silent else [self._cell.output]
        reading = output if writing else connection + output
        ready, _, _ = select.select(reading, connection if writing else [], [], TICK)
        if self._cell.output in ready:
            self._drain()
        now = time.monotonic()
        if now - self._looked >= TICK:
            self._looked = now
            self._judge(now)

    def _judge(self, now: float) -> None:
        """End the process where it passes a limit."""
        usage, limits = self._cell.usage(), self._limits
        self._seen = usage
        if self._call_start is None:
            self._call_start = usage.cpu_seconds
        if usage.cpu_seconds - self._call_start > self._call_limit:
            limit = f"{self._call_limit:g} s of processor time"
            raise self.die("TIMEOUT", f"one call took more than {limit}", "cpu")
        if usage.cpu_seconds - self._cpu_start > self._cpu_limit:
            limit = f"{self._cpu_limit:g} s of processor time"
            raise self.die("TIMEOUT", f"the question took more than {limit}", "cpu")
        if usage.memory_mb > limits.memory_mb:
            raise self.die("MEMORY", f"the code took more than {limits.memory_mb} MB of memory")
        if usage.processes > limits.processes:
            raise self.die("CRASH", f"the code started more than {limits.processes} processes")
        if now > self._wall_end:
            raise self.die("TIMEOUT", "the question took too long by the clock", "wall")

    def _drain(self) -> None:
        """Take what the process printed; keep the first of it."""
        keep = self._limits.output_kb << 10
        while not self._silent:
            try:
                data = os.read(self._cell.output, 1 << 16)
            except BlockingIOError:
                return
            self._silent = not data
            self.printed += data[: max(0, keep - len(self.printed))]

    def _gone(self) -> NoReturn:
        """The process hung up by itself."""
        verdict, detail = self._cell.end(grace=0.5)
        raise self.die(verdict, detail, "cpu" if verdict == "TIMEOUT" else "")
