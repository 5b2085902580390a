"""The slow ways, on a sample: stock `otter run`, and a fresh Python, for every submission."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.classes import ROOT, SchoolClass
from benchmarks.cost import Peak
from kit.grading.autograders.otter_zip import build

Cost = tuple[float, float, float]  # processor seconds, clock seconds, MB
Table = dict[str, Any]


def fresh(school: SchoolClass, sample: int) -> tuple[Table, dict[str, float]]:
    """A Python that imports the frameworks, runs the tests on one submission, and ends."""

    def grade(path: Path) -> tuple[Cost, float]:
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.bare", school.name, str(path)]
        cost, said = run(command, ROOT)
        return cost, float(said.splitlines()[-1])

    return _each(school.sample(sample), grade)


def otter(school: SchoolClass, sample: int) -> tuple[Table, dict[str, float]]:
    """Stock `otter run` with the autograder zip of the assignment."""
    with tempfile.TemporaryDirectory() as work:
        zipped = build(school.workspace, school.assignment.slug, Path(work) / "autograder.zip")

        def grade(path: Path) -> tuple[Cost, float]:
            shutil.copy(path, work)
            command = [sys.executable, "-m", "otter", "run", "-a", str(zipped), "-o", work]
            cost, _ = run([*command, "--no-logo", path.name], Path(work))
            results = json.loads(Path(work, "results.json").read_text("utf-8"))
            return cost, sum(row.get("score", 0.0) for row in results["tests"])

        return _each(school.sample(sample), grade)


def _each(
    paths: list[Path], grade: Callable[[Path], tuple[Cost, float]]
) -> tuple[Table, dict[str, float]]:
    costs, points = [], {}
    for path in paths:
        cost, points[path.stem] = grade(path)
        costs.append(cost)
    cpu = [cost[0] for cost in costs]
    wall = statistics.mean(cost[1] for cost in costs)
    table = {
        "cpu_seconds": round(statistics.median(cpu), 3),
        "cpu_spread": [round(min(cpu), 3), round(max(cpu), 3)],
        "wall_seconds": round(wall, 3),
        "per_minute": round(60 / wall, 1),
        "measured": len(paths),
        "peak_memory_mb": round(max(cost[2] for cost in costs)),
    }
    return table, points


def run(command: list[str], folder: Path) -> tuple[Cost, str]:
    """What a command and all it waits for costs, and what it printed.

    Raises:
        RuntimeError: it failed.
    """
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        with Peak(process.pid, 0.2) as peak:
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
        said.seek(0)
        text = said.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{text[-2000:]}")
    return (usage.ru_utime + usage.ru_stime, wall, peak.mb), text
