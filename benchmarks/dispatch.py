"""How many submissions a second the cluster engine passes on, when judging them costs nothing.

    python -m benchmarks.dispatch

A real Dask scheduler on loopback and workers whose grader reports at once. The command and the
scheduler are one thread each: the slower of the two is what more cores cannot pass. Writes
`benchmarks/dispatch.json`.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks import machine
from benchmarks.classes import LIGHT, ROOT
from kit.assignment import load
from kit.grading.batch import options
from kit.grading.batch.job import Task
from kit.grading.engines.cluster import dask_cluster
from kit.grading.intake.parcel import Item, Parcel

OUT = ROOT / "benchmarks" / "dispatch.json"
SUBMISSIONS, WARM_UP, WORKERS = 600, 20, 2
BYTES = 20_000
FREE = f"""
from kit.grading.engines import dask_worker
from kit.grading.batch.job import Kind, Report

class Free:
    def __init__(self, job):
        self.job = job

    def grade(self, task):
        return Report(Kind.GRADED, "x" * {BYTES // 2})

    def close(self):
        pass

dask_worker.Grader = Free
"""


def main() -> None:
    """Measure and write."""
    with tempfile.TemporaryDirectory() as folder, _cluster(Path(folder)) as (address, scheduler):
        secret = Path(folder, "secret")
        secret.write_bytes(os.urandom(32))
        assignment = load(LIGHT.resolve("light"), LIGHT)
        job = options.job(LIGHT, assignment, {"secret": secret})
        with dask_cluster(address) as engine:
            list(engine(job, _tasks(WARM_UP), 0))
            before = scheduler.cpu_times()
            own, started = time.process_time(), time.monotonic()
            for _ in engine(job, _tasks(SUBMISSIONS), 0):
                pass
            wall, own = time.monotonic() - started, time.process_time() - own
            after = scheduler.cpu_times()
    busy = after.user + after.system - before.user - before.system
    found = {
        "command_cpu_ms": round(1000 * own / SUBMISSIONS, 2),
        "scheduler_cpu_ms": round(1000 * busy / SUBMISSIONS, 2),
        "per_second": round(SUBMISSIONS / max(own, busy)),
        "seen_per_second": round(SUBMISSIONS / wall),
        "workers": WORKERS,
        "machine": machine.described(),
    }
    OUT.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
    sys.stdout.write(f"{json.dumps(found, indent=1)}\nwritten to {OUT}\n")


def _tasks(count: int) -> Iterator[Task]:
    for number in range(count):
        item = Item("answers.py", os.urandom(BYTES))
        yield Task(Parcel(f"student{number}", (item,)), ("q1",))


@contextlib.contextmanager
def _cluster(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A scheduler and its workers, which end with the block."""
    preload, place = folder / "free.py", folder / "scheduler.json"
    preload.write_text(FREE, "utf-8")
    dask = [sys.executable, "-m", "dask"]
    common = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(place)]
    worker = ["worker", *common, "--nthreads", "1", "--no-nanny", "--preload", str(preload)]
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in [["scheduler", *common, "--port", "0"]] + [worker] * WORKERS:
            running.append(subprocess.Popen([*dask, *command], cwd=ROOT, stderr=subprocess.DEVNULL))
            while not place.exists():
                time.sleep(0.1)
        yield json.loads(place.read_text("utf-8"))["address"], psutil.Process(running[0].pid)
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait()


if __name__ == "__main__":
    main()
