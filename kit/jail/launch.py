"""Starting the fork server: in bubblewrap where the tier has namespaces, else on the machine."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from kit.jail import layout, trial

LEAST_DESCRIPTOR = 512  # above all that a child opens itself
Folder = tempfile.TemporaryDirectory[str]


def launch(
    control: int, server: dict[str, Any], log: IO[bytes]
) -> tuple[subprocess.Popen[bytes], Folder | None]:
    """Start the fork server.

    Returns:
        Its process, and a folder that has its files until it has read them.
    """
    if server["tier"] == "namespaces":
        return in_bubblewrap(control, server, log), None
    return on_the_machine(control, server, log)


def in_bubblewrap(control: int, server: dict[str, Any], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start it in a small system of its own."""
    server = server | {"home": layout.JAIL_HOME, "kept": [], "readable": layout.readable()}
    sources = [descriptor_of(data) for data in layout.jailed_files().values()]
    command = layout.bubblewrap(sources, server["without"])
    try:
        return subprocess.Popen(
            [*command, *layout.jailed_command(control, server)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[control, *sources],
            cwd="/",
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin")},
        )
    finally:
        for source in sources:
            os.close(source)


def descriptor_of(data: bytes) -> int:
    """A descriptor that gives `data`: a copy, so that the jail learns no path of ours."""
    with tempfile.TemporaryFile() as stream:
        stream.write(data)
        stream.flush()
        descriptor = os.dup(stream.fileno())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def on_the_machine(
    control: int, server: dict[str, Any], log: IO[bytes]
) -> tuple[subprocess.Popen[bytes], Folder]:
    """Start it among the machine's files."""
    home = tempfile.TemporaryDirectory(prefix="kit-jail-")
    for name, data in layout.jailed_files().items():
        path = Path(home.name, "kit", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    kept: list[int] = []
    base, *packages = [
        folder
        if server["tier"] != "separate-uid" or layout.open_to_all(folder)
        else held(folder, kept)
        for folder in (sys.base_prefix, *layout.package_folders())
    ]
    readable = layout.readable_in_place(base, packages)
    server = server | {"home": home.name, "kept": kept, "readable": readable}
    inherited = dict(os.environ) if "environment" in server["without"] else {}
    try:
        process = subprocess.Popen(
            [base_interpreter(), *layout.fork_server(home.name, control, server)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[control, *kept],
            cwd="/",
            env=inherited | layout.environment_in_place(home.name, base, packages),
            start_new_session=True,  # an interrupt at the keyboard is the judge's to handle
        )
    except BaseException:
        home.cleanup()
        raise
    finally:
        for number in kept:
            os.close(number)
    return process, home


def held(folder: str, kept: list[int]) -> str:
    """A path to a folder that leads past those above it: through a descriptor held open.

    The child's user may not be able to walk there: Python in somebody's private home.
    """
    import fcntl

    opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    number = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, LEAST_DESCRIPTOR)
    os.close(opened)
    kept.append(number)
    return f"/proc/self/fd/{number}"


def base_interpreter() -> str:
    """The interpreter that a virtual environment was made from."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def missing(tier: str) -> str | None:
    """Why a tier is not to be had on this machine, in one sentence; None if it is."""
    if sys.platform != "linux":
        return "grading needs Linux: use a Linux machine, WSL 2 on Windows, or a container"
    if tier == "unconfined":
        return None
    if tier != "namespaces":
        return trial.reason(tier, [])
    if shutil.which("bwrap") is None:
        return "grading needs bubblewrap; install it with: apt-get install bubblewrap"
    wrapper = ["bwrap", *layout.namespaces(), "--ro-bind", "/", "/", "--proc", "/proc"]
    wrapper += ["--dev", "/dev", *layout.user_namespace()]
    if (said := trial.reason(tier, [*wrapper, "--"])) is not None:
        return f"grading needs namespaces, which bubblewrap cannot make here ({said})"
    return None
