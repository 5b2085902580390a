"""What people decide about marks, read from CSV: manual marks, overrides, penalties, times.

marks: student,component,points,comment. A component is `report`, `written`, a line of the rubric
(`report.method`), a written question (`written.ae2`), a question (an override; the comment is its
reason), a bonus, a penalty (points = how many times), or `final` (an override of the mark). Where
the points are empty, the line is not marked yet. times: student,submitted[,extension_days].
Spreadsheets that separate by semicolons write decimal commas, and both are read.
"""

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.assignment import Assignment
from kit.errors import UsageError
from kit.grading.marks.exact import shown, total
from kit.grading.spreadsheet import rows

FINAL = "final"
BARE = re.compile(r"-?\d+([.,]\d+)?")
MOST_DAYS = 366  # of an extension
YEARS = range(1970, 2101)


@dataclass(frozen=True)
class HandMark:
    """One decision: for a component of a student's mark, so many points, and why.

    A line of the marking queue says for which version of the answer; without one, it is for any.
    """

    component: str
    points: float
    comment: str
    version: str = ""


Marks = dict[str, dict[str, HandMark]]


@dataclass(frozen=True)
class Arrival:
    """When a submission came in, and how many more days its student was given."""

    submitted: datetime.datetime
    extension_days: int = 0


def read_marks(paths: Path | Sequence[Path], assignment: Assignment) -> Marks:
    """Student → component → what a person decided, in one file or several.

    Raises:
        UsageError: a line is not what the manifest allows; the sentence names file and line.
    """
    most = _most_points(assignment)
    marks: Marks = {}
    for path in [paths] if isinstance(paths, Path) else paths:
        _read(path, assignment, most, marks)
    return marks


def _read(path: Path, assignment: Assignment, most: Mapping[str, float], marks: Marks) -> None:
    for where, row in rows(path, ("student", "component", "points")):
        student, component = row["student"], row["component"]
        if component not in most:
            known = ", ".join(most)
            raise UsageError(f"{where}: '{component}' is no component; there are {known}")
        comment = row.get("comment", "")
        if BARE.fullmatch(comment):
            raise UsageError(
                f"{where}: the comment is the bare number {comment}; where it belongs to the "
                'points, write 2.5 or quote "2,5"'
            )
        override = _is_override(component, assignment)
        if not row["points"] and _may_wait(component, comment, override=override):
            continue  # not marked yet
        points = _number(row["points"], f"{where}: points")
        if not 0 <= points <= most[component]:
            raise UsageError(
                f"{where}: {component} has 0 to {shown(most[component])} points, "
                f"not {shown(points)}"
            )
        if override and not comment:
            raise UsageError(f"{where}: an override of {component} needs its reason in `comment`")
        if component in marks.setdefault(student, {}):
            raise UsageError(f"{where}: {student} has a second line for {component}; keep one")
        marks[student][component] = HandMark(component, points, comment, row.get("version", ""))
        for whole in ("report", "written"):
            lines = [name for name in marks[student] if name.startswith(f"{whole}.")]
            if lines and whole in marks[student]:
                both = f"{whole} and {lines[0]}"
                raise UsageError(f"{where}: {student} has points for {both}; keep one")


def read_times(path: Path) -> dict[str, Arrival]:
    """Student → when the submission arrived (ISO 8601).

    Raises:
        UsageError: a line is wrong; the sentence names file and line.
    """
    times = {}
    for where, row in rows(path, ("student", "submitted")):
        submitted = _time(row["submitted"], where)
        days = _number(row.get("extension_days") or "0", f"{where}: extension_days")
        if days != int(days) or not 0 <= days <= MOST_DAYS:
            raise UsageError(
                f"{where}: extension_days is a number of whole days from 0 to {MOST_DAYS}, "
                f"not {shown(days)}"
            )
        if row["student"] in times:
            raise UsageError(f"{where}: {row['student']} has a second hand-in time; keep one")
        times[row["student"]] = Arrival(submitted, int(days))
    return times


def _time(text: str, where: str) -> datetime.datetime:
    try:
        time = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{where}: '{text}' is not a time like 2026-03-01T23:59") from None
    if _is_date(text):
        raise UsageError(
            f"{where}: '{text}' has no time of day, on which the days late depend; "
            f"write one, as in {text}T22:10"
        )
    if time.year not in YEARS:
        raise UsageError(
            f"{where}: '{text}' is not in a year from {YEARS[0]} to {YEARS[-1]}; correct it"
        )
    return time


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _may_wait(component: str, comment: str, *, override: bool) -> bool:
    """Whether a line without points is not marked yet; a reason for an override misses them.

    In the marking queue a comment may be a note for whoever marks.
    """
    return not (override and comment) or component.startswith("written.")


def _most_points(assignment: Assignment) -> dict[str, float]:
    most = {name: value for name, value in assignment.components.items() if name != "auto"}
    named: dict[str, float] = {str(name): value for name, value in most.items()}
    named |= {f"report.{item.id}": item.points for item in assignment.report.rubric}
    if assignment.written is not None:
        asked = assignment.written.asked
        named |= {f"written.{one.id}": one.points for one in asked if one.points}
    named |= {question.id: question.points for question in assignment.questions}
    named |= {penalty.id: 1000 for penalty in assignment.penalties}  # a count, not points
    bonus = {one.id: one.points for one in assignment.bonuses}
    return named | bonus | {FINAL: total([*assignment.components.values(), *bonus.values()])}


def _is_override(component: str, assignment: Assignment) -> bool:
    questions = [question.id for question in assignment.questions]
    if assignment.written is not None:  # what the key scores
        questions += [f"written.{one.id}" for one in assignment.written.asked if one.ticked]
    return component == FINAL or component in questions


def _number(text: str, where: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{where}: '{text}' is not a number")
    return number
