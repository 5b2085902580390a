"""Children that are process 1 of a pid namespace each: the kernel ends what they leave.

Only a fork puts a process into a new pid namespace, and a fork of a process that holds frameworks
is most of what a child costs. So there is one per child: the fork server itself is the parent. It
has user and pid namespaces of its own, in which it may make such a namespace for the next child;
the child then makes all others for itself.
"""

import contextlib
import os
import select
import signal
import socket
from collections.abc import Iterator
from typing import Any

from kit.jail import confine, parent


def enter() -> None:
    """Go on in user and pid namespaces of one's own; what called this waits for their end."""
    confine.enter_user_namespace(confine.CLONE_NEWPID)
    inside = os.fork()
    if inside:
        os.closerange(3, parent.MOST_DESCRIPTORS)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(inside, 0)[1]) & 0xFF)
    confine.prctl(confine.PR_SET_PDEATHSIG, signal.SIGKILL)


class Nursery:
    """Starts children and tells their judges how they ended."""

    def __init__(self) -> None:
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY)
        self._poll = select.poll()
        self._alive: dict[int, tuple[int, socket.socket]] = {}  # pidfd: pid and judge

    def wait_for(self, control: socket.socket) -> None:
        """Tell of every child that ends, until there is something to read on the control socket."""
        self._poll.register(control, select.POLLIN)
        asked = False
        while not asked:
            for descriptor, _ in self._poll.poll():
                if descriptor == control.fileno():
                    asked = True
                else:
                    self._report(descriptor)

    def start(self, job: dict[str, Any], connection: int, output: int, report: int) -> None:
        """Start a child and hand its pidfd to its judge, who is told if that fails."""
        judge = socket.socket(fileno=report)
        ends = (connection, output)
        try:
            with self._namespace(job["without"]):
                pid, pidfd = parent.start(job, ends, judge)
        except OSError as error:
            parent.complain(error, output)
            parent.tell(judge, parent.NEVER_STARTED)
            judge.close()
        else:
            self._alive[pidfd] = pid, judge
            self._poll.register(pidfd, select.POLLIN)
        for end in ends:  # or nobody would see the child hang up
            os.close(end)

    @contextlib.contextmanager
    def _namespace(self, without: list[str]) -> Iterator[None]:
        """The next fork is process 1 of a new pid namespace."""
        if "pid" in without:
            yield
            return
        confine.call("unshare", confine.CLONE_NEWPID)
        try:
            yield
        finally:
            confine.call("setns", self._own, confine.CLONE_NEWPID)

    def _report(self, pidfd: int) -> None:
        pid, judge = self._alive.pop(pidfd)
        self._poll.unregister(pidfd)
        parent.tell(judge, {"status": os.waitpid(pid, 0)[1]})
        judge.close()
        os.close(pidfd)
