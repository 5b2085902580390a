"""What an attack would find if the jail did not hold: servers, files, a variable, room for marks.

    with Bait() as bait:      # before the jails start, so that they could inherit all of it
        ...                   # grade a submission
        assert bait.marks() == []

The attacks know the fixed names below. Everything listens on this machine only.
"""

import contextlib
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

PREFIX = "kit-hostile-"
PORT = 47047
TEXT = b"kit-hostile-bait"
VARIABLE = "KIT_HOSTILE_BAIT"
PLACE = "/var/tmp"


class Bait:
    """Lays everything out on entering and takes it away on leaving."""

    def __init__(self) -> None:
        self.folder = Path()
        self._sockets: list[socket.socket] = []
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PLACE))
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self._lay_files()
        self._listen()
        os.environ[VARIABLE] = TEXT.decode()
        self._stack.callback(os.environ.pop, VARIABLE, None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._stack.close()

    def marks(self) -> list[str]:
        """What attacks left outside their jail: files, and processes that still run."""
        files = [path.name for path in (self.folder / "marks").iterdir()]
        return sorted(files + [f"process {pid}" for pid in left_processes()])

    def clear(self) -> None:
        """Take the marks away, end the processes."""
        for path in (self.folder / "marks").iterdir():
            path.unlink()
        for pid in left_processes():
            with contextlib.suppress(OSError):
                os.kill(pid, 9)

    def _lay_files(self) -> None:
        for name, mode in (("open", 0o755), ("private", 0o700), ("marks", 0o777)):
            (self.folder / name).mkdir()
            (self.folder / name).chmod(mode)
        for name in ("open/roster.csv", "open/t10k-labels-idx1-ubyte", "private/roster.csv"):
            (self.folder / name).write_bytes(TEXT + b",100\n")

    def _listen(self) -> None:
        for family, address in (
            (socket.AF_INET, ("127.0.0.1", PORT)),
            (socket.AF_INET6, ("::1", PORT)),
            (socket.AF_UNIX, f"\0{self.folder.name}"),
            (socket.AF_UNIX, str(self.folder / "socket")),
        ):
            with contextlib.suppress(OSError):  # a machine without IPv6
                self._serve(family, socket.SOCK_STREAM, address, greet)
        (self.folder / "socket").chmod(0o777)
        self._serve(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", PORT), answer)

    def _serve(
        self, family: int, kind: int, address: object, talk: Callable[[socket.socket], None]
    ) -> None:
        listener = socket.socket(family, kind)
        self._sockets.append(listener)
        if family != socket.AF_UNIX:  # two runs of the tests share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)  # type: ignore[arg-type]
        if kind == socket.SOCK_STREAM:
            listener.listen(8)
        threading.Thread(target=talk, args=(listener,), daemon=True).start()


def greet(listener: socket.socket) -> None:
    """Say the text to whoever connects, until the listener is closed."""
    with contextlib.suppress(OSError):
        while True:
            link, _ = listener.accept()
            with link, contextlib.suppress(OSError):
                link.sendall(TEXT)


def answer(listener: socket.socket) -> None:
    """Answer every datagram with the text, until the socket is closed."""
    with contextlib.suppress(OSError):
        while True:
            _, sender = listener.recvfrom(64)
            if sender is None:  # it was shut down
                return
            listener.sendto(TEXT, sender)


def left_processes() -> list[int]:
    """Processes whose command line begins as those of the attacks do."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and (folder / "cmdline").read_bytes().startswith(
                PREFIX.encode()
            ):
                found.append(int(folder.name))
    return found
