"""Grade two classes of sixty in four ways and print what each costs.

    python -m benchmarks.grading [--only light] [--rounds 3] [--sample 5] [--out FILE]

Every way runs in processes of its own. Processor time is that of the whole tree: the trusted
process, the fork server, the children.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import machine, table
from benchmarks.classes import ROOT, SchoolClass, build
from benchmarks.cost import Peak
from benchmarks.peers import fresh, otter

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
CLASSES = ("light", "a1")
ROUNDS = {"light": 5, "a1": 1}
SAMPLE = {"light": 5, "a1": 4}
BURNED = (0.95, 1.6)  # seconds that the sum may show for a second of work
Table = dict[str, Any]


def main() -> int:
    """Measure, print, write."""
    asked = _arguments()
    console = Console(width=min(110, Console().width))
    os.environ.update(ONE_THREAD)
    out = Path(asked.out)
    found = json.loads(out.read_text("utf-8")) if asked.only and out.is_file() else {}
    found["machine"] = machine.described()
    with tempfile.TemporaryDirectory() as work:
        for name in [asked.only] if asked.only else CLASSES:
            school = build(name, Path(work) / name)
            found[name] = measure(school, console, asked.rounds, asked.sample)
            table.show(name, found[name], console)
            _write(out, found)
    if asked.only in (None, "light"):
        found["memory"] = json.loads(_output(["benchmarks.memory"]))
        held = found["memory"]["eight_torch_children_pss_mb"]
        console.print(f"8 torch children and the server: {held:.0f} MB PSS")
    _write(out, found)
    console.print(f"written to {out}")
    return 0


def _write(out: Path, found: Table) -> None:
    out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=CLASSES, help="one class; the other's figures stay")
    parser.add_argument("--rounds", type=int, help="so often is the class graded by the quick ways")
    parser.add_argument("--sample", type=int, help="so many submissions for the slow ways")
    parser.add_argument("--out", default=str(ROOT / "benchmarks" / "grading.json"))
    return parser.parse_args()


def measure(
    school: SchoolClass, console: Console, rounds: int | None = None, sample: int | None = None
) -> Table:
    """The four ways on one class, and the ratios between them.

    Raises:
        RuntimeError: the ways do not give the same points, or processor time gets lost.
    """
    rounds, sample = rounds or ROUNDS[school.name], sample or SAMPLE[school.name]
    found: Table = {"submissions": len(school.submissions), "load": round(os.getloadavg()[0], 2)}
    ways: dict[str, Callable[[], tuple[Table, dict[str, float]]]] = {
        "ours": lambda: _rounds("benchmarks.ours", school, rounds),
        "bare": lambda: _rounds("benchmarks.inprocess", school, rounds),
        "fresh": lambda: fresh(school, sample),
        "otter": lambda: otter(school, sample),
    }
    points: list[dict[str, float]] = []
    for name, way in ways.items():
        with console.status(f"{school.name}: {table.WAYS[name]}"):
            found[name], earned = way()
        points.append(earned)
        spent = found[name]["cpu_seconds"]
        console.print(f"{school.name}: {table.WAYS[name]}: {spent:.3f} CPU s per submission")
    found["same_points"] = _agree(*points)
    some = len(school.submissions) if school.name == "light" else 6
    found["where"] = json.loads(
        _output(["benchmarks.where", school.name, str(school.folder), str(some)])
    )
    return found | ratios(found)


def ratios(found: Table) -> Table:
    """How the ways compare, in processor time per submission."""
    ours, bare = found["ours"]["cpu_seconds"], found["bare"]["cpu_seconds"]
    return {
        "ratio_vs_otter_cpu": round(found["otter"]["cpu_seconds"] / ours, 2),
        "ratio_vs_fresh_cpu": round(found["fresh"]["cpu_seconds"] / ours, 2),
        "overhead_ms": round(1000 * (ours - bare), 1),
        "overhead_vs_inprocess_cpu": round(ours / bare, 3),
    }


def _agree(points: dict[str, float], *others: dict[str, float]) -> int:
    """How many comparisons of a submission's points were made; all of them agree."""
    for other in others:
        for student, earned in other.items():
            if abs(points[student] - earned) > 1e-9:
                raise RuntimeError(f"{student} has {points[student]} points and {earned}")
    return sum(map(len, others))


def _rounds(module: str, school: SchoolClass, rounds: int) -> tuple[Table, dict[str, float]]:
    """Run a module that grades the class several times and tells of each."""
    command = _command([module, school.name, str(school.folder), str(rounds)])
    lines: list[Table] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101
        lines.append(json.loads(process.stdout.readline() or "{}"))
        if not lines[0]:
            raise RuntimeError(f"{module} ended before it had begun; its words are above")
        lines += [json.loads(line) for line in process.stdout]
    told = [line for line in lines if "points" in line]
    if process.returncode or len(told) != rounds:
        raise RuntimeError(f"{module} ended too soon; its words are above")
    burner = next((line["burner"] for line in lines if "burner" in line), None)
    if burner is not None and not BURNED[0] < burner < BURNED[1]:
        raise RuntimeError(f"a second of processor time in the jail counts as {burner:.2f} s")
    made = summary([(one["cpu"], one["wall"]) for one in told], len(school.submissions))
    made |= {"startup_cpu_seconds": lines[0]["startup_cpu"], "burner_seconds": burner}
    made |= {"startup_wall_seconds": lines[0]["startup_wall"]}
    made |= {"tier": lines[0].get("tier", ""), "rounds": rounds}
    made["peak_memory_mb"] = _peak(module, school)
    return made, told[0]["points"]


def summary(rounds: list[tuple[float, float]], count: int) -> Table:
    """Medians over rounds of (processor, clock) seconds for `count` submissions."""
    cpu = [one[0] / count for one in rounds]
    wall = statistics.median(one[1] / count for one in rounds)
    return {
        "cpu_seconds": round(statistics.median(cpu), 4),
        "cpu_spread": [round(min(cpu), 4), round(max(cpu), 4)],
        "wall_seconds": round(wall, 4),
        "per_minute": round(60 / wall, 1),
        "measured": count,
    }


def _peak(module: str, school: SchoolClass) -> float:
    """The most memory that the whole tree holds, in a run of its own that nobody times."""
    command = _command([module, school.name, str(school.folder), "0"])
    with (
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process,
        Peak(process.pid) as peak,
    ):
        process.communicate()
    return round(peak.mb)


def _command(arguments: list[str]) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", *arguments]


def _output(arguments: list[str]) -> str:
    done = subprocess.run(_command(arguments), cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    Console().print(f"{time.monotonic() - began:.0f} s")
    sys.exit(code)
