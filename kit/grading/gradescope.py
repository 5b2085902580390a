"""Gradescope's results.json of one submission, by the format's own specification.

Hidden cases show after the grades are published. A submission that the grader failed on has no such
file: Gradescope would turn it into a zero.
"""

import math
from pathlib import Path
from typing import Any

from kit.files import write_json
from kit.grading.marks import Mark
from kit.grading.results import CaseResult, QuestionResult, SubmissionResult, Verdict

VISIBILITIES = frozenset(["hidden", "after_due_date", "after_published", "visible"])
FORMATS = frozenset(["text", "html", "simple_format", "md", "ansi"])
STATUSES = frozenset(["passed", "failed"])


def write_gradescope(folder: Path, result: SubmissionResult, mark: Mark) -> Path | None:
    """Write `results.json` into `folder`; None, and no file left, where the mark is open."""
    path = folder / "results.json"
    if mark.auto is None:
        path.unlink(missing_ok=True)
        return None
    return write_json(path, to_gradescope(result, mark))


def to_gradescope(result: SubmissionResult, mark: Mark) -> dict[str, Any]:
    """The document; `score` is what counts of the tests, which overrides the sum of the rows."""
    if mark.auto is None:
        raise ValueError(f"{result.student} has no points to report")
    notes = [*mark.trail, *(_finding_line(finding) for finding in result.findings)]
    return {
        "score": round(mark.auto, 4),
        "output": "\n".join(notes),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "tests": [
            _row(question, case, f"{number}.{part}")
            for number, question in enumerate(result.questions, start=1)
            for part, case in enumerate(question.cases, start=1)
        ],
        "extra_data": {
            "assignment": result.assignment,
            "kit_version": result.kit_version,
            "seed_id": result.seed_id,
            "submission_sha256": result.submission_sha256,
            "tests_sha256": result.tests_sha256,
            "tier": result.tier,
            "verdict": result.verdict.value,
        },
    }


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
    if not (_is_number(row.get("score")) and _is_number(row.get("max_score"))):
        found.append("score and max_score must be finite numbers")
    elif not 0 <= row["score"] <= row["max_score"] + 1e-9:
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


def _row(question: QuestionResult, case: CaseResult, number: str) -> dict[str, Any]:
    verdict = case.verdict.value.replace("_", " ")
    return {
        "name": f"{question.id}: {case.title}",
        "number": number,
        "score": round(case.points or 0.0, 4),
        "max_score": round(case.max_points, 4),
        "status": "passed" if case.verdict is Verdict.PASS else "failed",
        "output": f"{verdict}. {case.message}".replace("\r\n", "\n").strip(),
        "visibility": "after_published" if case.hidden else "visible",
        "extra_data": {"verdict": case.verdict.value},
    }


def _finding_line(finding: Any) -> str:
    where = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return f"Note: {where + ': ' if where else ''}{finding.text}"
