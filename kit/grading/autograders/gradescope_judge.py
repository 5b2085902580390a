"""The process in Gradescope's container that judges: the kit's own grader, on one submission.

    python -m kit.grading.autograders.gradescope_judge DESCRIPTOR PLACE

PLACE is Gradescope's folder. It writes a line of JSON per question to the descriptor,
{"result": TEXT} or {"failed": SENTENCE}, and may be ended at any time: what it has written counts.
"""

import json
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from kit.assignment import load
from kit.errors import KitError
from kit.grading.autograders.gradescope_place import STUDENT, Place, Settings
from kit.grading.batch.job import Job, Kind, Report, Task
from kit.grading.intake.discover import Entry, Source
from kit.grading.intake.intake import bounds
from kit.grading.intake.parcel import Parcel, gather
from kit.grading.judging.build import this_build
from kit.grading.judging.secret import course_secret
from kit.grading.judging.tests_on_disk import TestSet
from kit.grading.judging.worker import Grader
from kit.jail import choose


def main(place: Place, channel: IO[str]) -> None:
    """Judge what lies in `place`, question by question."""
    try:
        job = job_of(place)
        with closing(Grader(job)) as grader:
            for report in reports(grader, parcel_of(place, job)):
                key = "failed" if report.kind in (Kind.FAILED, Kind.NO_JAIL) else "result"
                print(json.dumps({key: report.text}), file=channel, flush=True)
    except KitError as error:
        print(json.dumps({"failed": str(error)}), file=channel, flush=True)


def job_of(place: Place) -> Job:
    """The unit of work that the zip describes, in the strongest tier of this machine.

    Raises:
        KitError: the zip is damaged, or nothing can be isolated here.
    """
    assignment = load(Settings.read(place).slug, place.workspace)
    return Job(
        assignment=assignment,
        scoring=assignment,
        tests=TestSet.load(place.workspace, assignment.slug),
        secret=course_secret(place.secret),
        tier=choose(None),
        build=this_build(),
    )


def parcel_of(place: Place, job: Job) -> Parcel:
    """The submission's bytes, as local grading reads a folder: with caps, and no link followed."""
    entry = Entry(STUDENT, (Source(place.submission, STUDENT),))
    return gather(entry, bounds(job.assignment))


def reports(grader: Grader, parcel: Parcel) -> Iterator[Report]:
    """A report per question; what the clock on the wall ended is judged once more, at the end.

    Each question gets processes of its own, and nothing outlives one: what a public test quotes has
    seen no hidden input of another question.
    """
    late = []
    for question in grader.job.questions:
        task = Task(parcel, (question,))
        report = grader.grade(task)
        if report.kind is Kind.LATE:
            late.append(task)
        else:
            yield report
        if report.kind is Kind.NO_JAIL:
            return
    yield from map(grader.grade, late)


def _stop(number: int, frame: object) -> None:
    """End as on an interrupt, which closes the jail; the judge holds SystemExit for a student's."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    signal.signal(signal.SIGTERM, _stop)
    with open(int(sys.argv[1]), "w", encoding="utf-8") as stream:  # noqa: PTH123  a descriptor
        main(Place(Path(sys.argv[2])), stream)
