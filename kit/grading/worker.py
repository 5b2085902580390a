"""A grading process: it reads submissions, judges them through a jail of its own, and reports.

The batch starts several, hands each one submission at a time and replaces one that dies. Reports
are text of ours; nothing that student code could have written is unpickled on the way.
"""

import contextlib
import logging
import signal
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from multiprocessing.connection import Connection

import kit
from kit.assignment import Assignment
from kit.errors import JailError, KitError
from kit.files import sha256
from kit.grading.discover import Entry
from kit.grading.intake import Submission, read
from kit.grading.marks import counted, overall_verdict
from kit.grading.results import QuestionResult, SubmissionResult, Verdict
from kit.grading.secret import seed_id
from kit.grading.tests_on_disk import TestSet
from kit.jail import Jail


@dataclass(frozen=True)
class Job:
    """What all submissions of a batch share; `context` hashes all of it.

    `scoring` is the assignment with the questions that this batch marks, all or some.
    """

    assignment: Assignment
    scoring: Assignment
    tests: TestSet
    secret: bytes
    context: str
    questions: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Task:
    """One submission, and the key of the result that is stored for it."""

    entry: Entry
    known_key: str | None


class Kind(StrEnum):
    """What a report says."""

    GRADED = "graded"
    REUSED = "reused"  # the stored result still holds
    FAILED = "failed"  # this submission could not be graded; `text` says why
    NO_JAIL = "no jail"  # nothing can be graded here; `text` says why


@dataclass(frozen=True)
class Report:
    """What became of a task; `text` is the result as JSON, or a sentence."""

    kind: Kind
    text: str
    key: str | None
    seconds: float


class _Grader:
    """The jail of this process, started with the first submission that needs it.

    A batch in which every stored result still holds starts none.
    """

    def __init__(self, job: Job, context: contextlib.ExitStack) -> None:
        self.job = job
        self._context = context
        self._jail: Jail | None = None

    def jail(self) -> Jail:
        if self._jail is None:
            jail = Jail(self.job.assignment.preload, self.job.assignment.limits)
            self._jail = self._context.enter_context(jail)
        return self._jail


def main(connection: Connection, job: Job) -> None:
    """Work until the batch hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the batch decides what an interrupt means
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    with contextlib.ExitStack() as context:
        grader = _Grader(job, context)
        while True:
            try:
                task = connection.recv()
            except (EOFError, OSError):
                return
            started = time.monotonic()
            report = _report(grader, task)
            try:
                connection.send(replace(report, seconds=time.monotonic() - started))
            except OSError:  # the batch is gone
                return


def _report(grader: _Grader, task: Task) -> Report:
    job = grader.job
    try:
        submission = read(task.entry, job.assignment)
        key = _key(job, submission)
        if key == task.known_key:
            return Report(Kind.REUSED, "", key, 0.0)
        if submission.error is not None:
            return Report(Kind.GRADED, unreadable(job, submission).to_json(), key, 0.0)
        try:
            jail = grader.jail()
        except JailError as error:
            return Report(Kind.NO_JAIL, str(error), None, 0.0)
        return Report(Kind.GRADED, _judged(job, submission, jail).to_json(), key, 0.0)
    except KitError as error:
        return Report(Kind.FAILED, str(error), None, 0.0)
    except Exception as error:  # one submission never stops the batch
        logging.getLogger(__name__).exception("%s could not be graded", task.entry.student)
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__} in {where.filename}:{where.lineno}: {str(error)[:300]}"
        return Report(Kind.FAILED, text, None, 0.0)


def _key(job: Job, submission: Submission) -> str:
    own = f"{submission.sha256}|{submission.student}|{submission.findings!r}"
    return sha256(f"{job.context}|{Jail.tier}|{own}".encode())


def _judged(job: Job, submission: Submission, jail: Jail) -> SubmissionResult:
    from kit.grading.judge import judge  # otter takes a second to import

    questions = judge(job.assignment, submission.files, jail, job.secret, job.tests, job.questions)
    return make_result(job, submission, questions, tier=jail.tier)


def make_result(
    job: Job, submission: Submission, questions: Sequence[QuestionResult], *, tier: str
) -> SubmissionResult:
    """The result of a submission from those of its questions."""
    points, most = counted(job.scoring, {one.id: one.points for one in questions})
    return SubmissionResult(
        student=submission.student,
        assignment=job.assignment.slug,
        verdict=overall_verdict(job.scoring, questions),
        points=points,
        max_points=most,
        questions=tuple(questions),
        findings=submission.findings,
        tier=tier,
        seed_id=seed_id(job.secret),
        submission_sha256=submission.sha256,
        tests_sha256=job.tests.sha256,
        kit_version=kit.__version__,
    )


def unreadable(job: Job, submission: Submission) -> SubmissionResult:
    """The result of a submission that could not be read: an ERROR without questions."""
    return replace(make_result(job, submission, (), tier=""), verdict=Verdict.ERROR)
