"""The fork server: imports the frameworks once, then forks one confined child per submission.

Runs inside bubblewrap. It computes nothing before a fork, since thread pools do not survive one.
The child is pid 1 of its own pid namespace, so whatever it starts dies with it; a small parent
outside that namespace reports how it ended.
"""

import gc
import importlib
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

from kit.bridge import frame, server, wire
from kit.jail import confine

MESSAGE_BYTES = 1 << 16
SETUP_FAILED = 113
CONNECTION = 3
HOME = "/tmp/work"  # noqa: S108  a private tmpfs
ENVIRONMENT = {
    "HOME": HOME,
    "KERAS_HOME": "/tmp/keras",  # noqa: S108
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/matplotlib",  # noqa: S108
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "TMPDIR": "/tmp",  # noqa: S108
    "TORCHDYNAMO_DISABLE": "1",
    "USER": "student",
}
INHERITED = (
    *("CUDA_VISIBLE_DEVICES", "KERAS_BACKEND", "LD_LIBRARY_PATH", "TF_CPP_MIN_LOG_LEVEL"),
    *("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
    *("TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS"),
)


def main(descriptor: int, identity: int, preload: list[str]) -> None:
    """Serve the control socket until it is closed."""
    control = socket.socket(fileno=descriptor)
    greeting: dict[str, Any]
    try:
        if os.getuid() == 0:
            confine.drop_root(identity)
        for name in preload:
            importlib.import_module(name)
        if "torch" in sys.modules:
            sys.modules["torch"].set_num_threads(1)
        gc.collect()
        gc.disable()
        gc.freeze()
        greeting = {
            "ready": True,
            "threads": len(list(Path("/proc/self/task").iterdir())),
            **sizes(),
        }
    except BaseException as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        text = f"{type(error).__name__}: {error}"[:1000]
        greeting = {"ready": False, "error": text, "missing": missing}
    control.send(json.dumps(greeting).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 3)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            control.close()
            watch_over(json.loads(message), *descriptors)
        for number in descriptors:
            os.close(number)
        reap()


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


def watch_over(job: dict[str, Any], connection: int, output: int, report: int) -> None:
    """Start the child, hand its pidfd to the judge, report how it ended. Does not return."""
    status = SETUP_FAILED << 8
    judge = socket.socket(fileno=report)
    try:
        confine.prctl(confine.PR_SET_PDEATHSIG, 9)
        confine.enter_namespaces()
        gate, opener = os.pipe()
        child = os.fork()
        if child == 0:
            live(job, connection, output, gate)
        os.close(connection)
        os.close(output)
        socket.send_fds(judge, [b"pid"], [os.pidfd_open(child)])
        os.write(opener, b"g")
        _, status = os.waitpid(child, 0)
    except OSError as error:
        os.write(output, f"the jail could not be set up: {error}\n".encode())
    finally:
        judge.send(str(status).encode())
        os._exit(0)


def live(job: dict[str, Any], connection: int, output: int, gate: int) -> None:
    """The child's life: confine itself, then serve beside the student's code."""
    try:
        os.read(gate, 1)
        arrange_descriptors(connection, output)
        confine.private_mounts(job["tmp_mb"], 2 * job["limits"]["NPROC"])
        link = socket.socket(fileno=CONNECTION)
        receive_files(link)
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        os.environ.clear()
        os.environ.update(ENVIRONMENT | kept)
        confine.limit_resources(job["limits"])
        confine.drop_capabilities()
        sys.path[:] = [HOME, *(path for path in sys.path if path not in ("", job["home"]))]
        sys.argv = ["submission"]
        gc.enable()
        for part in wire.encode("ready"):
            link.sendall(part)
    except BaseException as error:
        os.write(2, f"the jail could not be set up: {type(error).__name__}: {error}\n".encode())
        os._exit(SETUP_FAILED)
    try:
        server.serve(link)
    finally:
        os._exit(0)


def arrange_descriptors(connection: int, output: int) -> None:
    """Nothing but an empty stdin, the capped output twice, and the connection."""
    empty = os.open("/dev/null", os.O_RDONLY)
    spare = [os.dup(number) for number in (empty, output, connection)]
    safe = [os.dup2(number, 100 + index) for index, number in enumerate(spare)]
    for target, source in ((0, safe[0]), (1, safe[1]), (2, safe[1]), (CONNECTION, safe[2])):
        os.dup2(source, target, inheritable=target != CONNECTION)
    os.closerange(CONNECTION + 1, 4096)
    os.setsid()


def receive_files(link: socket.socket) -> None:
    """Write the submission, which travels by value, into the child's own folder."""

    def fill(view: memoryview) -> None:
        while len(view):
            count = link.recv_into(view)
            if not count:
                os._exit(0)
            view = view[count:]

    Path(HOME).mkdir()
    os.chdir(HOME)
    for name, data in wire.decode(frame.read_frame(fill)).items():
        path = Path(HOME, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))
