"""What a stored result depends on, as hashes: one per submission and one per question.

A question's key covers the raw bytes of the submission, the question's tests and points, the
oracle, the names that are graded, how a submission is read, the limits, the engine, the seed and
the isolation tier. A title, a choice, a component, a late rule or the key of the written questions
is in no key: marks and pages are made anew from the results each time.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import kit
from kit.assignment import Assignment
from kit.files import sha256
from kit.grading.batch.job import Job
from kit.grading.intake.parcel import Parcel
from kit.grading.judging.secret import seed_id

MANIFEST = {"slug", "frameworks", "handin", "limits", "imports"}  # what all questions depend on


@dataclass(frozen=True)
class Keys:
    """The keys of one submission's result; `parcel` is the hash of the submission alone."""

    submission: str
    questions: dict[str, str]
    parcel: str


class Keyring:
    """Makes the keys of a job."""

    def __init__(self, job: Job) -> None:
        self._shared = _hash(
            *_answered(job.assignment),
            *_budgeted(job),
            job.assignment.model_dump(mode="json", include=MANIFEST),
            [question.graded for question in job.assignment.questions],
            job.tests.oracle,
            [kit.__version__, job.build.code, job.build.versions],
            [seed_id(job.secret), job.tier],
        )
        self._questions = {
            question.id: _hash(
                question.id,
                question.points,
                [[file.label, file.text] for file in job.tests.of(question.id)],
            )
            for question in job.scoring.questions
        }

    def keys(self, parcel: Parcel) -> Keys:
        """The keys of a submission."""
        own = _hash(self._shared, parcel.sha256)
        questions = {name: _hash(own, key) for name, key in self._questions.items()}
        return Keys(own, questions, parcel.sha256)


def _answered(assignment: Assignment) -> Iterator[Any]:
    """What answers to written questions are read by, where there are any."""
    if assignment.written is not None:
        yield [[one.id, one.kind, one.options, one.shown] for one in assignment.written.questions]


def _budgeted(job: Job) -> Iterator[Any]:
    """What budgets are counted by, where there are any; a limit is applied when marks are made."""
    if job.assignment.budgets:
        yield [[one.id, one.claim] for one in job.assignment.budgets]
        yield job.tests.budgets


def _hash(*parts: Any) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode())
