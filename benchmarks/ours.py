"""This kit's way: what a grading process does with a submission, from its bytes to its JSON.

python -m benchmarks.ours light work/light 3     # the class, three times; one JSON per line
"""

import dataclasses
import json
import os
import sys
import time
from pathlib import Path

from benchmarks.classes import SchoolClass, open_class
from benchmarks.cost import cpu_seconds, settled_cpu_seconds
from kit.errors import KitError
from kit.grading.batch.job import Job, Kind, Task
from kit.grading.intake.discover import Entry, Source
from kit.grading.intake.intake import bounds
from kit.grading.intake.parcel import gather
from kit.grading.judging.build import this_build
from kit.grading.judging.tests_on_disk import TestSet
from kit.grading.judging.worker import Grader
from kit.jail import choose

SECRET = b"a secret that all runs of the benchmark share"
BURN = "import time\nwhile time.process_time() < 1.0:\n    pass\n"


def make_job(school: SchoolClass) -> Job:
    """What the batch would make of the class, with a secret that stays the same."""
    tests = TestSet.load(school.workspace, school.assignment.slug)
    assignment = school.assignment
    return Job(assignment, assignment, tests, SECRET, choose(None), this_build())


def points(grader: Grader, path: Path) -> float | None:
    """Grade one submission as the batch does: the points of all its questions.

    Raises:
        KitError: it could not be graded.
    """
    entry = Entry(path.stem, (Source(path, path.name),))
    task = Task(gather(entry, bounds(grader.job.assignment)), grader.job.questions)
    report = grader.grade(task)
    if report.kind is not Kind.GRADED:
        raise KitError(f"{path.name}: {report.kind}: {report.text}")
    result = json.loads(report.text)
    return sum(question["points"] or 0.0 for question in result["questions"])


def main(name: str, folder: Path, rounds: int) -> None:
    """Grade the class so often; print what the start and every round cost."""
    school = open_class(name, folder)
    began = time.monotonic()
    grader = Grader(dataclasses.replace(make_job(school), recycle_after=10**9))
    points(grader, school.submissions[0])  # starts the jail, imports otter
    started = settled_cpu_seconds()
    tell(tier=grader.job.tier, startup_cpu=started, startup_wall=time.monotonic() - began)
    for _ in range(rounds):
        before, clock = settled_cpu_seconds(), time.monotonic()
        earned = {path.stem: points(grader, path) for path in school.submissions}
        wall = time.monotonic() - clock
        tell(cpu=settled_cpu_seconds() - before, wall=wall, points=earned)
    tell(burner=_burner(grader, folder), total=cpu_seconds(os.getpid()))
    grader.close()


def _burner(grader: Grader, folder: Path) -> float:
    """What a submission that burns a second of processor time adds to the sum."""
    import zipfile

    path = folder.parent / "burner.zip"
    module = grader.job.assignment.modules[0]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{module}.py", BURN)
    before = settled_cpu_seconds()
    points(grader, path)
    return settled_cpu_seconds() - before


def tell(**facts: object) -> None:
    """One line for whoever started this process."""
    print(json.dumps(facts), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
