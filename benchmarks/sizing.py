"""The sizing table of docs/instructor.md, from what was measured.

    python -m benchmarks.sizing [--check]

Reads `grading.json` (`make bench`) and `dispatch.json` (`python -m benchmarks.dispatch`). With
--check it changes nothing and fails where the table is another.
"""

import json
import sys
from typing import Any

from benchmarks.classes import ROOT

PAGE = ROOT / "docs" / "instructor.md"
BEGIN, END = "<!-- sizing: python -m benchmarks.sizing -->\n", "<!-- /sizing -->\n"
SUBMISSIONS = (60, 1_000, 10_000, 100_000)
CORES = (1, 16, 128)
NAMES = {"light": "the light class", "a1": "a1"}


def text(found: dict[str, Any], passed: dict[str, Any]) -> str:
    """The tables and the sentences that say how they were made."""
    heads = [f"{NAMES[name]}, {cores} core{'s' * (cores > 1)}" for name, cores in _columns()]
    command, scheduler = passed["command_cpu_ms"], passed["scheduler_cpu_ms"]
    lines = [
        f"Measured on {found['machine']['cpu']}, one worker per core:",
        "",
        "| | CPU s per submission | per core and minute | start of a worker, s | MB per worker |",
        "|---|---|---|---|---|",
        *(_measured(NAMES[name], found[name]["ours"]) for name in NAMES),
        "",
        f"| submissions | {' | '.join(heads)} |",
        f"|---|{'---|' * len(heads)}",
        *(_row(count, found, passed["per_second"]) for count in SUBMISSIONS),
        "",
        "Time = start of a worker + the larger of submissions × CPU s ÷ cores and of submissions",
        f"÷ {passed['per_second']}: so many a second pass through one command and one scheduler,",
        f"which spend {command} and {scheduler} ms of CPU on each, whatever the number of cores.",
        "For an assignment of your own, grade ten submissions with `-j 1` and take the mean of",
        "`timings.json` for the CPU seconds.",
    ]
    return "\n".join(lines) + "\n"


def _columns() -> list[tuple[str, int]]:
    return [(name, cores) for name in NAMES for cores in CORES]


def _measured(name: str, ours: dict[str, Any]) -> str:
    spent = ours["cpu_seconds"]
    start, memory = ours["startup_cpu_seconds"], ours["peak_memory_mb"]
    return f"| {name} | {spent:.2f} | {60 / spent:.0f} | {start:.0f} | {memory:.0f} |"


def _row(count: int, found: dict[str, Any], per_second: float) -> str:
    cells = []
    for name, cores in _columns():
        ours = found[name]["ours"]
        work = max(count * ours["cpu_seconds"] / cores, count / per_second)
        cells.append(_duration(ours["startup_cpu_seconds"] + work))
    return f"| {count:,} | {' | '.join(cells)} |"


def _duration(seconds: float) -> str:
    """In the unit that a person would use."""
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 1.5 * size:
            amount = seconds / size
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{seconds:.0f} s"


def _read(name: str) -> dict[str, Any]:
    path = ROOT / "benchmarks" / name
    if not path.is_file():
        sys.exit(f"{path} is missing; measure first: see benchmarks/README.md")
    return dict(json.loads(path.read_text("utf-8")))


def page(found: dict[str, Any], passed: dict[str, Any]) -> str:
    """The instructor's page with the tables of these figures."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{text(found, passed)}{END}{after}"


def main() -> None:
    """Write the table, or compare it."""
    made = page(_read("grading.json"), _read("dispatch.json"))
    if "--check" not in sys.argv:
        PAGE.write_text(made, "utf-8")
    elif made != PAGE.read_text("utf-8"):
        sys.exit("docs/instructor.md: the sizing table is old; run: python -m benchmarks.sizing")


if __name__ == "__main__":
    main()
