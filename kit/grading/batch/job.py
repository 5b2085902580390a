"""The unit of work: a job that all submissions of a batch share, a task, and the report on it.

All three can be pickled and hold no path, so that any machine with the same kit can do a task:
bytes go in, JSON comes out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import kit
from kit.assignment import Assignment
from kit.grading.intake.parcel import Parcel
from kit.grading.judging.build import Build
from kit.grading.judging.secret import seed_id
from kit.grading.judging.tests_on_disk import TestSet
from kit.grading.marks.marks import counted, overall_verdict
from kit.grading.results import Answer, Finding, QuestionResult, SubmissionResult

RECYCLE_AFTER = 100  # submissions


@dataclass(frozen=True)
class Job:
    """What all submissions of a batch share.

    `scoring` is the assignment with the questions that this batch marks, all or some. `build` is
    the engine that the batch runs; another machine must have the same. A grading process is
    replaced after `recycle_after` submissions.
    """

    assignment: Assignment
    scoring: Assignment
    tests: TestSet
    secret: bytes
    tier: str
    build: Build
    recycle_after: int = RECYCLE_AFTER

    @property
    def questions(self) -> tuple[str, ...]:
        """The ids of the questions that this batch marks."""
        return tuple(question.id for question in self.scoring.questions)

    def result(
        self,
        student: str,
        questions: Sequence[QuestionResult],
        *,
        findings: tuple[Finding, ...] = (),
        sha256: str = "",
        tier: str = "",
        answers: tuple[Answer, ...] = (),
    ) -> SubmissionResult:
        """The result of a submission from those of its questions."""
        points, most = counted(self.scoring, {one.id: one.points for one in questions})
        return SubmissionResult(
            student=student,
            assignment=self.assignment.slug,
            verdict=overall_verdict(self.scoring, questions),
            points=points,
            max_points=most,
            questions=tuple(questions),
            findings=findings,
            tier=tier,
            seed_id=seed_id(self.secret),
            submission_sha256=sha256,
            tests_sha256=self.tests.sha256,
            kit_version=kit.__version__,
            answers=answers,
        )


@dataclass(frozen=True)
class Task:
    """One submission, and the questions to judge, which are not all where some results hold."""

    parcel: Parcel
    questions: tuple[str, ...]

    @property
    def student(self) -> str:
        """Whose it is."""
        return self.parcel.student


class Kind(StrEnum):
    """What a report says."""

    GRADED = "graded"  # `text` is the result as JSON, of the task's questions
    LATE = (
        "late"  # so it is, but the clock on the wall ended a question: to be done once more, alone
    )
    FAILED = "failed"  # this submission could not be graded; `text` says why
    NO_JAIL = "no jail"  # nothing can be graded in this process; `text` says why


@dataclass(frozen=True)
class Report:
    """What became of a task; `text` is the result as JSON, or a sentence.

    A process that is `spent` should do no further task; a fresh one takes its place.
    """

    kind: Kind
    text: str
    seconds: float = 0.0
    spent: bool = False


Engine = Callable[[Job, Iterable[Task], int], Iterator[tuple[Task, Report]]]
"""Does every task, so many at once; yields each with its report as it is done.

It takes the next task only when it can be begun: each holds a submission in memory. A report of
`NO_JAIL` ends the batch as a `JailError`.
"""
