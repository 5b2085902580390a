"""Penalties and the late cap: what each step over a limit costs, in which order, on which day."""

import datetime
import json
from pathlib import Path

import pytest

from kit.assignment import Assignment, Imports, Late, Penalty
from kit.budget import Budget
from kit.grading.autograders.gradescope_json import problems, to_gradescope
from kit.grading.marks.hand_marks import Arrival, HandMark
from kit.grading.marks.lateness import apply, days_late
from kit.grading.marks.marks import mark
from kit.grading.results import Finding, QuestionResult, SubmissionResult, Verdict
from kit.jail import Jail
from kit.paths import Workspace
from tests.toy_course import Course

# Due on a Tuesday at 14:00 sharp, capped at 40 % within 5 working days, zero afterwards.
RULE = Late(
    due=datetime.datetime(2025, 1, 28, 14),
    timezone="Europe/London",
    kind="cap",
    percent=40,
    days=5,
    working_days=True,
    holidays=(datetime.date(2025, 4, 18), datetime.date(2025, 4, 21), datetime.date(2025, 5, 5)),
)
PENALTIES = (
    Penalty(id="parameters", title="Parameters over the limit", points=-5, per="10 % over"),
    Penalty(id="steps", title="Steps over the limit", points=-5, per="10 % over"),
    Penalty(id="pages", title="Pages over four", points=-10, per="page"),
    Penalty(id="painted", title="A painted image", points=-100),
)


@pytest.fixture
def strict(toy_assignment: Assignment) -> Assignment:
    """The toy with these penalties and this late rule, and a report of 93 points: 100 in all."""
    report = toy_assignment.report.model_copy(update={"rubric": ()})
    changes = {"components": {"auto": 7.0, "report": 93.0}, "report": report}
    return toy_assignment.model_copy(
        update={"penalties": PENALTIES, "late": RULE, **changes},
    )


def result(*findings: Finding, points: float = 4) -> SubmissionResult:
    questions = tuple(
        QuestionResult(name, name, value, most, Verdict.FAIL, ())
        for name, value, most in (("q1", points, 4), ("q2", 3, 3), ("q3", 0, 3))
    )
    return SubmissionResult(
        *("ada", "t1_toy", Verdict.FAIL, points + 3, 7, questions, findings),
        *("", "", "", "", ""),
    )


def given(**counts: float) -> dict[str, HandMark]:
    return {name: HandMark(name, count, "") for name, count in counts.items()}


def at(text: str) -> Arrival:
    return Arrival(datetime.datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("value", "units"),
    [
        (70_330, 0), (99_999, 0), (100_000, 0), (109_999, 0), (110_000, 1), (119_999, 1),
        (150_000, 5), (200_000, 10), (1_000_000, 90),
    ],
)  # fmt: skip
def test_a_step_over_the_limit_counts_when_it_is_full(value: int, units: int) -> None:
    fewer = Budget(id="b", title="b", limit=100_000, below=True, each=10_000, penalty="parameters")
    assert fewer.units(value) == units
    assert fewer.is_over(value) is (value >= 100_000)
    most = fewer.model_copy(update={"below": False})
    assert (most.is_over(100_000), most.is_over(100_001)) == (False, True)
    assert (most.rule, fewer.rule) == ("at most 100,000", "fewer than 100,000")


def test_penalties_stack_and_each_has_its_sentence(strict: Assignment) -> None:
    made = mark(strict, result(), given(report=80, parameters=5, steps=1, pages=2))
    assert (made.penalty, made.final) == (-50, 37)
    assert [line for line in made.trail if "over" in line] == [
        "Parameters over the limit: 5 × -5 per 10 % over = -25.",
        "Steps over the limit: 1 × -5 per 10 % over = -5.",
        "Pages over four: 2 × -10 per page = -20.",
    ]
    made = mark(strict, result(), given(report=93, painted=1))
    assert made.final == 0 and "A painted image: -100." in made.trail


@pytest.mark.parametrize(
    ("counts", "arrival", "final"),
    [
        ({}, "2025-01-28T14:00", 87),
        ({"parameters": 5}, "2025-01-28T14:00", 62),
        ({}, "2025-01-28T14:01", 40),
        ({"parameters": 5}, "2025-01-28T14:01", 40),  # 62 is still over the cap: not 40 - 25
        ({"parameters": 10}, "2025-01-28T14:01", 37),  # below it: nothing is left to cap
        ({"painted": 1}, "2025-01-28T14:01", 0),  # never below zero
        ({"painted": 1}, "2025-01-28T14:00", 0),
        ({}, "2025-02-04T14:00:01", 0),
    ],
)
def test_penalties_come_before_the_cap(
    strict: Assignment, counts: dict[str, float], arrival: str, final: float
) -> None:
    made = mark(strict, result(), given(report=80, **counts), at(arrival))
    assert made.final == final


@pytest.mark.parametrize(
    ("due", "submitted", "days", "left"),
    [
        # A term's Tuesday, with a weekend in between.
        ("2025-01-28", "2025-01-28T14:00:00", 0, 87),
        ("2025-01-28", "2025-01-28T14:00:01", 1, 40),
        ("2025-01-28", "2025-01-29T14:00:00", 1, 40),
        ("2025-01-28", "2025-01-31T14:00:00", 3, 40),
        ("2025-01-28", "2025-02-03T14:00:00", 4, 40),
        ("2025-01-28", "2025-02-04T14:00:00", 5, 40),
        ("2025-01-28", "2025-02-04T14:00:01", 6, 0),
        # Good Friday and Easter Monday, and the clocks have changed.
        ("2025-04-16", "2025-04-17T14:00:00", 1, 40),
        ("2025-04-16", "2025-04-22T14:00:00", 2, 40),
        ("2025-04-16", "2025-04-25T14:00:00", 5, 40),
        ("2025-04-16", "2025-04-28T14:00:00", 6, 0),
        # A Friday before a bank holiday on Monday: what comes on Monday is one day late at most.
        ("2025-05-02", "2025-05-05T13:00:00", 1, 40),
        ("2025-05-02", "2025-05-06T14:00:00", 1, 40),
        ("2025-05-02", "2025-05-06T14:00:01", 2, 40),
        ("2025-05-02", "2025-05-12T14:00:00", 5, 40),
        ("2025-05-02", "2025-05-12T14:00:01", 6, 0),
    ],
)
def test_five_working_days_end_at_two_sharp(
    due: str, submitted: str, days: int, left: float
) -> None:
    rule = RULE.model_copy(update={"due": datetime.datetime.fromisoformat(f"{due}T14:00")})
    assert days_late(rule, datetime.datetime.fromisoformat(submitted)) == days
    assert apply(rule, 87, 100, days).points == left


# What a person grades


AVERAGES_BY_HAND = Finding("by_hand", "imports jax, which is accepted", "averages.py", 1)


def test_questions_of_a_framework_without_tests_wait_for_a_person(strict: Assignment) -> None:
    made = mark(strict, result(AVERAGES_BY_HAND), given(report=80))
    assert (made.auto, made.final, made.settled) == (None, None, False)
    assert made.questions == {"q1": 4, "q2": None, "q3": None}
    assert made.pending == ("auto",)
    assert "A person grades q2, q3: its file imports what the tests cannot judge." in made.trail
    assert not any("The grader failed" in line for line in made.trail)
    assert mark(strict, result(), given(report=80)).pending == ()


def test_points_of_a_person_settle_them(strict: Assignment) -> None:
    points = {name: HandMark(name, 2, "ran it in JAX") for name in ("q2", "q3")}
    made = mark(strict, result(AVERAGES_BY_HAND), given(report=80) | points)
    assert (made.auto, made.final, made.settled) == (6, 86, True)
    assert "q2 set to 2 (was open): ran it in JAX." in made.trail


def test_a_helper_in_that_framework_leaves_everything_open(strict: Assignment) -> None:
    helper = Finding("by_hand", "imports jax, which is accepted", "nets.py", 1)
    made = mark(strict, result(helper), given(report=80))
    assert set(made.questions.values()) == {None}


def test_a_batch_names_whose_questions_wait(
    toy: Workspace, toy_assignment: Assignment, tmp_path: Path, jail: Jail
) -> None:
    imports = Imports(allowed=("numpy", "collections"), by_hand=("decimal",))
    course = Course(toy, toy_assignment.model_copy(update={"imports": imports}), tmp_path)
    course.hand_in("ada", course.solution)
    averages = b"import decimal\n" + course.solution["averages.py"]
    course.hand_in("eve", course.solution | {"averages.py": averages})
    summary = course.grade()
    what = "questions that a person grades, for what their file imports"
    assert f"{what}: eve; give them points with --marks" in summary.sentence
    assert summary.faults == ""
    raw = {result.student: result.points for result, _ in summary.graded}
    assert raw == {"ada": 7, "eve": 7}  # what the tests said is kept
    page = (tmp_path / "out" / "index.html").read_text()
    assert "for a person to grade" in page and "grader error" not in page
    assert not (tmp_path / "out" / "gradescope" / "eve" / "results.json").exists()


def test_gradescope_says_that_a_person_decides(strict: Assignment) -> None:
    one = result(AVERAGES_BY_HAND)
    document = to_gradescope(strict, one, mark(strict, one))
    assert problems(document) == []
    assert document["extra_data"]["complete"] is False
    assert document["tests"][0]["name"] == "Not a mark: a person decides"
    assert "grader failed" not in json.dumps(document)


def test_the_manifest_lists_such_packages_for_every_module() -> None:
    imports = Imports(allowed=("numpy",), only={"a": ()}, by_hand=("jax",), flagged=("numpy.fft",))
    assert imports.of("a") == Imports(
        allowed=(), only={"a": ()}, by_hand=("jax",), flagged=("numpy.fft",)
    )
