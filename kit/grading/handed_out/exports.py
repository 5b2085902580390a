"""Everything that is made from the marks of a class: gradebook, pages, Gradescope files.

All of it can be made again from the results; nothing here changes one.
"""

from collections.abc import Sequence
from pathlib import Path

from kit.assignment import Assignment
from kit.grading.autograders.gradescope_json import write_gradescope
from kit.grading.handed_out.class_page import write_class_page
from kit.grading.handed_out.feedback import write_feedback
from kit.grading.handed_out.gradebook import write_gradebook
from kit.grading.handed_out.suggestions import write_suggestions
from kit.grading.marks.marks import Mark
from kit.grading.results import SubmissionResult
from kit.grading.written.key import Key
from kit.grading.written.queue import Queue, write_queue

Class = Sequence[tuple[SubmissionResult, Mark]]


def write_exports(
    out: Path,
    assignment: Assignment,
    graded: Class,
    key: Key | None = None,
    queue: Queue | None = None,
    *,
    explain: bool = False,
) -> list[Path]:
    """Write all of them; returns the paths, those for the whole class first.

    With `explain` the feedback shows the key of the written questions and its explanations.
    """
    files = [
        write_gradebook(out / "gradebook.csv", assignment, graded),
        write_class_page(out / "index.html", assignment, graded),
        *(write_queue(out, assignment, key, queue) if key and queue else ()),
        *write_suggestions(out, assignment, [result for result, _ in graded]),
    ]
    for result, mark in graded:
        student, shown = result.student, key if explain else None
        page = out / "feedback" / f"{student}.html"
        files.append(write_feedback(page, assignment, result, mark, shown))
        scores = write_gradescope(out / "gradescope" / student, assignment, result, mark)
        files += [scores] if scores else []
    return files
