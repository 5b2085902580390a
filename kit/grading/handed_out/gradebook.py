"""The class as one CSV: points, marks and verdicts, safe to open in a spreadsheet.

`so_far` counts what is marked; `final` stays empty until nothing is pending.
"""

from collections.abc import Sequence
from pathlib import Path

from kit.assignment import Assignment
from kit.bank import WrittenQuestion
from kit.files import write_text
from kit.grading.marks.exact import shown
from kit.grading.marks.marks import Mark, sum_of
from kit.grading.results import SubmissionResult
from kit.grading.spreadsheet import table


def write_gradebook(
    path: Path, assignment: Assignment, graded: Sequence[tuple[SubmissionResult, Mark]]
) -> Path:
    """Write one row per student, in the order given."""
    lines = [_row(assignment, result, mark) for result, mark in graded]
    return write_text(path, table([_header(assignment), *lines]))


def _groups(assignment: Assignment) -> list[str]:
    groups = dict.fromkeys(question.group for question in assignment.questions)
    return [group for group in groups if group]


def _header(assignment: Assignment) -> list[str]:
    return [
        "student",
        *(question.id for question in assignment.questions),
        *_groups(assignment),
        "counted",
        "auto",
        *_manual(assignment),
        *(f"written.{one.id}" for one in _written(assignment)),
        *(["bonus"] if assignment.bonuses else []),
        "penalties",
        "days_late",
        "so_far",
        "so_far_of",
        "pending",
        "final",
        "out_of",
        "verdict",
        "findings",
    ]


def _manual(assignment: Assignment) -> list[str]:
    return [name for name, most in assignment.components.items() if name != "auto" and most > 0]


def _written(assignment: Assignment) -> list[WrittenQuestion]:
    """The written questions that are worth points."""
    if assignment.written is None or "written" not in assignment.components:
        return []
    return [question for question in assignment.written.asked if question.points]


def _row(assignment: Assignment, result: SubmissionResult, mark: Mark) -> list[str]:
    return [
        result.student,
        *(_number(mark.questions[question.id]) for question in assignment.questions),
        *(_number(sum_of(assignment, group, mark.questions)) for group in _groups(assignment)),
        "" if mark.auto is None else " ".join(filter(None, mark.counted_groups)),
        _number(mark.auto),
        *(_number(mark.manual[name]) for name in _manual(assignment)),
        *(_fraction(mark, question) for question in _written(assignment)),
        *([_number(mark.bonus)] if assignment.bonuses else []),
        _number(mark.penalty),
        str(mark.days_late),
        _number(mark.final),
        _number(mark.out_of),
        " ".join(mark.pending),
        _number(mark.final if mark.settled else None),
        _number(mark.most),
        result.verdict.value,
        str(len(result.findings)),
    ]


def _number(value: float | None) -> str:
    """Empty where it is open."""
    return "" if value is None else shown(value)


def _fraction(mark: Mark, question: WrittenQuestion) -> str:
    found = [one.points for one in mark.written if one.question.id == question.id]
    return "" if not found or found[0] is None else shown(found[0])
