"""A namespace to be thrown away, in which the jail may be broken and nothing is harmed.

Its own processes, network, queues and host name; the machine's files are read-only, all that can
be written lies in memory and is small. A clock and a watch over the memory end it from outside.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus import Case

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SECONDS_PER_CASE, SECONDS_AT_START = 40, 90
MEMORY_MB = 4096
DISK_BYTES = 512 << 20
NAMESPACES = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")
NEVER = "sys_boot sys_module sys_rawio sys_time syslog mac_admin mac_override wake_alarm"


@dataclass
class Sight:
    """What became of one case: its result, or how the grader fell over it."""

    points: dict[str, float] = field(default_factory=dict)
    verdict: str = ""
    left: list[str] = field(default_factory=list)
    honest: str = "PASS"
    fault: str = ""

    def breach(self, expected: dict[str, float]) -> str:
        """How the attack got through, in words; empty where it was denied."""
        if self.fault:
            return f"the grader fell: {self.fault}"
        more = [name for name, points in self.points.items() if points > expected.get(name, 0)]
        if more:
            return f"points for {', '.join(more)}"
        if self.left:
            return f"left behind: {', '.join(self.left)}"
        return "" if self.honest == "PASS" else f"the next submission got {self.honest}"


def examine(tier: str, without: frozenset[str], cases: list[Case]) -> dict[str, Sight]:
    """What becomes of these cases in a jail without these mechanisms, by the case's name."""
    seen: dict[str, Sight] = {}
    waiting = [str(case) for case in cases]
    while waiting:  # a case that brings the grader down is followed by a fresh one
        lines = run({"tier": tier, "without": sorted(without), "cases": waiting})
        if not lines:
            raise AssertionError("the grader in the disposable namespace did not start")
        for line in lines:
            name = line.pop("case")
            begun = line.pop("begun", False)
            seen[name] = Sight(fault="it ended or hung") if begun else Sight(**line)
        waiting = [name for name in waiting if name not in seen]
    return seen


def run(task: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines that one run printed until it ended or was ended."""
    command = [*outer(), sys.executable, str(HERE / "sabotage.py"), json.dumps(task)]
    limit = SECONDS_AT_START + SECONDS_PER_CASE * len(task["cases"])
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        watch = threading.Thread(target=watch_over, args=(process, limit), daemon=True)
        watch.start()
        assert process.stdout is not None
        lines = [json.loads(line) for line in process.stdout if line.startswith("{")]
        process.wait()
        watch.join()
        errors.seek(0)
        said = errors.read()[-2000:]
    if not lines:
        raise AssertionError(f"nothing ran in the disposable namespace: {said}")
    return lines


def outer() -> list[str]:
    """The command line of the disposable namespace, up to the program."""
    command = ["bwrap", *NAMESPACES, "--die-with-parent", "--new-session", "--hostname", "outer"]
    command += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run"):
        command += ["--size", str(DISK_BYTES), "--perms", "1777", "--tmpfs", folder]
    for folder in (ROOT, Path(sys.prefix), Path(sys.base_prefix)):  # they may lie in /tmp
        command += ["--ro-bind", str(folder), str(folder)]
    if os.getuid() == 0:
        for name in NEVER.split():
            command += ["--cap-drop", f"cap_{name}"]
    return [*command, "--chdir", str(ROOT), "--setenv", "PYTHONDONTWRITEBYTECODE", "1", "--"]


def watch_over(process: subprocess.Popen[str], seconds: float) -> None:
    """End the namespace when its time is up or it takes too much memory."""
    end = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() > end or memory_mb(process.pid) > MEMORY_MB:
            process.kill()  # everything in it dies with its first process
            return
        time.sleep(0.1)


def memory_mb(root: int) -> float:
    """Memory that no file backs, of a process and all below it; shared pages count each time."""
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
            for line in Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines():
                if line.startswith(("RssShmem:", "RssAnon:")):
                    total += int(line.split()[1])
    return total / 1024
