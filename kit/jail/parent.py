"""The small parent of a jailed child: starts it, watches it, ends its tree, reports how it ended.

It stands between the fork server and a child without a pid namespace: all that the child starts and
leaves becomes a child of this parent, which ends it. It also looks at the disk, and it outlives
neither the child nor the judge. With namespaces there is none; see `kit.jail.nursery`.
"""

import contextlib
import json
import os
import select
import signal
import socket
from typing import Any

from kit.jail import child, confine, scratch, users

TICK_MS = 100  # between two looks at the disk
ROUNDS = 500  # of ending what is left
NEVER_STARTED = {"status": child.SETUP_FAILED << 8}
MOST_DESCRIPTORS = 4096


def watch_over(job: dict[str, Any], connection: int, output: int, report: int) -> None:
    """Start the child, hand its pidfd to the judge, report how it ended. Does not return."""
    judge = socket.socket(fileno=report)
    ending: dict[str, Any] = dict(NEVER_STARTED)
    try:
        on_the_machine(job, (connection, output), judge, ending)
    except OSError as error:
        complain(error, output)
    finally:
        tell(judge, ending)
        os._exit(0)


def complain(error: OSError, output: int) -> None:
    """Say in the child's place why it could not be started."""
    with contextlib.suppress(OSError):
        os.write(output, f"the jail could not be set up: {error}\n".encode())


def tell(judge: socket.socket, ending: dict[str, Any]) -> None:
    """Tell how a child ended; the judge may be gone."""
    with contextlib.suppress(OSError):
        judge.send(json.dumps(ending).encode())


def on_the_machine(
    job: dict[str, Any], ends: tuple[int, int], judge: socket.socket, ending: dict[str, Any]
) -> None:
    """Wait for a child among the machine's processes, within its disk; end all it started."""
    confine.prctl(confine.PR_SET_CHILD_SUBREAPER, 1)
    job["user"], claim = None, None
    if job["tier"] == "separate-uid" and "uid" not in job["without"]:
        job["user"], claim = users.claim()
    job["folder"] = scratch.make(job["user"])
    pid = None
    try:
        pid, pidfd = start(job, ends, judge)
        for end in ends:  # or nobody would see the child hang up
            os.close(end)
        ending["status"], ending["excess"] = watch(pid, pidfd, judge, job)
    finally:
        if "kill" not in job["without"]:
            end_all(pid, job["user"])
        if "sweep" not in job["without"]:
            scratch.sweep(job["folder"], job["user"])
        if claim is not None:
            claim.close()


def start(job: dict[str, Any], ends: tuple[int, int], judge: socket.socket) -> tuple[int, int]:
    """Fork the child; it lives once the judge holds its pidfd. Returns its pid and the pidfd."""
    gate, opener = os.pipe()
    try:
        pid = os.fork()
        if pid == 0:
            child.live(job, *ends, gate)
        pidfd = os.pidfd_open(pid)
        try:
            socket.send_fds(judge, [b"pid"], [pidfd])
            os.write(opener, b"g")
        except OSError:  # the judge is gone, so the child never lives
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(pidfd)
            raise
    finally:
        os.close(gate)
        os.close(opener)
    return pid, pidfd


def watch(pid: int, pidfd: int, judge: socket.socket, job: dict[str, Any]) -> tuple[int, str]:
    """Wait until the child ends, the judge is gone, or the disk is full.

    Returns:
        The status of the child, and a sentence if it took too much of the disk.
    """
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    poller.register(judge, 0)  # a hang-up is always told
    excess = ""
    while True:
        events = dict(poller.poll(TICK_MS))
        if judge.fileno() in events:
            poller.unregister(judge)
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        if (status := reaped(pid)) is not None:
            return status, excess
        if not excess and "disk" not in job["without"]:
            excess = scratch.excess(job["folder"], job["user"], job["tmp_mb"], own_tree())
            if excess:
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)


def reaped(pid: int) -> int | None:
    """Take what has ended off the process table; the status of `pid` if that is among it."""
    try:
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == pid:
                return ended[1]
    except ChildProcessError:
        return child.SETUP_FAILED << 8
    return None


def end_all(pid: int | None, user: int | None) -> None:
    """End every process below this one, and every process of `user`."""
    if pid is not None:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    for _ in range(ROUNDS):
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:  # orphans come to this parent, so there is none anywhere
            return
        if user is not None:
            users.kill_all(user)
        for orphan in own_tree():
            with contextlib.suppress(OSError):
                os.kill(orphan, signal.SIGKILL)


def own_tree() -> list[int]:
    """The processes below this one."""
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208  read often
                with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as stream:  # noqa: PTH123
                    below = [int(number) for number in stream.read().split()]
                found += below
                waiting += below
    return found
