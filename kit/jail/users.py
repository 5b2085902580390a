"""Users made for one child each: no account, no other process, nothing that they own."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

FIRST, LAST = 30_000, 59_999


def claim() -> tuple[int, socket.socket]:
    """A user that no process is, and the socket that holds it for this process as long as it lives.

    Raises:
        OSError: all are taken.
    """
    taken = in_use()
    span = LAST - FIRST + 1
    for step in range(span):
        user = FIRST + (os.getpid() + step) % span
        if user in taken or has_account(user):
            continue
        holder = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            holder.bind(f"\0kit-user-{user}")
        except OSError:
            holder.close()
            continue
        return user, holder
    raise OSError(errno.EAGAIN, "every user for jailed processes is taken")


def in_use() -> set[int]:
    """The users that own a process."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found.add(entry.stat().st_uid)
            except OSError:
                continue
    return found


def has_account(user: int) -> bool:
    """Whether the machine knows this user."""
    import pwd  # Unix only

    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def become(user: int) -> None:
    """Be this user for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def kill_all(user: int) -> None:
    """End every process of a user at once: none can slip away between a look and a signal."""
    killer = os.fork()
    if killer == 0:
        try:
            become(user)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    try:
        os.waitpid(killer, 0)
    except ChildProcessError:
        return


@contextlib.contextmanager
def acting_as(user: int) -> Iterator[None]:
    """Reach files as another user would, this thread alone; without the privilege, as oneself."""
    libc = ctypes.CDLL(None)
    group, owner = libc.setfsgid(user), libc.setfsuid(user)
    try:
        yield
    finally:
        libc.setfsuid(owner)
        libc.setfsgid(group)
