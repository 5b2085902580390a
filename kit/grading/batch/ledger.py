"""Stored results against today's keys: what of a submission still holds, what is to be judged.

What is put together here from old and new questions is byte for byte what judging all of them
gives, as long as no question depends on what an earlier one left behind: a question that is judged
again is judged in a process of its own.
"""

from dataclasses import dataclass, replace

from kit.grading.batch.job import Job, Kind, Report, Task
from kit.grading.batch.keys import Keyring, Keys
from kit.grading.batch.store import Store
from kit.grading.intake.parcel import Parcel
from kit.grading.results import Finding, QuestionResult, SubmissionResult, Verdict


@dataclass(frozen=True)
class _Begun:
    """A submission that is being judged: its keys, and the questions that still hold."""

    keys: Keys
    kept: tuple[QuestionResult, ...]


class Ledger:
    """Says what is to be judged, and stores what came of it."""

    def __init__(self, store: Store, job: Job) -> None:
        self._store, self._job = store, job
        self._keyring = Keyring(job)
        self._begun: dict[str, _Begun] = {}

    def task(self, parcel: Parcel) -> Task | None:
        """What is to be judged of a submission; None where the stored result holds."""
        keys = self._keyring.keys(parcel)
        stored = self._store.known(parcel.student)
        kept: tuple[QuestionResult, ...] = ()
        if stored is not None:
            result, known = stored
            valid = known.questions.items() & keys.questions.items()
            kept = tuple(one for one in result.questions if one.id in dict(valid))
            unreadable = not result.questions and known.submission == keys.submission
            if unreadable or len(kept) == len(keys.questions):
                self._refresh(result, keys)
                return None
        self._begun[parcel.student] = _Begun(keys, kept)
        done = {one.id for one in kept}
        return Task(parcel, tuple(name for name in self._job.questions if name not in done))

    def is_outdated(self, parcel: Parcel) -> bool:
        """Whether the stored result is that of other files than these."""
        stored = self._store.known(parcel.student)
        return stored is not None and stored[1].parcel != parcel.sha256

    def settle(self, task: Task, report: Report) -> SubmissionResult:
        """Store what became of a task."""
        begun = self._begun.pop(task.student)
        if report.kind is Kind.FAILED:
            return self._failed(task.student, report.text)
        made = SubmissionResult.from_json(report.text, f"the result of {task.student}")
        result = self._whole(made, (*begun.kept, *made.questions)) if made.questions else made
        self._write(result, begun.keys)
        return result

    def _refresh(self, result: SubmissionResult, keys: Keys) -> None:
        """Bring a result that holds up to today's titles and choices."""
        today = self._whole(result, result.questions)
        if today != result:
            self._write(today, keys)

    def _whole(
        self, result: SubmissionResult, questions: tuple[QuestionResult, ...]
    ) -> SubmissionResult:
        """The result of a submission with these questions, as if all had been judged now."""
        job, by_id = self._job, {one.id: one for one in questions}
        whole = job.result(
            result.student,
            [
                replace(by_id[question.id], title=question.title)
                for question in job.scoring.questions
                if question.id in by_id
            ],
            findings=result.findings,
            sha256=result.submission_sha256,
            tier=result.tier,
            answers=result.answers,
        )
        whole = replace(whole, budgets=result.budgets)
        return whole if questions else replace(whole, verdict=result.verdict)

    def _write(self, result: SubmissionResult, keys: Keys) -> None:
        """Store a result; a question that the grader failed on will be judged anew."""
        failed = {one.id for one in result.questions if one.verdict is Verdict.GRADER_ERROR}
        sound = {name: key for name, key in keys.questions.items() if name not in failed}
        self._store.write(result, replace(keys, questions=sound))

    def _failed(self, student: str, why: str) -> SubmissionResult:
        finding = Finding("grader", f"the grader failed: {why}")
        empty = self._job.result(student, (), findings=(finding,))
        result = replace(empty, verdict=Verdict.GRADER_ERROR, points=None)
        self._store.write(result, None)
        return result
