"""The class at a glance: everyone's mark, how each question and each test did, in one HTML file."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit import __version__
from kit.assignment import Assignment
from kit.files import write_text
from kit.grading.handed_out.feedback import LABEL, templates
from kit.grading.handed_out.suggestions import Suggestion, suggestions
from kit.grading.marks.exact import shown
from kit.grading.marks.marks import AUTO, Mark, group_title, sum_of
from kit.grading.results import CaseResult, SubmissionResult, Verdict

HARDEST = 8
UNTRIED = (Verdict.NOT_ATTEMPTED, Verdict.MISSING, Verdict.GRADER_ERROR)
Graded = Sequence[tuple[SubmissionResult, Mark]]


@dataclass(frozen=True)
class Row:
    """A student's line."""

    student: str
    verdict: Verdict
    groups: tuple[float | None, ...]
    mark: Mark
    findings: int


@dataclass(frozen=True)
class Item:
    """How a question did among those who attempted it."""

    id: str
    title: str
    attempted: int
    full: int
    mean: float
    max_points: float


@dataclass(frozen=True)
class HardCase:
    """A test that many attempts fail."""

    question: str
    title: str
    hidden: bool
    failed: int
    attempted: int


def write_class_page(path: Path, assignment: Assignment, graded: Graded) -> Path:
    """Write the page for the marks in `graded`, in their order."""
    named = dict.fromkeys(question.group for question in assignment.questions)
    groups = [group for group in named if group]
    rows = [
        Row(
            result.student,
            result.verdict,
            tuple(sum_of(assignment, group, mark.questions) for group in groups),
            mark,
            len(result.findings),
        )
        for result, mark in graded
    ]
    page = templates().get_template("class.html.j2")
    text = page.render(
        assignment=assignment,
        rows=rows,
        group_titles=[group_title(group) for group in groups],
        figures=_figures(graded),
        items=_items(assignment, graded),
        hardest=_hardest(graded),
        budgets=_budgets(assignment, graded),
        unsettled=any(not mark.settled for _, mark in graded),
        label=LABEL,
        version=__version__,
    )
    return write_text(path, text)


def _figures(graded: Graded) -> list[tuple[str, str]]:
    auto = [mark.auto for _, mark in graded if mark.auto is not None]
    if not auto:
        return []
    spread = f"{shown(min(auto))} – {shown(max(auto))}"
    waiting = sum(AUTO in mark.pending for _, mark in graded)
    failed = sum(mark.auto is None for _, mark in graded) - waiting
    figures = [
        ("median of the tests", shown(statistics.median(auto))),
        ("mean", f"{statistics.fmean(auto):.1f}"),
        ("lowest – highest", spread),
        ("with notes", str(sum(bool(result.findings) for result, _ in graded))),
    ]
    figures += [("for a person to grade", str(waiting))] if waiting else []
    return figures + ([("not graded: grader error", str(failed))] if failed else [])


def _budgets(assignment: Assignment, graded: Graded) -> list[tuple[str, Suggestion]]:
    """What of the budgets a person has to look at, and of whom."""
    return [
        (result.student, one)
        for result, _ in graded
        for one in suggestions(assignment, result.budgets)
        if one.needs_a_person
    ]


def _items(assignment: Assignment, graded: Graded) -> list[Item]:
    items = []
    for question in assignment.questions:
        points = [
            one.points
            for result, _ in graded
            for one in result.questions
            if one.id == question.id
            and one.points is not None
            and one.verdict not in (Verdict.NOT_ATTEMPTED, Verdict.MISSING)
        ]
        full = sum(value >= question.points - 1e-9 for value in points)
        mean = round(statistics.fmean(points), 2) if points else 0.0
        items.append(Item(question.id, question.title, len(points), full, mean, question.points))
    return items


def _hardest(graded: Graded) -> list[HardCase]:
    """The tests that at least a third of the attempts fail, worst first."""
    tried: dict[tuple[str, str], list[CaseResult]] = {}
    for result, _ in graded:
        for question in result.questions:
            for case in question.cases:
                if case.verdict not in UNTRIED:
                    tried.setdefault((question.id, case.name), []).append(case)
    hard = []
    for (question_id, _name), cases in tried.items():
        failed = sum(case.verdict is not Verdict.PASS for case in cases)
        if 3 * failed >= len(cases) and failed:
            first = cases[0]
            hard.append(HardCase(question_id, first.title, first.hidden, failed, len(cases)))
    return sorted(hard, key=lambda case: (-case.failed, case.question, case.title))[:HARDEST]
