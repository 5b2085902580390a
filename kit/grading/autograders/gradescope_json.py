"""Gradescope's results.json of one submission, by the format's own specification.

Hidden cases show after the grades are published, unless the course says otherwise. Where the grader
failed, the document says so at its top, and a row that shows after publishing keeps the unfinished
total from the student: Gradescope shows no total while a row waits. The batch writes no file then.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import category

from kit.assignment import Assignment
from kit.errors import KitError
from kit.files import write_json
from kit.grading.marks.exact import total
from kit.grading.marks.marks import AUTO, Mark, counted
from kit.grading.results import CaseResult, Finding, SubmissionResult, Verdict

VISIBILITIES = ("hidden", "after_due_date", "after_published", "visible")
FORMATS = frozenset(["text", "html", "simple_format", "md", "ansi"])
STATUSES = frozenset(["passed", "failed"])
CONTROL = frozenset(["Cc", "Cs"])  # control characters and halves of surrogate pairs
AFTER = "after_published"
OPEN = "Not a mark: the grader failed"
ASIDE = "Not a mark: a person decides"


def write_gradescope(
    folder: Path, assignment: Assignment, result: SubmissionResult, mark: Mark
) -> Path | None:
    """Write `results.json` into `folder`; None, and no file left, where the mark is open."""
    path = folder / "results.json"
    if mark.auto is None:
        path.unlink(missing_ok=True)
        return None
    return write_document(path, to_gradescope(assignment, result, mark))


def write_document(path: Path, document: dict[str, Any]) -> Path:
    """Write such a document, whole.

    Raises:
        KitError: Gradescope would refuse or misread it.
    """
    if found := problems(document):
        raise KitError(f"{path} would be no file for Gradescope: {'; '.join(found[:3])}")
    return write_json(path, document)


def to_gradescope(
    assignment: Assignment, result: SubmissionResult, mark: Mark, *, hidden: str = AFTER
) -> dict[str, Any]:
    """The document; `score` is what counts of the tests, which overrides the sum of the rows.

    `hidden` is the visibility of hidden cases. An open mark scores what is not open, and says so.
    """
    score, notes = mark.auto, [*mark.trail, *map(_finding_line, result.findings)]
    rows = list(_rows(assignment, result, hidden))
    if score is None:
        known = {name: points or 0.0 for name, points in mark.questions.items()}
        score, _ = counted(assignment, known)
        warning = _warning(mark)
        notes.insert(0, warning)
        row = {
            "name": warning.partition(" on ")[0],
            "status": "failed",
            "output": warning,
            "visibility": AFTER,
        }
        rows.insert(0, row)
    return {
        "score": total([score or 0.0]),
        "output": "\n".join(map(_plain, notes)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "tests": rows,
        "extra_data": {
            "assignment": result.assignment,
            "complete": mark.auto is not None,
            "kit_version": result.kit_version,
            "seed_id": result.seed_id,
            "submission_sha256": result.submission_sha256,
            "tests_sha256": result.tests_sha256,
            "tier": result.tier,
            "verdict": result.verdict.value,
        },
    }


def _warning(mark: Mark) -> str:
    names = ", ".join(name for name, points in mark.questions.items() if points is None)
    what, then = (ASIDE, "grade it") if AUTO in mark.pending else (OPEN, "have this graded again")
    return (
        f"{what} on {names}, which costs you nothing. The points of the rest are below; "
        f"your course staff will {then}."
    )


def problems(document: dict[str, Any]) -> list[str]:
    """What Gradescope would refuse or misread in such a document; empty if nothing."""
    found = []
    if not _is_number(document.get("score")) and not document.get("tests"):
        found.append("it has neither a score nor tests")
    if "score" in document and not _is_number(document["score"]):
        found.append("score is not a finite number")
    for key in ("output_format", "test_output_format", "test_name_format"):
        if document.get(key, "text") not in FORMATS:
            found.append(f"{key} is {document[key]!r}")
    if document.get("visibility", "visible") not in VISIBILITIES:
        found.append(f"visibility is {document['visibility']!r}")
    for row in document.get("tests", []):
        found += [f"test {row.get('number')}: {problem}" for problem in _row_problems(row)]
    return found


def _row_problems(row: dict[str, Any]) -> list[str]:
    found = []
    scored = "score" in row or "max_score" in row  # without either it is for information
    if scored and not (_is_number(row.get("score")) and _is_number(row.get("max_score"))):
        found.append("score and max_score must be finite numbers")
    elif scored and not 0 <= row["score"] <= row["max_score"] + 1e-9:
        found.append(f"{row['score']} of {row['max_score']} points")
    if row.get("visibility") not in VISIBILITIES:
        found.append(f"visibility is {row.get('visibility')!r}")
    if row.get("status", "passed") not in STATUSES:
        found.append(f"status is {row['status']!r}")
    if not all(isinstance(row.get(key, ""), str) for key in ("name", "number", "output")):
        found.append("name, number and output must be text")
    return found


def _is_number(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)  # type: ignore[arg-type]


def _rows(
    assignment: Assignment, result: SubmissionResult, hidden: str
) -> Iterator[dict[str, Any]]:
    """A row per case; a question that was never judged has one too, so that no points vanish."""
    judged = {question.id: question for question in result.questions}
    for number, question in enumerate(assignment.questions, start=1):
        if question.id not in judged:
            yield _row(question.id, _unjudged(question.title, question.points, result), f"{number}")
            continue
        for part, case in enumerate(judged[question.id].cases, start=1):
            seen = hidden if case.hidden else "visible"
            yield _row(question.id, case, f"{number}.{part}") | {"visibility": seen}


def _unjudged(title: str, most: float, result: SubmissionResult) -> CaseResult:
    """The one case of a question that did not get as far as its tests."""
    points = None if result.points is None else 0.0
    return CaseResult("", title, points, most, False, result.verdict, "it was not judged")


def _row(question: str, case: CaseResult, number: str) -> dict[str, Any]:
    verdict = case.verdict.value.replace("_", " ")
    row: dict[str, Any] = {
        "name": _plain(f"{question}: {case.title}"),
        "number": number,
        "status": "passed" if case.verdict is Verdict.PASS else "failed",
        "output": _plain(f"{verdict}. {case.message}"),
        "visibility": "visible",
        "extra_data": {"verdict": case.verdict.value},
    }
    if case.points is not None:  # open points are no zero
        row |= {"score": total([case.points]), "max_score": total([case.max_points])}
    return row


def _finding_line(finding: Finding) -> str:
    where = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return f"Note: {where + ': ' if where else ''}{finding.text}"


def _plain(text: str) -> str:
    """Text with LF line ends and no control characters, which its database refuses."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join("?" if c not in "\n\t" and category(c) in CONTROL else c for c in lines)
