"""The rules of the fifth assignment, as its handout states them: points, lateness, shortcuts."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from kit.assignment import Assignment, load
from kit.authoring import samples
from kit.grading.intake.discover import discover
from kit.grading.intake.intake import read
from kit.grading.marks.hand_marks import Arrival, HandMark
from kit.grading.marks.marks import mark
from kit.grading.results import QuestionResult, SubmissionResult, Verdict
from kit.paths import Workspace

COURSE = Workspace(Path(__file__).resolve().parent.parent, released=False)
SLUG = "a5_foundations"
BEIJING = timezone(timedelta(hours=8))
DUE = datetime(2022, 5, 22, 21, 0, tzinfo=BEIJING)


@pytest.fixture(scope="module")
def foundations() -> Assignment:
    return load(SLUG, COURSE)


def result(assignment: Assignment) -> SubmissionResult:
    """All the automatic points."""
    questions = tuple(
        QuestionResult(q.id, q.title, q.points, q.points, Verdict.PASS, ())
        for q in assignment.questions
    )
    return SubmissionResult("ada", SLUG, Verdict.PASS, 50, 50, questions, (), "", "", "", "", "")


def final(assignment: Assignment, submitted: datetime, **by_hand: float) -> tuple[float, float]:
    """The mark, and out of how many points, of all the automatic points and these."""
    given = {name: HandMark(name, points, "") for name, points in by_hand.items()}
    made = mark(assignment, result(assignment), given, Arrival(submitted))
    assert made.final is not None
    return made.final, made.most


def test_the_whole_is_150_points_and_a_bonus_of_10(foundations):
    assert final(foundations, DUE, report=50, written=50) == (150, 150)
    assert final(foundations, DUE, report=50, written=50, cnn_bonus=10) == (160, 150)
    points = {item.id: item.points for item in foundations.report.rubric}
    assert [points[f"mlp_{part}"] for part in ("data", "model", "regularisers", "optimisers")] == [
        2, 5, 9, 9,
    ]  # fmt: skip
    parts = ("loader", "base", "relu", "strided", "deeper")
    assert [points[f"cnn_{part}"] for part in parts] == [2, 4, 5, 7, 7]


@pytest.mark.parametrize(
    ("late", "share"),
    [
        (timedelta(0), 1.0),
        (timedelta(seconds=-1), 1.0),
        (timedelta(seconds=1), 0.7),
        (timedelta(days=2, hours=5), 0.7),
        (timedelta(days=3), 0.7),
        (timedelta(days=3, seconds=1), 0.0),
        (timedelta(days=30), 0.0),
    ],
)
def test_up_to_three_days_late_70_percent_remain_and_then_nothing(foundations, late, share):
    assert final(foundations, DUE + late, report=40, written=30)[0] == pytest.approx(120 * share)


def test_the_due_time_is_on_the_clock_of_beijing(foundations):
    utc = datetime(2022, 5, 22, 13, 0, tzinfo=UTC)
    assert final(foundations, utc, report=50, written=50)[0] == 150
    assert final(foundations, utc + timedelta(minutes=1), report=50, written=50)[0] == 105


def test_a_convolution_of_a_library_is_a_finding_with_its_line(foundations, tmp_path):
    samples.build(COURSE, SLUG, tmp_path)
    entries = {entry.student: entry for entry in discover(tmp_path)}
    found = [one for one in read(entries["hui"], foundations).findings if one.file]
    lines = read(entries["hui"], foundations).files["convolution.py"].decode().splitlines()
    assert {(one.kind, one.file) for one in found} == {
        ("import", "convolution.py"), ("flagged", "convolution.py"),
    }  # fmt: skip
    for one in found:
        assert "torch" in lines[one.line - 1] or "F.conv2d" in lines[one.line - 1]
    for right in ("ada", "nora", "otto", "sven"):
        assert not {one.kind for one in read(entries[right], foundations).findings} & {
            "import", "flagged",
        }  # fmt: skip
