"""The fork server: imports the frameworks once, then forks one confined child per submission.

It computes nothing before a fork, since thread pools do not survive one, and it has one thread.
With namespaces it is the children's parent (`kit.jail.nursery`); without, it forks a small parent
for each (`kit.jail.parent`). Either reports how the child ended.
"""

import contextlib
import gc
import importlib
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

from kit.jail import call_rules, confine, huge_pages, nursery, parent, seccomp

MESSAGE_BYTES = 1 << 16
ALONGSIDE = (  # what templates import, and what a first step of training does, if it is there
    "numpy.typing",
    "torch.profiler._cupti_monitor",
)


def main(descriptor: int, server: dict[str, Any]) -> None:
    """Serve the control socket until it is closed."""
    control = socket.socket(fileno=descriptor)
    greeting: dict[str, Any]
    try:
        if server["tier"] == "namespaces":
            if os.getuid() == 0:
                confine.drop_root(server["identity"])
            nursery.enter()
        preload(server["preload"])
        settle(server)
        greeting = {"ready": True, "threads": threads(), **sizes()}
    except BaseException as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        text = f"{type(error).__name__}: {error}"[:1000]
        greeting = {"ready": False, "error": text, "missing": missing}
    control.send(json.dumps(greeting).encode())
    serve = serve_namespaces if server["tier"] == "namespaces" else serve_small_parents
    serve(control, server)


def serve_namespaces(control: socket.socket, server: dict[str, Any]) -> None:
    """Start a child for every job."""
    children = nursery.Nursery()
    while True:
        children.wait_for(control)
        job, descriptors = next_job(control)
        children.start(server | job, *descriptors)


def serve_small_parents(control: socket.socket, server: dict[str, Any]) -> None:
    """Start a small parent for every job; it starts the child."""
    while True:
        job, descriptors = next_job(control)
        if os.fork() == 0:
            if "descriptors" not in server["without"]:
                control.close()
            parent.watch_over(server | job, *descriptors)
        for number in descriptors:
            os.close(number)
        reap()


def next_job(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """The next job; the end where there is none, or where none could be started safely."""
    message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 3)
    if not message or threads() != 1:
        os._exit(0)  # another fork server takes over
    return json.loads(message), descriptors


def preload(names: list[str]) -> None:
    """Import what every child needs."""
    for name in names:
        importlib.import_module(name)
    for name in ALONGSIDE:
        if name.partition(".")[0] in sys.modules:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def settle(server: dict[str, Any]) -> None:
    """Do once what every child would do again, and keep what they share from being copied."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    if server["tier"] in ("namespaces", "separate-uid") and "seccomp" not in server["without"]:
        server["filter"] = seccomp.assemble(call_rules.for_tier(server["tier"], 0))
    confine.prctl(confine.PR_SET_DUMPABLE, 0)
    gc.collect()
    gc.disable()
    gc.freeze()
    huge_pages.collapse()


def threads() -> int:
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208  before every fork


def sizes() -> dict[str, int]:
    """The bytes of address space and of private data that this process has mapped."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    table = dict(line.split(":", 1) for line in lines if ":" in line)
    return {name: int(table[name].split()[0]) << 10 for name in ("VmSize", "VmData")}


def reap() -> None:
    """Take the children that have ended off the process table."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
