"""The jailed child: it confines itself, tier by tier, then serves beside the student's code."""

import gc
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from kit.bridge import frame, server, wire
from kit.jail import call_rules, confine, landlock, seccomp, tensors, users

SETUP_FAILED = 113
CONNECTION = 3
PRIVATE_TMP = "/tmp"  # noqa: S108  a tmpfs of its own
INHERITED = (
    *("CUDA_VISIBLE_DEVICES", "KERAS_BACKEND", "LD_LIBRARY_PATH", "TF_CPP_MIN_LOG_LEVEL"),
    *("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
    *("TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS"),
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
FACTS = (  # of the machine, which libraries ask for
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version", "/proc/filesystems"),
    *("/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/pid_max", "/proc/uptime"),
    *("/sys/devices/system", "/etc/ld.so.cache", "/etc/localtime"),
)


def environment(folder: str) -> dict[str, str]:
    """The child's whole environment, beside what is `INHERITED` from the fork server's own."""
    return {
        "HOME": f"{folder}/work",
        "KERAS_HOME": f"{folder}/keras",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": f"{folder}/matplotlib",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TMPDIR": folder,
        "TORCHDYNAMO_DISABLE": "1",
        "USER": "student",
    }


def live(job: dict[str, Any], connection: int, output: int, gate: int) -> None:
    """The child's life. Does not return."""
    try:
        os.read(gate, 1)
        without = job["without"]
        arrange_descriptors(connection, output, job["kept"], closing="descriptors" not in without)
        folder = job.get("folder", PRIVATE_TMP)
        if job["tier"] == "namespaces":
            confine.enter_namespaces(job["tmp_mb"], 2 * job["limits"]["NPROC"], without)
        if job.get("user") is not None:
            users.become(job["user"])
        confine.prctl(confine.PR_SET_DUMPABLE, 1)
        confine.prctl(confine.PR_SET_PDEATHSIG, signal.SIGKILL)
        link = socket.socket(fileno=CONNECTION)
        receive_files(link, f"{folder}/work")
        renew(job, folder)
        if job["tier"] != "namespaces" and "torch" in sys.modules:
            tensors.send_by_value()
        confine_for_good(job, folder)
        for part in wire.encode("ready"):
            link.sendall(part)
    except BaseException as error:
        os.write(2, f"the jail could not be set up: {type(error).__name__}: {error}\n".encode())
        os._exit(SETUP_FAILED)
    try:
        server.serve(link)
    finally:
        os._exit(0)


def confine_for_good(job: dict[str, Any], folder: str) -> None:
    """What cannot be taken back: limits, capabilities, files, system calls."""
    tier, without = job["tier"], job["without"]
    if "rlimits" not in without:
        confine.limit_resources(job["limits"])
    if "capabilities" not in without:
        confine.drop_capabilities()
    confine.prctl(confine.PR_SET_NO_NEW_PRIVS, 1)
    if tier == "unconfined":
        return
    if "landlock" not in without and landlock.version():
        rules = reachable(tier, folder, job["readable"])
        landlock.restrict(rules, signals="signals" not in without)
    if "seccomp" not in without:
        program = job.get("filter")
        if program is None:
            program = seccomp.assemble(call_rules.for_tier(tier, os.getpid(), without))
        seccomp.install(program)


def reachable(tier: str, folder: str, readable: list[str]) -> list[tuple[str, int]]:
    """The files that student code may reach, as rules of Landlock."""
    device = landlock.READ_FILE | landlock.WRITE_FILE
    rules = [(path, landlock.RUN) for path in readable]
    rules += [(path, device) for path in DEVICES]
    rules += [(path, landlock.READ) for path in FACTS]
    rules.append((folder, landlock.OWN))
    if tier == "namespaces":
        return [*rules, ("/dev/shm", landlock.OWN), ("/proc", landlock.READ)]  # noqa: S108
    if tier == "separate-uid":  # semaphores and tensors shared with its own processes
        rules += [("/dev/shm", landlock.SHARE)]  # noqa: S108
    return [*rules, (f"/proc/{os.getpid()}", landlock.READ)]


def renew(job: dict[str, Any], folder: str) -> None:
    """An environment, a search path and arguments that say nothing of the grader."""
    if "environment" not in job["without"]:
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        os.environ.clear()
        os.environ.update(environment(folder) | kept)
    tempfile.tempdir = None
    home = f"{folder}/work"
    sys.path[:] = [home, *(path for path in sys.path if path not in ("", job["home"]))]
    sys.argv = ["submission"]
    gc.enable()


def arrange_descriptors(connection: int, output: int, kept: list[int], *, closing: bool) -> None:
    """Nothing but an empty stdin, the capped output twice, the connection and what is kept."""
    empty = os.open("/dev/null", os.O_RDONLY)
    spare = [os.dup(number) for number in (empty, output, connection)]
    safe = [os.dup2(number, 100 + index) for index, number in enumerate(spare)]
    for target, source in ((0, safe[0]), (1, safe[1]), (2, safe[1]), (CONNECTION, safe[2])):
        os.dup2(source, target, inheritable=target != CONNECTION)
    if closing:
        low = CONNECTION + 1
        for number in [*sorted(kept), 4096]:
            os.closerange(low, number)
            low = number + 1
    os.setsid()


def receive_files(link: socket.socket, home: str) -> None:
    """Write the submission, which travels by value, into the child's own folder."""
    Path(home).mkdir(exist_ok=True)
    os.chdir(home)
    try:
        files = wire.decode(frame.read_frame(frame.filled_from(link)))
    except EOFError:  # the judge is gone
        os._exit(0)
    for name, data in files.items():
        path = Path(home, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
