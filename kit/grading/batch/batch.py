"""A whole class in one call: grade what is new, keep what is done, write marks and pages.

Each result is on disk the moment it is there, so that an interrupted batch goes on where it
stopped.
"""

import difflib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Unpack

from rich.console import Console

from kit.assignment import Assignment
from kit.errors import UsageError
from kit.grading.batch import options as told
from kit.grading.batch import remarks
from kit.grading.batch.job import Engine, Job, Kind, Task
from kit.grading.batch.ledger import Ledger
from kit.grading.batch.options import GradeOptions
from kit.grading.batch.progress import Watch, watched
from kit.grading.batch.store import Store
from kit.grading.engines import pool
from kit.grading.handed_out.exports import Class, write_exports
from kit.grading.handed_out.suggestions import refuse_as_marks
from kit.grading.intake.discover import Entry, discover, texts_alone
from kit.grading.intake.intake import bounds
from kit.grading.intake.parcel import gather
from kit.grading.marks.hand_marks import FINAL, Arrival, HandMark, read_marks, read_times
from kit.grading.marks.marks import AUTO, mark
from kit.grading.marks.set_aside import unopened
from kit.grading.written.key import Key, load_key
from kit.grading.written.queue import Queue, make_queue, read_rows
from kit.paths import Workspace


@dataclass(frozen=True)
class BatchSummary:
    """What a batch did and where it put it."""

    out: Path
    graded: Class
    fresh: int
    reused: int
    seconds: float
    tier: str
    files: tuple[Path, ...]
    remarks: tuple[str, ...]

    @property
    def faults(self) -> str:
        """Whom the grader failed on and why; empty if nobody."""
        return remarks.faults([result for result, _ in self.graded])

    @property
    def sentence(self) -> str:
        """What happened, for the end of a command."""
        done = f"{self.fresh} graded, {self.reused} as before, in {self.seconds:.0f} s"
        pages = f"{self.out / 'gradebook.csv'} and {self.out / 'index.html'}"
        return "\n".join([*self.remarks, f"{done}, isolation {self.tier}; see {pages}"])


@dataclass(frozen=True)
class _ByHand:
    """What people decided: marks and hand-in times, by student."""

    marks: dict[str, dict[str, HandMark]]
    arrivals: dict[str, Arrival]


def grade(
    workspace: Workspace,
    assignment: Assignment,
    submissions: Path,
    out: Path,
    *,
    console: Console,
    engine: Engine | None = None,
    **options: Unpack[GradeOptions],
) -> BatchSummary:
    """Grade the submissions in a folder into `out`.

    With `questions` the results go to `out/only-<questions>` and leave the class's alone. Without
    an engine, processes of this machine do the work.

    Raises:
        UsageError: an option, a CSV or the folder is not what it should be.
        JailError: submissions cannot be isolated here.
    """
    started, entries = time.monotonic(), discover(submissions)
    _refuse_one_submission(submissions, assignment)
    chosen = _chosen(entries, options.get("student"))
    hand, key = _by_hand(assignment, options, entries), load_key(workspace, assignment)
    job = told.job(workspace, told.limited(assignment, options), options)
    store = _store(out, job, options)
    with store.held(submissions, assignment.slug):
        read_rows(store.out, job.scoring)  # one that cannot be read is told before any grading
        with watched(console, len(chosen)) as watch:
            run = _Run(job, store, watch)
            try:
                run.all(engine or pool.run, chosen, _processes(engine, options, len(chosen)))
            finally:
                timings = store.add_timings(run.seconds)
        graded = _marked(store, job.scoring, entries, hand, key)
        queue = make_queue(job.scoring, graded, read_rows(store.out, job.scoring))
        files = _exported(store.out, job, graded, key, queue, options)
    return BatchSummary(
        out=store.out,
        graded=graded,
        fresh=run.fresh,
        reused=run.reused,
        seconds=time.monotonic() - started,
        tier=job.tier,
        files=(*files, timings),
        remarks=(
            *_remarks(assignment, job, entries, hand, graded, queue),
            *_on_others(submissions, store, entries),
            *run.outdated(entries, chosen),
        ),
    )


@dataclass
class _Run:
    """The submissions on their way to an engine and back into the store."""

    job: Job
    store: Store
    watch: Watch
    fresh: int = 0
    reused: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ledger = Ledger(self.store, self.job)

    def all(self, engine: Engine, entries: Sequence[Entry], processes: int) -> None:
        """Grade what is not graded yet; what the clock ended comes once more, alone, at the end."""
        late = self._through(engine, entries, processes, again=True)
        self._through(engine, late, 1, again=False)

    def outdated(self, entries: Sequence[Entry], chosen: Sequence[Entry]) -> list[str]:
        """A remark on those whom this run left alone, and whose stored result is of other files."""
        done = {entry.student for entry in chosen}
        others = (entry for entry in entries if entry.student not in done)
        parcels = (gather(entry, bounds(self.job.assignment)) for entry in others)
        return remarks.on_outdated(
            [parcel.student for parcel in parcels if self._ledger.is_outdated(parcel)]
        )

    def _through(
        self, engine: Engine, entries: Sequence[Entry], processes: int, *, again: bool
    ) -> list[Entry]:
        """One pass; each result is stored at once. Returns what has to be done once more."""
        by_student = {entry.student: entry for entry in entries}
        late = []
        for task, report in engine(self.job, self._tasks(entries), processes):
            if report.kind is Kind.LATE and again:
                late.append(by_student[task.student])
                self.watch.late(task.student)
                continue
            result = self._ledger.settle(task, report)
            self.fresh += 1
            self.seconds[task.student] = report.seconds
            self.watch.graded(result, report.seconds)
        return late

    def _tasks(self, entries: Sequence[Entry]) -> Iterator[Task]:
        """The submissions that have to be judged, each read when it is asked for."""
        for entry in entries:
            task = self._ledger.task(gather(entry, bounds(self.job.assignment)))
            if task is None:
                self.reused += 1
                self.watch.reused(entry.student)
            else:
                self.watch.started(entry.student)
                yield task


def _refuse_one_submission(folder: Path, assignment: Assignment) -> None:
    own = [file.name for file in assignment.handin.files if file.module]
    if here := [name for name in own if (folder / name).is_file()]:
        raise UsageError(
            f"{folder} holds {here[0]} itself, so it looks like one student's submission; "
            "name the folder above it, which holds one entry per student"
        )


def _by_hand(assignment: Assignment, options: GradeOptions, entries: Sequence[Entry]) -> _ByHand:
    marks, times = options.get("marks"), options.get("times")
    read = read_marks(marks, assignment) if marks else {}
    if options.get("questions"):  # where the mark of the whole is not made
        read = {who: {k: v for k, v in own.items() if k != FINAL} for who, own in read.items()}
    hand = _ByHand(read, read_times(times) if times else {})
    _refuse_shared(entries, hand)
    return hand


def _store(out: Path, job: Job, options: GradeOptions) -> Store:
    """The folder for the results; that of some questions lies in the one of the class."""
    if options.get("questions"):
        out = out / f"only-{'-'.join(job.questions)}"
    refuse_as_marks(options.get("marks"), out)
    return Store(out)


def _refuse_shared(entries: Sequence[Entry], hand: _ByHand) -> None:
    """What was decided for one submission must not fall to another of the same name."""
    shared = [entry for entry in entries if entry.shared]
    for name in sorted({*hand.marks, *hand.arrivals}):
        own = [entry for entry in shared if entry.shared.casefold() == name.casefold()]
        if own:
            which = ", ".join(f"{one.student} is {one.sources[0].path.name}" for one in own)
            raise UsageError(
                f"--marks or --times names {name}, and {len(own)} submissions carry that name: "
                f"{which}; keep one of them, or name the one that is meant by its own id"
            )


def _chosen(entries: Sequence[Entry], student: str | None) -> list[Entry]:
    chosen = [entry for entry in entries if student in (None, entry.student)]
    if not chosen:
        near = difflib.get_close_matches(str(student), [entry.student for entry in entries], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"no submission is {student}'s{hint}")
    return chosen


def _processes(engine: Engine | None, options: GradeOptions, most: int) -> int:
    """How many submissions at once; 0 leaves it to an engine that was given."""
    jobs = options.get("jobs")
    return (jobs or 0) if engine else max(1, min(jobs or os.cpu_count() or 1, most))


def _marked(
    store: Store,
    assignment: Assignment,
    entries: Sequence[Entry],
    hand: _ByHand,
    key: Key | None,
) -> Class:
    """Every stored result of this class with its mark, by student."""
    graded = []
    for entry in entries:
        result = store.read(entry.student)
        if result is not None and result.assignment == assignment.slug:
            student = result.student
            by_hand, arrival = hand.marks.get(student), hand.arrivals.get(student)
            made = mark(assignment, result, by_hand, arrival, key)
            graded.append((result, made))
    return tuple(graded)


def _exported(
    out: Path, job: Job, graded: Class, key: Key | None, queue: Queue, options: GradeOptions
) -> list[Path]:
    explain = bool(options.get("explain"))
    return write_exports(out, job.scoring, graded, key, queue, explain=explain)


def _on_others(submissions: Path, store: Store, entries: Sequence[Entry]) -> Iterator[str]:
    """Remarks on what lies in the two folders and belongs to nobody who is graded."""
    yield from remarks.on_texts(texts_alone(submissions))
    yield from remarks.on_gone(store.students() - {entry.student for entry in entries})


def _remarks(
    assignment: Assignment,
    job: Job,
    entries: Sequence[Entry],
    hand: _ByHand,
    graded: Class,
    queue: Queue,
) -> tuple[str, ...]:
    students = [entry.student for entry in entries]
    waiting = {one.student: unopened(one) for one, mark in graded if AUTO in mark.pending}
    return (
        *told.on_limits(assignment, job.assignment),
        *told.on_tier(job.tier),
        *remarks.strangers({*hand.marks, *hand.arrivals}, students),
        *remarks.on_names(entries),
        *remarks.on_times(assignment, hand.arrivals, students),
        *remarks.on_late(assignment, hand.arrivals, entries),
        *remarks.on_budgets(job.scoring, hand.marks, [one for one, _ in graded]),
        *remarks.on_changed(queue),
        *remarks.on_waiting([name for name, closed in waiting.items() if not closed]),
        *remarks.on_unread(
            [one for one, _ in graded], [name for name, closed in waiting.items() if closed]
        ),
        *remarks.on_results([one for one, _ in graded], len(entries), job.tests.sha256),
    )
