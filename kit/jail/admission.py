"""What may enter a jail, and how: the files of a submission travel by value into a new child."""

import os
import socket
from collections.abc import Mapping
from pathlib import PurePosixPath

from kit.bridge import frame, wire
from kit.errors import JailError
from kit.jail.cell import JailedCell

SETUP_SECONDS = 60.0
NAME_BYTES = 255
MB = 1 << 20


def check_files(files: Mapping[str, bytes], tmp_mb: int) -> None:
    """Refuse files that the jail cannot hold; an intake that did its work passes none.

    Raises:
        JailError: a name leads out of the folder or is another's folder, or they are too large.
    """
    for name in files:
        path = PurePosixPath(name)
        plain = name.isprintable() and "\\" not in name and str(path) == name and name != "."
        short = all(len(part.encode()) <= NAME_BYTES for part in path.parts)
        inside = not path.is_absolute() and ".." not in path.parts
        free = not any(str(parent) in files for parent in path.parents)
        if not (plain and short and inside and free):
            raise JailError(f"{name[:80]!r} is not a name for a file of a submission; leave it out")
    if sum(map(len, files.values())) > tmp_mb * MB // 2:
        raise JailError(
            f"the submission does not fit in its jail; leave files out or raise tmp_mb ({tmp_mb})"
        )


def admit(cell: JailedCell, files: Mapping[str, bytes]) -> None:
    """Send the files to a new child, wait until it is confined.

    Raises:
        JailError: it says why it could not be.
    """
    cell.report.settimeout(SETUP_SECONDS)
    cell.connection.settimeout(SETUP_SECONDS)
    _, descriptors, _, _ = socket.recv_fds(cell.report, 64, 1)
    try:
        cell.adopt(descriptors)
        for part in wire.encode(dict(files)):
            cell.connection.sendall(part)
        received = frame.read_frame(frame.filled_from(cell.connection))
        ready = wire.decode(received) == "ready"
    except (OSError, EOFError, frame.WireError):
        ready = False
    if not ready:
        cell.end()
        raise JailError(complaint(cell.output))
    cell.settle()


def complaint(output: int) -> str:
    """Why a child could not be set up, from what it printed."""
    try:
        said = os.read(output, 2000).decode("utf-8", "replace").strip()
    except BlockingIOError:
        said = ""
    return said or "the jail could not be set up: its process ended without a word"
