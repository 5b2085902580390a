"""What of a class is judged again after a change, and that the rest is as if it had been."""

import fcntl
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from toy_course import Course, Recorder

from kit.assignment import Assignment, load
from kit.errors import UsageError
from kit.grading.intake.archive import Bounds
from kit.grading.intake.discover import discover
from kit.grading.intake.parcel import gather
from kit.grading.results import Verdict
from kit.jail import available
from kit.paths import Workspace

pytestmark = pytest.mark.skipif(available() is not None, reason=str(available()))

ALL = ("q1", "q2", "q3")
CRASHING = b"import os\n\n\ndef unit(x):\n    os._exit(0)\n\n\ndef project(x, d):\n    return x\n"


@pytest.fixture
def course(toy: Workspace, toy_assignment: Assignment, tmp_path: Path) -> Course:
    """Three submissions and a copy of the assignment that may be changed."""
    for part in ("autograder", "solutions", "student_templates"):
        shutil.copytree(toy.root / part, tmp_path / part)
    made = Course(replace(toy, root=tmp_path), toy_assignment, tmp_path)
    made.hand_in("ada", made.solution)
    made.hand_in("bob", made.template)
    made.hand_in("eve", made.solution | {"vectors.py": CRASHING})
    (made.submissions / "ida.zip").write_bytes(b"not a zip")
    return made


def asked(course: Course, out: str = "out", **options: object) -> dict[str, tuple[str, ...]]:
    """Grade; the questions that had to be judged, by student."""
    recorder = Recorder()
    course.grade(out, engine=recorder, **options)
    return recorder.asked


def edited(course: Course, part: str, old: str, new: str) -> None:
    path = course.workspace.autograder(course.assignment.slug) / part
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def anew(course: Course) -> dict[str, bytes]:
    """Every file of a class that is graded from nothing today."""
    shutil.rmtree(course.root / "anew", ignore_errors=True)
    asked(course, "anew")
    return course.bytes_of("anew")


def test_a_changed_hidden_test_runs_only_its_question_again(course: Course) -> None:
    assert asked(course) == dict.fromkeys(("ada", "bob", "eve", "ida"), ALL)
    edited(course, "hidden/q2.py", "raise ValueError", "raise a ValueError")
    again = asked(course)
    assert again == dict.fromkeys(("ada", "bob", "eve"), ("q2",))
    assert asked(course) == {}
    assert course.bytes_of("out") == anew(course)


def test_a_changed_oracle_or_another_seed_runs_everything_again(course: Course) -> None:
    asked(course)
    edited(course, "oracle.py", '"""', '"""Now. ')
    assert set(asked(course).values()) == {ALL}
    course.secret.write_bytes(b"another secret of this course")
    assert set(asked(course).values()) == {ALL}


def test_a_changed_title_or_late_rule_runs_nothing_again(course: Course) -> None:
    asked(course)
    question, *others = course.assignment.questions
    renamed = question.model_copy(update={"title": "Vectors of length one"})
    late = course.assignment.late.model_copy(update={"kind": "cap", "percent": 50})
    course.assignment = course.assignment.model_copy(
        update={"questions": (renamed, *others), "late": late, "title": "Another title"}
    )
    assert asked(course) == {}
    made = course.bytes_of("out")
    assert b"Vectors of length one" in made["feedback/ada.html"]
    assert b"Vectors of length one" in made["results/ada.json"]
    assert made == anew(course)


def test_changed_limits_run_everything_again(course: Course) -> None:
    asked(course)
    assert set(asked(course, memory=500).values()) == {ALL}
    assert asked(course, memory=500) == {}


def test_only_the_question_that_the_grader_failed_on_runs_again(course: Course) -> None:
    edited(course, "hidden/q3.py", "import", "import nothing_of_this_name\nimport")
    failed = course.grade(engine=Recorder()).graded
    assert [one.verdict for one, _ in failed] == [*[Verdict.GRADER_ERROR] * 3, Verdict.ERROR]
    assert asked(course) == dict.fromkeys(("ada", "bob", "eve"), ("q3",))
    edited(course, "hidden/q3.py", "import nothing_of_this_name\n", "")
    assert asked(course) == dict.fromkeys(("ada", "bob", "eve"), ("q3",))
    assert course.bytes_of("out") == anew(course)


def test_a_question_judged_again_has_a_process_of_its_own(course: Course) -> None:
    """What an earlier question left behind is not there: this is stated in the documentation."""
    vectors, averages = course.solution["vectors.py"], course.solution["averages.py"]
    leaving = vectors.replace(b"    length =", b"    unit.ran = True\n    length =")
    heeding = (
        averages
        + b"""
import vectors
honest = moving_average
def moving_average(signal, width):
    return None if hasattr(vectors.unit, "ran") else honest(signal, width)
"""
    )
    course.hand_in("ada", {"vectors.py": leaving, "averages.py": heeding})

    def points() -> list[float | None]:
        recorder = Recorder()
        result = course.grade(engine=recorder).graded[0][0]
        return [question.points for question in result.questions]

    assert points() == [4, 0, 3]
    edited(course, "hidden/q2.py", "raise ValueError", "raise a ValueError")
    assert points() == [4, 3, 3]


def test_two_batches_do_not_write_into_one_folder(course: Course) -> None:
    out = course.root / "out"
    out.mkdir()
    descriptor = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)  # ours is for one alone
        with pytest.raises(UsageError, match="another batch is at work in .*out"):
            course.grade()
    finally:
        os.close(descriptor)
    assert asked(course)


def test_what_a_killed_batch_left_half_written_is_removed(course: Course) -> None:
    asked(course)
    for name in ("results", "results/.keys", "feedback"):
        (course.root / "out" / name / ".ada.json.abcd_123").write_text("half")
    (course.root / "out" / ".gradebook.csv.abcd_123").write_text("half")
    assert asked(course) == {}
    assert course.bytes_of("out") == anew(course)


# Parcels: what the batch itself reads.


def test_equal_parcels_have_equal_hashes_and_others_do_not(course: Course) -> None:
    def hashes() -> dict[str, str]:
        bounds = Bounds()
        return {one.student: gather(one, bounds).sha256 for one in discover(course.submissions)}

    before = hashes()
    assert len(set(before.values())) == len(before) == 4
    (course.submissions / "ada" / "vectors.py").touch()
    assert hashes() == before
    (course.submissions / "ada" / "vectors.py").rename(course.submissions / "ada" / "vector.py")
    changed = hashes()
    assert {name for name in before if before[name] != changed[name]} == {"ada"}


def test_a_folder_is_not_read_past_its_bounds(course: Course) -> None:
    folder = course.submissions / "ada"
    for number in range(30):
        (folder / f"n{number}.txt").write_text("x" * 100)
    entry = discover(course.submissions)[0]

    def error(bounds: Bounds) -> str:
        parcel = gather(entry, bounds)
        assert parcel.items == ()
        return str(parcel.error)

    assert error(Bounds(files=20)) == "the submission holds more than 20 files"
    assert error(Bounds(listed=25)).startswith("the folder lists over 25 files")
    assert error(Bounds(total_bytes=2000)) == "the submission is larger than 0 MB"
    assert len(gather(entry, Bounds()).items) == 32


def test_the_manifest_on_disk_is_the_one_of_the_class(course: Course) -> None:
    """The edited copy stays a valid assignment, or the tests above would test nothing."""
    assert load(course.assignment.slug, course.workspace) == course.assignment
