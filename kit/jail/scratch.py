"""The one folder a child may write to where it has no file system of its own, and its size."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence

from kit.jail import users

NAMES = 4096
MB = 1 << 20
SHARED = "/dev/shm"  # noqa: S108
OPEN_TO_ALL = (SHARED, "/tmp", "/var/tmp", "/run/lock")  # noqa: S108


def make(user: int | None) -> str:
    """A new folder, for this user alone."""
    folder = tempfile.mkdtemp(prefix="kit-cell-")
    if user is not None:
        os.chown(folder, user, user)
    return folder


def excess(folder: str, user: int | None, most_mb: int, pids: Sequence[int]) -> str:
    """A sentence if the child has taken more of the disk than it may, else ""."""
    places = [folder] if user is None else [folder, *left_behind(user)]
    try:
        names, size = 0, sum(open_but_deleted(pid, user) for pid in pids)
        for place in places:
            size += blocks(place)
            for entry in entries(place):
                names += 1
                size += blocks(entry.path)
                if names > NAMES:
                    return f"the code made more than {NAMES} files"
    except OSError as error:  # names so long that they cannot be followed
        return f"the code made files that cannot be counted ({error.strerror})"
    return f"the code wrote more than {most_mb} MB of files" if size > most_mb * MB else ""


def entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """Everything beneath a folder that is there when it is looked at."""
    waiting = [folder]
    while waiting:
        gone = contextlib.suppress(FileNotFoundError, NotADirectoryError)
        with gone, os.scandir(waiting.pop()) as listing:
            for entry in listing:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def open_but_deleted(pid: int, user: int | None) -> int:
    """The bytes of the deleted files that a process holds open; read as its own user, who may."""
    size = 0
    own = contextlib.nullcontext() if user is None else users.acting_as(user)
    with contextlib.suppress(OSError), own:
        for number in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208  read often
            with contextlib.suppress(OSError):
                found = os.stat(f"/proc/{pid}/fd/{number}")  # noqa: PTH116
                size += 0 if found.st_nlink else found.st_blocks * 512
    return size


def blocks(path: str) -> int:
    """The bytes that a file takes; none if it is gone."""
    try:
        return os.lstat(path).st_blocks * 512
    except FileNotFoundError:
        return 0


def left_behind(user: int) -> list[str]:
    """What a user owns in the folders that are open to everybody."""
    found = []
    for place in OPEN_TO_ALL:
        with contextlib.suppress(OSError), os.scandir(place) as listing:
            for entry in listing:
                with contextlib.suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_uid == user:
                        found.append(entry.path)
    return found


def sweep(folder: str, user: int | None) -> None:
    """Delete what the child wrote; no process of its user is left."""
    places = {folder} if user is None else {folder, *left_behind(user)}
    for place in places:
        with contextlib.suppress(OSError):
            if os.path.isdir(place) and not os.path.islink(place):  # noqa: PTH112, PTH114
                flatten(place)
                shutil.rmtree(place)
            else:
                os.unlink(place)  # noqa: PTH108


def flatten(folder: str) -> None:
    """Move every folder beneath up to the top: one nested deeply could not be deleted."""
    number = 0
    waiting = [entry.path for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
    while waiting:
        nested = waiting.pop()
        os.chmod(nested, 0o700)  # noqa: PTH101
        for entry in list(os.scandir(nested)):
            if entry.is_dir(follow_symlinks=False):
                number += 1
                target = f"{folder}/.{number}-{os.getpid()}"
                os.rename(entry.path, target)  # noqa: PTH104
                waiting.append(target)
