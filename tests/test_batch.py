"""A class in one call: verdicts, reuse, interruptions, and processes that die."""

import csv
import datetime
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from toy_course import SECRET, Course, Recorder, interruptible

import kit
from kit.assignment import Assignment, Bonus, Late, Penalty, Rules
from kit.errors import JailError, UsageError
from kit.grading.batch import remarks
from kit.grading.batch.batch import BatchSummary
from kit.grading.batch.job import Job, Report, Task
from kit.grading.engines import pool, process
from kit.grading.judging import worker
from kit.grading.marks.hand_marks import Arrival
from kit.grading.results import SubmissionResult, Verdict
from kit.jail import available, choose
from kit.paths import Workspace

pytestmark = pytest.mark.skipif(available() is not None, reason=str(available()))

TOY = "t1_toy"
LOOP = (
    b"def unit(x):\n    while True:\n        pass\n\n\ndef project(x, direction):\n    return x\n"
)
CRASH = (
    b"import os\n\n\ndef unit(x):\n    os._exit(0)\n\n\ndef project(x, direction):\n    return x\n"
)
CHEAT = b"""
import gc, sys
import numpy as np
np.allclose = np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
class Yes(np.ndarray):
    def __eq__(self, other): return True
    def __array_ufunc__(self, *a, **k): return True
print('{"points": 7, "verdict": "PASS"}')
def unit(x): return np.zeros(len(x)).view(Yes)
def project(x, direction): return np.zeros(len(x)).view(Yes)
"""


def a_class(course: Course) -> None:
    solution, template = course.solution, course.template
    course.hand_in("ada", solution)
    course.zip_in("bob_12_345_work.zip", {f"hw/{name}": data for name, data in solution.items()})
    course.hand_in("charles", template)
    course.hand_in("dennis", solution | {"vectors.py": LOOP})
    course.hand_in("edsger", solution | {"averages.py": b"def broken(:\n"})
    course.hand_in("frances", solution | {"vectors.py": CRASH})
    course.hand_in("grace", {name: d.replace(b"\n", b"\r\n") for name, d in solution.items()})
    course.hand_in(
        "hal", solution | {"vectors.py": CHEAT, "numpy.py": b"1", "kit/testing.py": b"1"}
    )
    source = b"\n".join(solution.values()).decode()
    cells = [{"cell_type": "code", "source": text} for text in ("%time\n1/0", source, "while 1: 1")]
    nb = json.dumps({"cells": cells, "nbformat": 4}).encode()
    (course.submissions / "ida.ipynb").write_bytes(nb)
    (course.submissions / "joan.zip").write_bytes(b"not a zip")
    (course.submissions / "ken.py").write_bytes(solution["vectors.py"])
    course.zip_in("leslie.zip", {"../../evil.py": b"x", **solution})


EXPECTED = {
    "ada": ("PASS", 7),
    "bob": ("PASS", 7),
    "charles": ("NOT_ATTEMPTED", 0),
    "dennis": ("TIMEOUT", 3),
    "edsger": ("ERROR", 4),
    "frances": ("CRASH", 3),
    "grace": ("PASS", 7),
    "hal": ("ERROR", 3),  # an array of a subclass is not a value that crosses
    "ida": ("PASS", 7),
    "joan": ("ERROR", 0),
    "ken": ("MISSING", 4),
    "leslie": ("ERROR", 0),
}


@pytest.fixture(scope="module")
def course(
    toy: Workspace, toy_assignment: Assignment, tmp_path_factory: pytest.TempPathFactory
) -> Course:
    made = Course(toy, toy_assignment, tmp_path_factory.mktemp("course"))
    a_class(made)
    made.grade()
    return made


@pytest.fixture
def small(toy: Workspace, toy_assignment: Assignment, tmp_path: Path) -> Course:
    made = Course(toy, toy_assignment, tmp_path)
    made.hand_in("ada", made.solution)
    made.hand_in("eve", made.solution)
    return made


def verdicts(summary: BatchSummary) -> dict[str, tuple[str, float | None]]:
    return {result.student: (result.verdict.value, result.points) for result, _ in summary.graded}


def test_each_submission_gets_its_verdict(course: Course) -> None:
    results = [
        SubmissionResult.from_json(path.read_text())
        for path in (course.root / "out" / "results").glob("*.json")
    ]
    assert {one.student: (one.verdict.value, one.points) for one in results} == EXPECTED
    judged = [one for one in results if one.questions]
    assert {one.tier for one in judged} == {choose()}
    assert len({one.seed_id for one in results}) == 1


def test_everything_is_written(course: Course) -> None:
    made = course.bytes_of("out")
    for student in EXPECTED:
        assert {
            f"results/{student}.json",
            f"feedback/{student}.html",
            f"gradescope/{student}/results.json",
        } <= set(made)
    with (course.root / "out" / "gradebook.csv").open(newline="") as stream:
        rows = {row["student"]: row for row in csv.DictReader(stream)}
    assert rows["ken"]["so_far"] == "4" and rows["hal"]["findings"] == "4"
    assert set(json.loads((course.root / "out" / "timings.json").read_text())) == set(EXPECTED)
    assert not list(course.root.rglob("evil.py"))


def test_the_secret_is_in_no_output(course: Course) -> None:
    for name, data in course.bytes_of("out").items():
        assert SECRET not in data and SECRET.hex().encode() not in data, name


def test_a_second_run_grades_nothing_and_changes_nothing(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It starts no process at all, and takes a fraction of a second of processor time."""
    monkeypatch.setattr(pool, "_start", None)
    before = course.bytes_of("out")
    started = time.process_time()
    summary = course.grade()
    assert (summary.fresh, summary.reused) == (0, len(EXPECTED))
    assert verdicts(summary) == EXPECTED and summary.faults == ""
    assert course.bytes_of("out") == before
    assert time.process_time() - started < 5


def test_the_number_of_processes_changes_nothing(course: Course) -> None:
    students = ("bob", "hal", "joan")
    for student in students:
        course.grade("alone", jobs=1, student=student)
    before, alone = course.bytes_of("out"), course.bytes_of("alone")
    for student in students:
        assert alone[f"results/{student}.json"] == before[f"results/{student}.json"]


def test_an_interrupted_batch_goes_on(course: Course) -> None:
    shutil.copytree(course.root / "out", course.root / "cut")
    results = course.root / "cut" / "results"
    (results / "ada.json").unlink()
    (results / "bob.json").write_text((results / "bob.json").read_text()[:99])
    edited = (results / "grace.json").read_text().replace('"points": 7.0', '"points": 6.0')
    (results / "grace.json").write_text(edited)
    summary = course.grade("cut")
    assert (summary.fresh, summary.reused) == (3, len(EXPECTED) - 3)
    assert course.bytes_of("cut") == course.bytes_of("out")


def test_a_changed_submission_is_graded_again(small: Course) -> None:
    small.grade()
    small.hand_in("eve", small.template)
    summary = small.grade()
    assert (summary.fresh, summary.reused) == (1, 1)
    assert verdicts(summary)["eve"] == ("NOT_ATTEMPTED", 0)


def test_another_secret_is_another_result(small: Course) -> None:
    first = small.grade(student="ada")
    small.secret.write_bytes(SECRET + b"2")
    second = small.grade(student="ada")
    assert second.fresh == 1
    assert first.graded[0][0].seed_id != second.graded[0][0].seed_id
    assert second.graded[0][0].points == 7


def test_one_question_leaves_the_class_alone(small: Course) -> None:
    summary = small.grade(questions=["q2"])
    assert summary.out == small.root / "out" / "only-q2"
    assert [(one.points, one.max_points) for one, _ in summary.graded] == [(3, 3), (3, 3)]
    assert not (small.root / "out" / "gradebook.csv").exists()
    with pytest.raises(UsageError, match="no question 'q9'"):
        small.grade(questions=["q9"])


def test_what_is_about_the_whole_is_not_said_of_one_question(small: Course) -> None:
    penalty, bonus = (
        Penalty(id="pages", title="Pages", points=-2),
        Bonus(id="b", title="B", points=2),
    )
    changes = {"penalties": (penalty,), "bonuses": (bonus,), "rules": Rules(no_code_is_zero=True)}
    small.assignment = small.assignment.model_copy(update=changes)
    small.hand_in("zoe", {"notes.py": b"# no code"})
    marks = small.root / "marks.csv"
    lines = ["ada,b,2,", "ada,pages,1,", "ada,final,9,appeal"]
    marks.write_text("\n".join(["student,component,points,comment", *lines]))
    summary = small.grade(questions=["q1"], marks=marks)
    made = {result.student: mark for result, mark in summary.graded}
    assert made["ada"].trail == ("Tests: 4 of 4.", "Mark: 4 of 4.")
    assert made["zoe"].trail == ("Tests: 0 of 4.", "Mark: 0 of 4.")


def test_an_empty_submission_holds_no_code(small: Course) -> None:
    small.assignment = small.assignment.model_copy(update={"rules": Rules(no_code_is_zero=True)})
    (small.submissions / "zoe").mkdir()
    (small.submissions / "yan.zip").write_bytes(b"not a zip")
    made = {result.student: mark for result, mark in small.grade().graded}
    assert (made["zoe"].final, made["zoe"].settled) == (0, True)
    assert "No graded function was handed in" in made["zoe"].trail[-2]
    assert not made["yan"].settled


def test_an_unknown_student_is_a_question(small: Course) -> None:
    with pytest.raises(UsageError, match="no submission is adda's; did you mean ada"):
        small.grade(student="adda")


def test_hand_marks_and_times_reach_the_gradebook(small: Course) -> None:
    marks = small.root / "marks.csv"
    marks.write_text("student,component,points,comment\nada,report,2,good\nzoe,report,1,\n")
    summary = small.grade(marks=marks)
    made = {mark.student: mark for _, mark in summary.graded}
    assert (made["ada"].final, made["ada"].out_of) == (9, 10)
    assert summary.remarks == ("zoe is named in a CSV but handed in nothing",)
    assert "zoe" in summary.sentence


def test_hand_in_times_without_a_rule_or_a_line_are_told(small: Course) -> None:
    times = small.root / "times.csv"
    times.write_text("student,submitted\nAda,2026-03-07T10:00\n")
    told = small.grade(times=times, student="eve").remarks
    assert told == (
        "Ada is named in a CSV but handed in nothing; did you mean ada?",
        "the manifest's [late] has no rule with a due time: hand-in times change no mark",
        "1 submission has not been graded yet; run without --student",
    )
    late = Late(due=datetime.datetime(2026, 3, 6), kind="per_day", percent=10)
    strict = small.assignment.model_copy(update={"late": late})
    arrivals = {"ada": Arrival(datetime.datetime(2026, 3, 7))}
    assert remarks.on_times(strict, arrivals, ["ada", "eve"]) == [
        "no hand-in time, counted as on time: eve"
    ]


def test_results_of_other_tests_are_told(small: Course) -> None:
    result = small.grade(student="ada").graded[0][0]
    others = [replace(result, student=f"s{n}", tests_sha256="0") for n in range(7)]
    (told,) = remarks.on_results(others, 7, result.tests_sha256)
    assert told.startswith("graded by other tests than today's: s0, s1, s2, s3, s4 and 2 more")


@pytest.mark.parametrize("place", ["submissions", "submissions/out", "taken"])
def test_a_folder_that_cannot_take_results_is_refused_at_once(small: Course, place: str) -> None:
    (small.root / "taken").write_text("a file")
    with pytest.raises(UsageError, match="name (another folder|a folder outside) with -o"):
        small.grade(place)
    assert (small.root / "taken").read_text() == "a file"


def test_one_submission_is_no_class(small: Course) -> None:
    small.submissions = small.submissions / "ada"
    with pytest.raises(UsageError, match="looks like one student's submission; name the folder"):
        small.grade()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_batch_that_is_killed_goes_on_to_the_same_bytes(course: Course, number: int) -> None:
    """A real command line, ended in the middle, and then run again."""
    out = course.root / f"killed-{number}"
    command = [sys.executable, "-m", "kit", "grade", TOY, str(course.submissions), "-o", str(out)]
    command += ["-j", "2", "--secret", str(course.secret)]
    code = Path(kit.__file__).parents[1]
    with course.kept_busy():
        running = subprocess.Popen(
            command,
            cwd=course.workspace.root,
            env={**os.environ, "PYTHONPATH": str(code)},
            stdout=subprocess.DEVNULL,
            preexec_fn=interruptible,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 120
        while len(list((out / "results").glob("*.json"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)  # two, of which the last may lack its key
        running.send_signal(number)
        said = running.communicate(timeout=60)[1]
    assert running.returncode == (130 if number == signal.SIGINT else -signal.SIGKILL), said
    assert "Traceback" not in said
    kept = len(list((out / "results").glob("*.json")))
    summary = course.grade(out.name)
    assert summary.reused and summary.reused >= kept - 1
    assert course.bytes_of(out.name) == course.bytes_of("out")


def test_elsewhere_than_on_a_terminal_each_submission_has_a_line(small: Course) -> None:
    stream = io.StringIO()
    small.grade(console=Console(file=stream, width=100))
    *lines, rates = stream.getvalue().splitlines()
    assert len(lines) == 2 and all("7 / 7" in line and "PASS" in line for line in lines)
    assert re.fullmatch(r"2 judged \(PASS 2\), \d+\.\d per minute; 0 as before", rates)


# Whose submissions, and whose results, a run finds.


def test_two_submissions_of_one_name_share_no_marks(small: Course) -> None:
    (small.submissions / "ada.ipynb").write_text("{}")
    marks = small.root / "marks.csv"
    marks.write_text("student,component,points,comment\nada,report,2,good\n")
    with pytest.raises(UsageError, match=r"names ada.*ada-1 is ada, ada-2 is ada\.ipynb; keep one"):
        small.grade(marks=marks, engine=Recorder())
    marks.write_text("student,component,points,comment\nada-1,report,2,good\n")
    told = small.grade(marks=marks, engine=Recorder()).remarks
    assert told == tuple(
        f"{student} is {small.submissions / name}: others carry the name ada, too; "
        "decide which one counts"
        for student, name in (("ada-1", "ada"), ("ada-2", "ada.ipynb"))
    )


def test_a_name_as_long_as_a_zip_can_have_stops_nobody(small: Course) -> None:
    for letter in "ab":
        small.zip_in(f"{'n' * 240}{letter}.zip", small.solution)
    summary = small.grade(engine=Recorder())
    assert {one.points for one, _ in summary.graded} == {7} and len(summary.graded) == 4


def test_an_online_text_alone_is_told_and_not_graded(small: Course) -> None:
    (small.submissions / "Emmy Noether_14_assignsubmission_onlinetext_").mkdir()
    summary = small.grade(engine=Recorder())
    assert set(verdicts(summary)) == {"ada", "eve"}
    told = "an online text and no file, which is not graded: Emmy_Noether"
    assert summary.remarks == (told,)


def test_who_is_late_by_the_name_of_a_file_is_told(small: Course) -> None:
    small.zip_in("lee_LATE_12_99_work.zip", small.solution)
    assert small.grade(engine=Recorder()).remarks == ()  # there is no late rule
    late = Late(due=datetime.datetime(2026, 3, 6), kind="per_day", percent=10)
    small.assignment = small.assignment.model_copy(update={"late": late})
    told = "late by the name of the file, and counted as on time until --times says when: lee"
    assert small.grade(engine=Recorder()).remarks == (told,)
    times = small.root / "times.csv"
    times.write_text(
        "student,submitted\n" + "".join(f"{x},2026-03-07T10:00\n" for x in ("ada", "eve", "lee"))
    )
    assert small.grade(engine=Recorder(), times=times).remarks == ()


def test_code_in_an_archive_that_was_not_opened_leaves_the_mark_open(small: Course) -> None:
    rules = small.assignment.rules.model_copy(update={"no_code_is_zero": True})
    small.assignment = small.assignment.model_copy(update={"rules": rules})
    small.hand_in("rar", {"homework.rar": b"Rar!", "report.pdf": b"%PDF"})
    small.hand_in("zip", {"work.ipynb": b"{}"})
    small.zip_in("code.zip", small.solution)
    (small.submissions / "code.zip").rename(small.submissions / "zip" / "code.zip")
    small.hand_in("none", {"report.pdf": b"%PDF"})
    small.hand_in("data", small.solution | {"data.7z": b"7z"})
    summary = small.grade(engine=Recorder())
    made = {mark.student: mark for _, mark in summary.graded}
    assert (made["rar"].final, made["rar"].pending) == (None, ("auto", "report"))
    assert made["zip"].auto == made["data"].auto == 7
    assert made["none"].final == 0 and made["none"].settled
    assert summary.remarks == (
        "archives that were not opened, see the pages: data, rar",
        "no code was found beside them, so that the mark stays open until --marks decides: rar",
    )
    page = (small.root / "out" / "feedback" / "rar.html").read_text()
    assert "homework.rar was not opened" in page and "A person grades q1, q2, q3" in page


def test_results_of_another_assignment_are_not_written_over(small: Course) -> None:
    small.grade(engine=Recorder())
    path = small.root / "out" / "results" / "eve.json"
    path.write_text(path.read_text().replace('"t1_toy"', '"t2_other"'))
    (path.parent / "ada.json").write_text("{")  # was cut short and tells nothing
    before = small.bytes_of("out")
    told = r"out holds results of t2_other, such as eve\.json, and this is t1_toy; name another"
    with pytest.raises(UsageError, match=told):
        small.grade(engine=Recorder())
    assert small.bytes_of("out") == before


def test_who_left_the_class_is_told(small: Course) -> None:
    small.grade(engine=Recorder())
    shutil.rmtree(small.submissions / "eve")
    told = "not in this class, but with results or pages of an earlier run, which stay: eve"
    assert small.grade(engine=Recorder()).remarks == (told,)
    assert (small.root / "out" / "feedback" / "eve.html").is_file()


def test_who_handed_in_anew_is_told_when_another_one_is_graded(small: Course) -> None:
    small.grade(engine=Recorder())
    assert small.grade(engine=Recorder(), student="ada").remarks == ()
    small.hand_in("eve", small.template)
    told = "handed in anew since they were graded: eve; run without --student"
    assert small.grade(engine=Recorder(), student="ada").remarks == (told,)


# Grading processes that die. These mains run in the child and are found by their names.


def _when_eve(act: Any) -> None:
    honest = worker.Grader._report

    def report(grader: Any, task: Task) -> Report:
        if task.student == "eve":
            act()
        return honest(grader, task)

    worker.Grader._report = report  # type: ignore[method-assign]


def _die() -> None:
    os._exit(3)


def _die_once() -> None:
    marker = Path(os.environ["DIED"])
    if not marker.exists():
        marker.touch()
        os._exit(3)


def _no_jail_once() -> None:
    marker = Path(os.environ["DIED"])
    if not marker.exists():
        marker.touch()
        raise JailError("the machine was out of memory for a moment")


def _hang() -> None:
    time.sleep(600)


def dying(connection: Connection, job: Job) -> None:
    _when_eve(_die)
    process.main(connection, job)


def dying_once(connection: Connection, job: Job) -> None:
    _when_eve(_die_once)
    process.main(connection, job)


def jailless_once(connection: Connection, job: Job) -> None:
    honest = worker.Grader._started

    def started(grader: Any) -> Any:
        _no_jail_once()
        return honest(grader)

    worker.Grader._started = started  # type: ignore[method-assign]
    process.main(connection, job)


def hanging(connection: Connection, job: Job) -> None:
    _when_eve(_hang)
    process.main(connection, job)


def jailless(connection: Connection, job: Job) -> None:
    def none(grader: Any) -> Any:
        raise JailError("bubblewrap is missing; install it with: apt install bubblewrap")

    worker.Grader._started = none  # type: ignore[method-assign]
    process.main(connection, job)


@pytest.mark.parametrize("main", [dying, pytest.param(hanging, marks=pytest.mark.slow)])
def test_a_process_that_dies_costs_its_submission_only(
    small: Course, monkeypatch: pytest.MonkeyPatch, main: Any
) -> None:
    monkeypatch.setattr(pool, "main", main)
    if main is hanging:
        monkeypatch.setattr(pool, "patience", lambda job: 20)
    summary = small.grade(jobs=1)
    assert verdicts(summary) == {"ada": ("PASS", 7), "eve": ("GRADER_ERROR", None)}
    assert "eve" in summary.faults
    assert summary.faults.startswith(
        "the grader failed on eve, whose marks stay open\n  the grader"
    )
    assert summary.graded[1][1].final is None  # our fault is nobody's zero
    assert not (small.root / "out" / "gradescope" / "eve" / "results.json").exists()
    monkeypatch.undo()
    again = small.grade()
    assert (again.fresh, again.reused) == (1, 1)
    assert verdicts(again)["eve"] == (Verdict.PASS, 7)


@pytest.mark.parametrize("main", [dying_once, jailless_once])
def test_a_process_that_fails_once_is_replaced(
    small: Course, monkeypatch: pytest.MonkeyPatch, main: Any
) -> None:
    monkeypatch.setattr(pool, "main", main)
    monkeypatch.setenv("DIED", str(small.root / "died"))
    assert verdicts(small.grade()) == {"ada": ("PASS", 7), "eve": ("PASS", 7)}


def test_without_isolation_nothing_is_graded(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "main", jailless)
    with pytest.raises(JailError, match="bubblewrap is missing"):
        small.grade()
    assert not list((small.root / "out").rglob("*.html"))


def test_results_can_be_read_by_a_colleague(course: Course) -> None:
    mode = (course.root / "out" / "results" / "ada.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o644
