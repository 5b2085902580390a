"""Limits, clocks and processes: what a submission gets does not depend on the machine's day."""

import contextlib
import io
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from toy_course import SECRET, Course, Recorder, hand_in_many

from kit import jail
from kit.assignment import Assignment
from kit.errors import JailError
from kit.grading.batch import options
from kit.grading.batch.job import Job, Kind, Report, Task
from kit.grading.engines import pool
from kit.grading.intake.discover import discover
from kit.grading.intake.intake import bounds
from kit.grading.intake.parcel import Item, Parcel, gather
from kit.grading.judging import worker
from kit.grading.judging.build import Build, this_build
from kit.grading.judging.worker import Grader
from kit.grading.results import SubmissionResult, Verdict
from kit.jail import tier
from kit.paths import Workspace

pytestmark = pytest.mark.skipif(jail.available() is not None, reason=str(jail.available()))

SLEEPER = b"import time\n\n\ndef unit(x):\n    time.sleep(600)\n"
BUSY = b"import time\nwhile time.process_time() < %s:\n    pass\n"


@pytest.fixture
def course(toy: Workspace, toy_assignment: Assignment, tmp_path: Path) -> Course:
    made = Course(toy, toy_assignment, tmp_path)
    made.hand_in("ada", made.solution)
    return made


@pytest.fixture
def job(course: Course) -> Job:
    return options.job(course.workspace, course.assignment, {"secret": course.secret})


def task(course: Course, student: str = "ada") -> Task:
    entry = next(one for one in discover(course.submissions) if one.student == student)
    parcel = gather(entry, bounds(course.assignment))
    return Task(parcel, tuple(question.id for question in course.assignment.questions))


@contextlib.contextmanager
def load(processes: int) -> Iterator[None]:
    """So many other processes that want the processor all the time."""
    burning = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)
    ]
    try:
        yield
    finally:
        for one in burning:
            one.kill()
            one.wait()


# Limits that the instructor gives.


def busy(course: Course, seconds: float) -> None:
    """A submission that uses the processor on import, once per process."""
    wasting = BUSY % str(seconds).encode() + course.solution["vectors.py"]
    course.hand_in("ada", course.solution | {"vectors.py": wasting})


def test_a_timeout_of_ones_own_is_part_of_the_result_and_told(course: Course) -> None:
    busy(course, 1.2)
    strict = course.grade(engine=Recorder(), timeout=0.5)
    assert strict.graded[0][0].questions[0].verdict is Verdict.TIMEOUT
    assert strict.remarks == (
        "graded under other limits: 0.5 s of processor time and 512 MB per question, where the "
        "manifest has 2 s and 512 MB",
    )
    usual = course.grade(engine=Recorder())
    assert (usual.fresh, usual.remarks) == (1, ())
    assert usual.graded[0][0].verdict is Verdict.PASS


def test_the_other_clocks_keep_their_ratio_to_the_timeout(course: Course) -> None:
    usual = course.assignment.limits
    limits = options.limited(course.assignment, {"timeout": 3 * usual.cpu_seconds}).limits
    assert limits.cpu_seconds == 3 * usual.cpu_seconds
    assert limits.wall_seconds == 3 * usual.wall_seconds
    assert limits.call_seconds == 3 * usual.call_seconds
    assert limits.memory_mb == usual.memory_mb


def test_a_memory_of_ones_own_is_part_of_the_result_and_told(course: Course) -> None:
    hoarding = b"kept = bytearray(300 << 20)\nkept[::4096] = b'1' * len(kept[::4096])\n"
    hoarding += b"import time\ntime.sleep(0.3)\n"  # the memory is looked at every 50 ms
    vectors = hoarding + course.solution["vectors.py"]
    course.hand_in("ada", course.solution | {"vectors.py": vectors})
    strict = course.grade(engine=Recorder(), memory=200)
    assert strict.graded[0][0].questions[0].verdict is Verdict.MEMORY
    assert "200 MB per question" in strict.sentence
    assert course.grade(engine=Recorder()).graded[0][0].verdict is Verdict.PASS


def test_a_tier_that_is_not_to_be_had_is_a_refusal(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(JailError, match="no isolation tier 'strong'; choose from namespaces"):
        course.grade(tier="strong")
    monkeypatch.setattr(tier, "available", lambda name=None: "the kernel is too old")
    with pytest.raises(JailError, match="'landlock' is not to be had here: the kernel is too old"):
        course.grade(tier="landlock")
    with pytest.raises(JailError, match="the kernel is too old"):
        course.grade()
    assert not list((course.root / "out").rglob("*.json"))


@pytest.mark.parametrize("name", jail.TIERS)
def test_the_tier_asked_for_is_the_one_that_runs(course: Course, name: str) -> None:
    if (reason := jail.available(name)) is not None:
        pytest.skip(reason)
    summary = course.grade(engine=Recorder(), tier=name)
    result = summary.graded[0][0]
    assert (result.tier, result.points, summary.tier) == (name, 7, name)
    assert f"isolation {name};" in summary.sentence
    warned = [text for text in summary.remarks if "without isolation, as asked" in text]
    assert len(warned) == (name == "unconfined")
    assert course.grade(engine=Recorder(), tier=name).fresh == 0
    for other in jail.TIERS[:3]:
        if other != name and jail.available(other) is None:
            assert course.grade(engine=Recorder(), tier=other).fresh == 1
            break


# The clock on the wall.


def slow_at_first(job: Job, tasks: Iterable[Task], processes: int) -> Iterator[tuple[Task, Report]]:
    """A machine that has no time for anybody until it is asked to do one thing at a time."""
    if processes > 1:
        limits = job.assignment.limits.model_copy(update={"wall_seconds": 0.2})
        job = replace(job, assignment=job.assignment.model_copy(update={"limits": limits}))
    yield from Recorder()(job, tasks, processes)


def test_what_the_clock_ended_comes_once_more_alone_and_that_counts(course: Course) -> None:
    slow = b"    import time; time.sleep(0.5)\n    length ="
    vectors = course.solution["vectors.py"].replace(b"    length =", slow)
    course.hand_in("eve", course.solution | {"vectors.py": vectors})
    stream = io.StringIO()
    console = Console(file=stream, width=100)
    loaded = course.grade(engine=slow_at_first, jobs=2, console=console)
    told = "eve                      out of time by the clock; once more at the end"
    assert told in stream.getvalue()
    assert loaded.graded[1][0].verdict is Verdict.PASS
    course.grade("calm", engine=Recorder())
    assert course.bytes_of("out") == course.bytes_of("calm")


def test_a_timeout_by_the_clock_that_comes_again_counts(course: Course) -> None:
    limits = course.assignment.limits.model_copy(update={"wall_seconds": 3.0})
    course.assignment = course.assignment.model_copy(update={"limits": limits})
    course.hand_in("eve", course.solution | {"vectors.py": SLEEPER})
    summary = course.grade(engine=Recorder())
    (first, *others) = summary.graded[1][0].questions
    assert (first.verdict, others[0].verdict) == (Verdict.TIMEOUT, Verdict.PASS)
    assert (summary.fresh, course.grade(engine=Recorder()).fresh) == (2, 0)


def test_a_grader_says_what_the_clock_ended(course: Course, job: Job) -> None:
    limits = job.assignment.limits.model_copy(update={"wall_seconds": 1.0})
    short = replace(job, assignment=job.assignment.model_copy(update={"limits": limits}))
    importing = b"import time\ntime.sleep(600)\n" + course.solution["vectors.py"]
    course.hand_in("eve", course.solution | {"vectors.py": importing})
    with contextlib.closing(Grader(short)) as grader:
        report = grader.grade(task(course, "eve"))
    assert (report.kind, report.spent) == (Kind.LATE, False)
    verdicts = [one.verdict for one in SubmissionResult.from_json(report.text).questions]
    assert verdicts[0] is Verdict.TIMEOUT


@pytest.mark.slow
def test_one_process_or_eight_give_the_same_bytes_beside_others(course: Course) -> None:
    """Eight at once beside four that take all the processor they get, against one in peace."""
    hand_in_many(course, 12)
    loop = b"def unit(x):\n    while True:\n        pass\n"
    course.hand_in("zoe", course.solution | {"vectors.py": loop})
    with load(4):
        course.grade("eight", jobs=8)
    course.grade("one", jobs=1)
    assert course.bytes_of("eight") == course.bytes_of("one")


# Grading processes are replaced in time.


def started(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Notes every grading process that the pool starts."""
    begun: list[Job] = []
    honest = pool._start

    def start(job: Job) -> pool._Worker:
        begun.append(job)
        return honest(job)

    monkeypatch.setattr(pool, "_start", start)
    return begun


def test_a_process_is_replaced_after_its_number_of_submissions(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in_many(course, 4)
    begun = started(monkeypatch)

    def two_each(job: Job, tasks: Iterable[Task], _: int) -> Iterator[tuple[Task, Report]]:
        yield from pool.run(replace(job, recycle_after=2), tasks, 1)

    course.grade("short-lived", engine=two_each)
    assert len(begun) == 3
    course.grade("one", engine=Recorder())
    assert course.bytes_of("short-lived") == course.bytes_of("one")


def test_a_grader_is_spent_when_it_holds_too_much(
    course: Course, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.closing(Grader(job)) as grader:
        assert not grader.grade(task(course)).spent
        monkeypatch.setattr(worker, "GROWTH_MB", -1)
        assert grader.grade(task(course)).spent


def test_a_fault_of_ours_spends_a_grader(course: Course, job: Job) -> None:
    broken = tuple(
        replace(file, text="import nothing_of_this_name") if file.label == "hidden/q2.py" else file
        for file in job.tests.files
    )
    with contextlib.closing(Grader(replace(job, tests=replace(job.tests, files=broken)))) as grader:
        report = grader.grade(task(course))
    assert (report.kind, report.spent) == (Kind.GRADED, True)


def test_a_grader_of_another_kit_says_so(course: Course, job: Job) -> None:
    own = this_build()
    with contextlib.closing(Grader(replace(job, build=Build("0" * 64, own.versions)))) as grader:
        report = grader.grade(task(course))
    assert report.kind is Kind.NO_JAIL and "its kit is not the batch's" in report.text
    older = tuple((name, "1.0" if name == "numpy" else what) for name, what in own.versions)
    with contextlib.closing(Grader(replace(job, build=Build(own.code, older)))) as grader:
        report = grader.grade(task(course))
    assert report.kind is Kind.NO_JAIL
    assert f"it has numpy {dict(own.versions)['numpy']} and the batch numpy 1.0" in report.text


def test_a_hostile_parcel_is_opened_by_the_grader_only(course: Course, job: Job) -> None:
    """An archive that is none is no affair of the batch's; its report is the student's result."""
    parcel = Parcel("mal", (Item("work.zip", b"PK\x03\x04" + bytes(300), archive=True),))
    with contextlib.closing(Grader(job)) as grader:
        report = grader.grade(Task(parcel, job.questions))
    result = SubmissionResult.from_json(report.text)
    assert (report.kind, result.verdict, result.questions) == (Kind.GRADED, Verdict.ERROR, ())
    assert SECRET.decode() not in report.text
