"""What people decide about marks, read from CSV: manual marks, overrides, penalties, times.

marks: student,component,points,comment. A component is `report`, `written`, a line of the rubric
(`report.method`), a written question (`written.ae2`), a question (an override; the comment is its
reason), a bonus, a penalty (points = how many times), or `final` (an override of the mark). Where
the points are empty, the line is not marked yet. times: student,submitted[,extension_days].
Spreadsheets that separate by semicolons write decimal commas, and both are read.
"""

import csv
import datetime
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.assignment import Assignment
from kit.errors import UsageError
from kit.grading.marks.exact import total

FINAL = "final"


@dataclass(frozen=True)
class HandMark:
    """One decision: for a component of a student's mark, so many points, and why."""

    component: str
    points: float
    comment: str


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
        override = _is_override(component, assignment)
        if not row["points"] and not (override and comment):
            continue  # not marked yet
        points = _number(row["points"], f"{where}: points")
        if not 0 <= points <= most[component]:
            raise UsageError(
                f"{where}: {component} has 0 to {most[component]:g} points, not {points:g}"
            )
        if override and not comment:
            raise UsageError(f"{where}: an override of {component} needs its reason in `comment`")
        if component in marks.setdefault(student, {}):
            raise UsageError(f"{where}: {student} has a second line for {component}; keep one")
        marks[student][component] = HandMark(component, points, comment)
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
        try:
            submitted = datetime.datetime.fromisoformat(row["submitted"])
        except ValueError:
            raise UsageError(
                f"{where}: '{row['submitted']}' is not a time like 2026-03-01T23:59"
            ) from None
        days = _number(row.get("extension_days") or "0", f"{where}: extension_days")
        if days < 0 or days != int(days):
            raise UsageError(f"{where}: extension_days is a number of whole days, not {days:g}")
        if row["student"] in times:
            raise UsageError(f"{where}: {row['student']} has a second hand-in time; keep one")
        times[row["student"]] = Arrival(submitted, int(days))
    return times


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


def rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """The lines of a CSV with their place, empty ones left out; `needed` are its columns.

    Raises:
        UsageError: it cannot be read, or a line is no line of it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as UTF-8 text ({error})") from None
    head = text.partition("\n")[0]
    semicolons = ";" in head and "," not in head
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if semicolons else ",")
    for column in needed:
        if column not in (reader.fieldnames or ()):
            raise UsageError(f"{path}:1: the column '{column}' is missing")
    for row in reader:
        cells = {key: (cell or "").strip() for key, cell in row.items() if isinstance(key, str)}
        where = f"{path}:{reader.line_num}"
        if not any(cells.values()):
            continue
        if not cells["student"]:
            raise UsageError(f"{where}: the student is missing")
        if None in row:
            raise UsageError(
                f"{where}: it has more cells than the header; quote a text with commas"
            )
        yield where, cells


def _number(text: str, where: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{where}: '{text}' is not a number")
    return number
