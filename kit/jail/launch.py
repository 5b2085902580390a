"""Starting bubblewrap, and whether it can be started here at all."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from typing import IO

from kit.jail import layout


def launch(control: socket.socket, preload: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start bubblewrap with the fork server inside."""
    sources = [descriptor_of(text) for text in layout.jailed_files().values()]
    command = layout.bubblewrap(sources) + layout.fork_server(control.fileno(), preload)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[control.fileno(), *sources],
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


def available() -> str | None:
    """Why there is no jail on this machine, in one sentence; None where there is one."""
    if sys.platform != "linux":
        return "grading needs Linux: use a Linux machine, WSL 2 on Windows, or a container"
    if shutil.which("bwrap") is None:
        return "grading needs bubblewrap; install it with: apt-get install bubblewrap"
    trial = ["bwrap", *layout.NAMESPACES, "--ro-bind", "/", "/", "--", "/bin/true"]
    if os.getuid() != 0:
        trial.insert(1, "--unshare-user")
    done = subprocess.run(trial, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = " ".join(done.stderr.split())
        return f"grading needs namespaces, which bubblewrap cannot make here ({said})"
    return None
