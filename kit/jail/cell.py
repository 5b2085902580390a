"""One jailed process as the trusted side holds it: what it uses, how it is ended, how it ended."""

import contextlib
import json
import math
import os
import select
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from kit.bridge.channel import Usage
from kit.jail.users import acting_as

REPORT_SECONDS = 10.0


@dataclass
class JailedCell:
    """A child of the fork server, whatever its tier.

    `connection` carries frames, `output` is what it prints, `report` says how it ended; above
    `exact_above_mb` of memory, what several processes share is counted once. `unwatched` names
    what is not counted, for a test of what the counting is good for.
    """

    sharers: ClassVar[int] = 1  # the fork server has the pages that it inherited, too
    connection: socket.socket
    output: int
    report: socket.socket
    exact_above_mb: float
    unwatched: frozenset[str] = frozenset()
    pidfd: int = field(init=False, default=-1)
    pid: int = field(init=False, default=-1)
    baseline_mb: float = field(init=False, default=0.0)
    last: Usage = field(init=False, default=Usage())
    ended: tuple[str, str] | None = field(init=False, default=None)
    closed: bool = field(init=False, default=False)

    def adopt(self, descriptors: list[int]) -> None:
        """Take the pidfd that its parent sent.

        Raises:
            OSError: it sent none, so there is no child.
        """
        if len(descriptors) != 1:
            raise ProcessLookupError("the fork server started no child")
        self.pidfd = descriptors[0]
        self.pid = pid_of(self.pidfd)

    def settle(self) -> None:
        """Take the memory that it has now, inherited from the fork server, as zero."""
        self.baseline_mb = anonymous_mb(self.pid)

    def usage(self) -> Usage:
        """What its process tree uses now; the last known once it is gone."""
        if self.ended is None:
            pids = self.processes()
            seconds = max(self.seconds(pids), self.last.cpu_seconds)
            memory = sum(max(0.0, anonymous_mb(pid) - self.baseline_mb) for pid in pids)
            if memory > self.exact_above_mb and len(pids) > 1:  # shared pages were counted twice
                memory = min(memory, self.exact_mb(pids))
            self.last = Usage(
                0.0 if "cpu" in self.unwatched else seconds,
                0.0 if "memory" in self.unwatched else memory,
                0 if "processes" in self.unwatched else len(pids),
            )
        return self.last

    def processes(self) -> list[int]:
        """Its process and all that it started."""
        return tree(self.pid)

    def seconds(self, pids: list[int]) -> float:
        """Processor time of these processes and of those that they have seen end."""
        return sum(map(cpu_seconds, pids))

    def exact_mb(self, pids: list[int]) -> float:
        """Memory of these processes, shared pages counted once."""
        return proportional_mb(pids, self.baseline_mb, self.sharers)

    def end(self, grace: float = 0.0) -> tuple[str, str]:
        """End it and all it started, after `grace` seconds to end by itself."""
        if self.ended is None:
            alive = self.pidfd >= 0
            alone = bool(alive and grace and select.select([self.pidfd], [], [], grace)[0])
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            status, excess = self._ending()
            hung_up = ("CRASH", "the submission's process closed its connection")
            self.ended = verdict_of(status) if alone else hung_up
            if excess:
                self.ended = ("CRASH", excess)
        return self.ended

    def close(self) -> None:
        """End it and release what the trusted side holds of it."""
        self.end()
        if not self.closed:
            self.closed = True
            self.connection.close()
            self.report.close()
            os.close(self.output)
            if self.pidfd >= 0:
                os.close(self.pidfd)

    def _ending(self) -> tuple[int | None, str]:
        """The status of its process, and a sentence if its parent ended it for a limit."""
        self.report.settimeout(REPORT_SECONDS)
        try:
            told = json.loads(self.report.recv(4096))
            return int(told["status"]), str(told.get("excess", ""))
        except (OSError, ValueError):
            self.clear()
            return None, ""

    def clear(self) -> None:
        """End what a parent that ended without a word did not; here the kernel does."""


class OrphanCell(JailedCell):
    """A child without a pid namespace: what it leaves behind becomes its small parent's child."""

    sharers = 2  # and its small parent
    parent = -1

    def adopt(self, descriptors: list[int]) -> None:
        """Take the pidfd, and learn who the small parent is."""
        super().adopt(descriptors)
        self.parent = int(read(f"/proc/{self.pid}/stat").rpartition(")")[2].split()[1])

    def processes(self) -> list[int]:
        """Its process, all that it started, and all that those left behind."""
        found = tree(self.parent)[1:]
        return found if self.pid in found else [self.pid, *found]

    def seconds(self, pids: list[int]) -> float:
        """Processor time, that of orphans which have ended included."""
        return super().seconds(pids) + cpu_seconds(self.parent, first=13)

    def exact_mb(self, pids: list[int]) -> float:
        """Memory, shared pages counted once; read as the child's user, who alone may."""
        try:
            user = Path(f"/proc/{self.pid}").stat().st_uid
        except FileNotFoundError:
            return math.inf
        with acting_as(user):
            return super().exact_mb(pids)

    def clear(self) -> None:
        """End the small parent and what is below it, which no namespace ends."""
        for pid in reversed(tree(self.parent)) if self.parent > 1 else ():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def verdict_of(status: int | None) -> tuple[str, str]:
    """The verdict and a sentence for a process that ended by itself."""
    if status is None:
        return "CRASH", "the submission's process ended"
    if not os.WIFSIGNALED(status):
        return "CRASH", f"the submission's process exited with status {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    if number == signal.SIGXCPU:
        return "TIMEOUT", "the submission's process took too much processor time"
    if number == signal.SIGKILL:  # it cannot kill itself, so this came from the kernel
        return "MEMORY", "the machine ran out of memory and ended the submission's process"
    return "CRASH", f"the submission's process was ended by {signal.Signals(number).name}"


def pid_of(pidfd: int) -> int:
    """The process of a pidfd, by its number in this process's pid namespace."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "Pid":
            return int(value)
    return -1


def tree(root: int) -> list[int]:
    """A process and its descendants; orphans are re-parented to the root, so none is missed."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208  read often
                waiting += map(int, read(f"/proc/{pid}/task/{task}/children").split())
    return found


def cpu_seconds(pid: int, first: int = 11) -> float:
    """Processor time of a process and of its children that have ended; 0 if it is gone.

    From the field `first` on: 11 for both, 13 for the children alone.
    """
    try:
        fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    except OSError:
        return 0.0
    ticks = sum(map(int, fields[first:15]))  # utime, stime, cutime, cstime
    return ticks / os.sysconf("SC_CLK_TCK")


def anonymous_mb(pid: int) -> float:
    """Resident memory that no file backs, in MB; 0 if the process is gone."""
    try:
        lines = read(f"/proc/{pid}/status").splitlines()
    except OSError:
        return 0.0
    wanted = [line.split() for line in lines if line.startswith(("RssAnon:", "RssShmem:"))]
    return sum(int(fields[1]) for fields in wanted) / 1024


def proportional_mb(pids: list[int], inherited_mb: float, sharers: int) -> float:
    """Memory of several processes that no file backs, shared pages counted once, in MB.

    The pages inherited from the fork server are shared with so many others.
    """
    total = 0.0
    for pid in pids:
        try:
            lines = read(f"/proc/{pid}/smaps_rollup").splitlines()
        except OSError:
            total += anonymous_mb(pid)
            continue
        wanted = [line.split() for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:"))]
        total += sum(int(fields[1]) for fields in wanted) / 1024
    return max(0.0, total - inherited_mb * len(pids) / (len(pids) + sharers))


def read(path: str) -> str:
    """A small file of /proc."""
    with open(path, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123  read often
        return stream.read()
