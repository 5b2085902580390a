"""A grader: it unpacks submissions, judges them through a jail of its own, and reports.

Whoever holds it hands it one task at a time, in whatever process or machine. Reports are text of
ours; nothing that student code could have written is unpickled on the way.
"""

import gc
import logging
import resource
import time
import traceback
from dataclasses import replace
from pathlib import Path

from kit.errors import JailError, KitError
from kit.grading.build import this_build
from kit.grading.intake import Submission, unpack
from kit.grading.job import Job, Kind, Report, Task
from kit.grading.results import Verdict
from kit.jail import Jail

GROWTH_MB = 512  # what this process may come to hold beside what it held after its first submission


class Grader:
    """Judges one submission after another; its jail starts with the first that needs it.

    A report that says `spent` asks for another grader in a fresh process: this one has done its
    number, holds too much memory, or has seen a fault of ours.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self._difference = this_build().unlike(job.build)
        self._jail: Jail | None = None
        self._done = 0
        self._memory_mb: float | None = None

    def grade(self, task: Task) -> Report:
        """Judge a submission; a fault of any kind is a report, too."""
        started = time.monotonic()
        report = self._report(task)
        self._done += 1
        spent = report.spent or self._done >= self.job.recycle_after or self._has_grown()
        return replace(report, seconds=time.monotonic() - started, spent=spent)

    def close(self) -> None:
        """End the jail."""
        if self._jail is not None:
            self._jail.close()
            self._jail = None

    def _report(self, task: Task) -> Report:
        if self._difference is not None:
            text = f"a grading process cannot work for this batch: {self._difference}"
            return Report(Kind.NO_JAIL, text, spent=True)
        try:
            submission = unpack(task.parcel, self.job.assignment)
            if submission.error is not None:
                return Report(Kind.GRADED, self._unreadable(submission))
            try:
                jail = self._started()
            except JailError as error:
                return Report(Kind.NO_JAIL, str(error), spent=True)
            return self._judged(task, submission, jail)
        except KitError as error:
            return Report(Kind.FAILED, str(error), spent=True)
        except Exception as error:  # one submission never stops the batch
            logging.getLogger(__name__).exception("%s could not be graded", task.student)
            where = traceback.extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__} in {where.filename}:{where.lineno}: {str(error)[:300]}"
            return Report(Kind.FAILED, text, spent=True)

    def _started(self) -> Jail:
        if self._jail is None:
            import kit.grading.judge  # noqa: F401  otter takes a second to import

            job = self.job
            jail = Jail(job.assignment.preload, job.assignment.limits, tier=job.tier)
            self._jail = jail.__enter__()
            gc.collect()
            gc.freeze()  # what is there by now stays: it need not be looked through again and again
        return self._jail

    def _judged(self, task: Task, submission: Submission, jail: Jail) -> Report:
        from kit.grading.budgets import count
        from kit.grading.judge import judge_once

        job = self.job
        made = judge_once(
            job.assignment, submission.files, jail, job.secret, job.tests, task.questions
        )
        counts, late = count(job.assignment, submission, jail, job.tests.budgets)
        result = job.result(
            submission.student,
            made.questions,
            findings=submission.findings,
            sha256=submission.sha256,
            tier=jail.tier,
            answers=submission.answers,
        )
        result = replace(result, budgets=counts)
        doubt = any(one.verdict is Verdict.GRADER_ERROR for one in made.questions)
        return Report(
            Kind.LATE if made.late or late else Kind.GRADED, result.to_json(), spent=doubt
        )

    def _unreadable(self, submission: Submission) -> str:
        """The result of a submission that could not be read: an ERROR without questions."""
        job = self.job
        result = job.result(submission.student, (), findings=submission.findings)
        return replace(result, verdict=Verdict.ERROR).to_json()

    def _has_grown(self) -> bool:
        now = _resident_mb()
        if self._memory_mb is None and self._jail is not None:
            self._memory_mb = now
        return now - (self._memory_mb or now) > GROWTH_MB


def _resident_mb() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / (1 << 20)
