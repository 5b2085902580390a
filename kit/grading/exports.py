"""Everything that is made from the marks of a class: gradebook, pages, Gradescope files.

All of it can be made again from the results; nothing here changes one.
"""

from collections.abc import Sequence
from pathlib import Path

from kit.assignment import Assignment
from kit.grading.class_page import write_class_page
from kit.grading.feedback import write_feedback
from kit.grading.gradebook import write_gradebook
from kit.grading.gradescope import write_gradescope
from kit.grading.marks import Mark
from kit.grading.results import SubmissionResult

Class = Sequence[tuple[SubmissionResult, Mark]]


def write_exports(out: Path, assignment: Assignment, graded: Class) -> list[Path]:
    """Write all of them; returns the paths, those for the whole class first."""
    files = [
        write_gradebook(out / "gradebook.csv", assignment, graded),
        write_class_page(out / "index.html", assignment, graded),
    ]
    for result, mark in graded:
        student = result.student
        files.append(write_feedback(out / "feedback" / f"{student}.html", assignment, result, mark))
        scores = write_gradescope(out / "gradescope" / student, assignment, result, mark)
        files += [scores] if scores else []
    return files
