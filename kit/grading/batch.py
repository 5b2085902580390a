"""A whole class in one call: grade what is new, keep what is done, write marks and pages.

Each result is on disk the moment it is there, so that an interrupted batch goes on where it
stopped.
"""

import difflib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypedDict, Unpack

from rich.console import Console

from kit.assignment import Assignment
from kit.errors import UsageError
from kit.grading import pool, remarks
from kit.grading.discover import Entry, discover
from kit.grading.exports import Class, write_exports
from kit.grading.hand_marks import Arrival, HandMark, read_marks, read_times
from kit.grading.intake import Submission
from kit.grading.marks import mark
from kit.grading.progress import Tell, watched
from kit.grading.results import Finding, SubmissionResult, Verdict
from kit.grading.secret import course_secret, seed_id
from kit.grading.store import Store, grading_context
from kit.grading.tests_on_disk import TestSet
from kit.grading.worker import Job, Kind, Report, Task, make_result
from kit.paths import Workspace


class GradeOptions(TypedDict, total=False):
    """What a batch may be told; `questions` and `student` narrow it.

    `secret` is the file of the course's secret, `marks` and `times` are CSVs of `hand_marks`.
    """

    jobs: int | None
    questions: Sequence[str]
    student: str | None
    secret: Path | None
    marks: Path | None
    times: Path | None


@dataclass(frozen=True)
class BatchSummary:
    """What a batch did and where it put it."""

    out: Path
    graded: Class
    fresh: int
    reused: int
    seconds: float
    files: tuple[Path, ...]
    remarks: tuple[str, ...]

    @property
    def grader_errors(self) -> tuple[str, ...]:
        """The students whose submission the grader failed on."""
        results = (result for result, _ in self.graded)
        return tuple(one.student for one in results if one.verdict is Verdict.GRADER_ERROR)

    @property
    def faults(self) -> str:
        """Whom the grader failed on and why; empty if nobody."""
        return remarks.faults([result for result, _ in self.graded])

    @property
    def sentence(self) -> str:
        """What happened, for the end of a command."""
        done = f"{self.fresh} graded, {self.reused} as before, in {self.seconds:.0f} s"
        pages = f"{self.out / 'gradebook.csv'} and {self.out / 'index.html'}"
        return "\n".join([*self.remarks, f"{done}; see {pages}"])

    @property
    def exit_code(self) -> int:
        """0, or 1 where a mark is open because of a fault of the grader."""
        return 1 if self.grader_errors else 0


@dataclass(frozen=True)
class _ByHand:
    """What people decided: marks and hand-in times, by student."""

    marks: dict[str, dict[str, HandMark]]
    arrivals: dict[str, Arrival]


@dataclass
class _Tally:
    """What happened so far, told to whoever watches."""

    tell: Tell
    fresh: int = 0
    reused: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def grade(
    workspace: Workspace,
    assignment: Assignment,
    submissions: Path,
    out: Path,
    *,
    console: Console,
    **options: Unpack[GradeOptions],
) -> BatchSummary:
    """Grade the submissions in a folder into `out`.

    With `questions` the results go to `out/only-<questions>` and leave the class's alone.

    Raises:
        UsageError: an option, a CSV or the folder is not what it should be.
        JailError: submissions cannot be isolated here.
    """
    started = time.monotonic()
    entries = discover(submissions)
    _refuse_one_submission(submissions, assignment)
    questions = tuple(dict.fromkeys(options.get("questions") or ()))
    scoring = _narrowed(assignment, questions)
    hand = _by_hand(assignment, options)
    if questions:
        out = out / f"only-{'-'.join(questions)}"
    store = Store(out)
    store.prepare(submissions)
    job = _job(workspace, assignment, scoring, questions, options.get("secret"))
    chosen = _chosen(entries, options.get("student"))
    timings, tally = _run(store, job, chosen, options.get("jobs"), console)
    graded = _marked(store, scoring, entries, hand)
    students = [entry.student for entry in entries]
    return BatchSummary(
        out=out,
        graded=graded,
        fresh=tally.fresh,
        reused=tally.reused,
        seconds=time.monotonic() - started,
        files=(*write_exports(out, scoring, graded), timings),
        remarks=(
            *remarks.strangers({*hand.marks, *hand.arrivals}, students),
            *remarks.on_times(assignment, hand.arrivals, students),
            *remarks.on_jobs(options.get("jobs")),
            *remarks.on_results([one for one, _ in graded], len(entries), job.tests.sha256),
        ),
    )


def _refuse_one_submission(folder: Path, assignment: Assignment) -> None:
    own = [file.name for file in assignment.handin.files if file.module]
    if here := [name for name in own if (folder / name).is_file()]:
        raise UsageError(
            f"{folder} holds {here[0]} itself, so it looks like one student's submission; "
            "name the folder above it, which holds one entry per student"
        )


def _by_hand(assignment: Assignment, options: GradeOptions) -> _ByHand:
    marks, times = options.get("marks"), options.get("times")
    return _ByHand(
        read_marks(marks, assignment) if marks else {}, read_times(times) if times else {}
    )


def _run(
    store: Store, job: Job, entries: Sequence[Entry], jobs: int | None, console: Console
) -> tuple[Path, _Tally]:
    """Grade what is not graded yet; each result is stored at once, durations even when stopped."""
    tasks = [Task(entry, store.known_key(entry.student)) for entry in entries]
    processes = max(1, min(jobs or os.cpu_count() or 1, len(tasks)))
    with watched(console, len(tasks)) as tell:
        tally = _Tally(tell)
        try:
            for task, report in pool.run(job, tasks, processes):
                _settle(store, job, task, report, tally)
        finally:
            timings = store.add_timings(tally.seconds)
    return timings, tally


def _chosen(entries: Sequence[Entry], student: str | None) -> list[Entry]:
    chosen = [entry for entry in entries if student in (None, entry.student)]
    if not chosen:
        near = difflib.get_close_matches(str(student), [entry.student for entry in entries], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"no submission is {student}'s{hint}")
    return chosen


def _narrowed(assignment: Assignment, questions: Sequence[str]) -> Assignment:
    """The assignment with these questions only, and their points as its whole."""
    if not questions:
        return assignment
    own = tuple(assignment.question(name) for name in dict.fromkeys(questions))
    auto = sum(question.points for question in own)
    changes = {"questions": own, "choices": (), "components": {"auto": auto}}
    return assignment.model_copy(update=changes)


def _job(
    workspace: Workspace,
    assignment: Assignment,
    scoring: Assignment,
    questions: tuple[str, ...],
    secret_file: Path | None,
) -> Job:
    tests = TestSet.load(workspace, assignment.slug)
    secret = course_secret(secret_file)
    context = grading_context(assignment, tests, seed_id(secret), questions)
    return Job(assignment, scoring, tests, secret, context, questions or None)


def _settle(store: Store, job: Job, task: Task, report: Report, tally: _Tally) -> None:
    """Put one report on disk and tell of it."""
    student = task.entry.student
    result = None
    if report.kind is Kind.GRADED:
        result = SubmissionResult.from_json(report.text, f"the result of {student}")
        store.write(result, report.key)
    elif report.kind is Kind.FAILED:
        finding = Finding("grader", f"the grader failed: {report.text}")
        failed = make_result(job, Submission(student, findings=(finding,)), (), tier="")
        result = replace(failed, verdict=Verdict.GRADER_ERROR, points=None)
        store.write(result, None)
    if report.kind is Kind.REUSED:
        tally.reused += 1
    else:
        tally.fresh += 1
        tally.seconds[student] = report.seconds
    tally.tell(student, report, result)


def _marked(
    store: Store,
    assignment: Assignment,
    entries: Sequence[Entry],
    hand: _ByHand,
) -> Class:
    """Every stored result of this class with its mark, by student."""
    graded = []
    for entry in entries:
        result = store.read(entry.student)
        if result is not None and result.assignment == assignment.slug:
            student = result.student
            made = mark(assignment, result, hand.marks.get(student), hand.arrivals.get(student))
            graded.append((result, made))
    return tuple(graded)
