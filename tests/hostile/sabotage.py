"""Grades cases of the corpus without some mechanisms of the jail; runs in a disposable namespace.

    python sabotage.py '{"tier": "namespaces", "without": ["pid"], "cases": ["deny/T41_loop"]}'

It prints a line of JSON before and after each case. `disposable.py` starts it.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LIMITS = {"CORE": 0, "CPU": 300, "NOFILE": 4096, "NPROC": 4096}
MOST_GROWTH_MB = 100  # the grader keeps a submission's last words, and those are short


def main(task: dict[str, Any]) -> None:
    """Grade the cases one by one."""
    for name, value in LIMITS.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))
    sys.path[:0] = [str(HERE), str(HERE.parents[1])]
    from corpus import Case
    from examiner import Examiner

    with Examiner(task["tier"], frozenset(task["without"])) as examiner:
        for name in task["cases"]:
            case = Case(HERE / f"{name}.py")
            say(case=name, begun=True)
            try:
                seen = look(examiner, case)
            except BaseException as error:
                seen = {"fault": f"{type(error).__name__}: {error}"[:300]}
            examiner.bait.clear()
            say(case=name, **seen)


def look(examiner: Any, case: Any) -> dict[str, Any]:
    """What came of a case, and what it left outside."""
    before = memory_mb("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    for _ in range(case.header.repeat):
        result = examiner.grade(case)
    left = [*examiner.bait.marks(), *examiner.world.changed()]
    if (grown := memory_mb("VmHWM") - before) > MOST_GROWTH_MB:
        left.append(f"{grown:.0f} MB in the grader")
    if (strays := examiner.strays()) > 0:
        left.append(f"{strays} processes")
    honest = examiner.grade_honest(case.header.assignment)
    return {
        "verdict": result.verdict.value,
        "points": {question.id: question.points for question in result.questions},
        "left": left,
        "honest": honest.verdict.value,
    }


def memory_mb(name: str) -> float:
    """A line of this process's memory: what it has, or had at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def say(**what: Any) -> None:
    """One line for the test."""
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
