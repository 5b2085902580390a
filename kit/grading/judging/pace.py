"""How the time of functions grows with their arguments, beside a library's, for a person to see.

An assignment that asks for computing on arrays may hold `autograder/<slug>/pace.py`: a function for
each graded function to look at, which makes its arguments at a size; the two `SIZES`; and
`REFERENCES`, a source that defines functions of the same names. Both are timed in one process of
the jail, in processor time. Nothing of it enters a result or a mark: time is what a busy machine
makes of it, and the word of a process that the student's code could have changed.
"""

import runpy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kit.assignment import Assignment
from kit.bridge.errors import BridgeError
from kit.errors import UsageError
from kit.files import write_text
from kit.grading.intake.discover import discover, refuse_inside
from kit.grading.intake.intake import read
from kit.grading.judging.jailed_code import JailedCode, Starter
from kit.grading.spreadsheet import table
from kit.jail import Jail
from kit.paths import Workspace
from kit.testing import jailed, remote, value

FASTER = 10.0  # times the growth of the reference: below, overheads and caches explain it
SEED = b"the same arguments for every student"

TIMER = """
import time

def seconds(function, arguments):
    # Processor time of one call: the least of three rounds, each of at least ten milliseconds.
    best = float("inf")
    for _ in range(3):
        count, start = 0, time.process_time()
        while count == 0 or time.process_time() - start < 0.01:
            function(*arguments)
            count += 1
        best = min(best, (time.process_time() - start) / count)
    return best
"""


@dataclass(frozen=True)
class Pace:
    """How many times as long a function took at the larger size, and the reference did."""

    function: str
    growth: float
    reference: float

    @property
    def remark(self) -> str:
        """What a person should look at; nothing where the function keeps pace."""
        if self.growth <= FASTER * self.reference:
            return ""
        return (
            f"{self.function} took {self.growth:.0f} times as long at the larger size, a library "
            f"{self.reference:.1f} times: does it loop over what an array operation would do?"
        )


@dataclass(frozen=True)
class Probe:
    """What `pace.py` holds."""

    references: str
    sizes: tuple[int, int]
    arguments: Mapping[str, Callable[[int, np.random.Generator], tuple[Any, ...]]]

    @classmethod
    def load(cls, workspace: Workspace, assignment: Assignment) -> "Probe":
        """The probe of an assignment.

        Raises:
            UsageError: it has none.
        """
        path = workspace.autograder(assignment.slug) / "pace.py"
        if not path.is_file():
            raise UsageError(f"{assignment.slug} times nothing: there is no {path}")
        found = runpy.run_path(str(path))
        arguments = {name: found[name] for name in assignment.functions if name in found}
        return cls(found["REFERENCES"], found["SIZES"], arguments)


def measure(
    assignment: Assignment, files: dict[str, bytes], jail: Starter, probe: Probe
) -> Iterator[Pace]:
    """The pace of every function that runs; one that fails or is not there has none."""
    submission = JailedCode(assignment, files, jail)
    try:
        for name in probe.arguments:
            session = submission.session()
            session.begin_question()
            if name in submission.functions:
                with jailed(session, SEED):
                    try:
                        yield _pace(name, submission.functions[name], probe)
                    except BridgeError:  # its tests say why
                        continue
    finally:
        submission.close()


def _pace(name: str, function: Any, probe: Probe) -> Pace:
    seconds = remote.define(TIMER).seconds
    reference = getattr(remote.define(probe.references), name)
    small, large = (probe.arguments[name](size, np.random.default_rng(0)) for size in probe.sizes)
    own, library = (
        [max(float(value(seconds(one, list(arguments)))), 1e-9) for arguments in (small, large)]
        for one in (function, reference)
    )
    return Pace(name, own[1] / own[0], library[1] / library[0])


def survey(
    workspace: Workspace, assignment: Assignment, submissions: Path, out: Path
) -> tuple[Path, list[str]]:
    """Time a folder of submissions; the CSV that was written to `out`, and the remarks.

    Raises:
        UsageError: the assignment has no probe, there are no submissions, or `out` lies among
            them.
        JailError: the jail does not work here.
    """
    probe = Probe.load(workspace, assignment)
    refuse_inside(out, submissions)
    lines = [["student", "function", "growth", "reference", "remark"]]
    remarks: list[str] = []
    with Jail(assignment.preload, assignment.limits) as jail:
        for entry in discover(submissions):
            for pace in measure(assignment, read(entry, assignment).files, jail, probe):
                numbers = f"{pace.growth:.3g}", f"{pace.reference:.3g}"
                lines.append([entry.student, pace.function, *numbers, pace.remark])
                remarks += [f"{entry.student}: {pace.remark}"] if pace.remark else []
    path = out / "pace.csv"
    write_text(path, table(lines))
    return path, remarks
