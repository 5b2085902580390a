"""The marking queue: what people have to look at, in `OUT/marking/`, a CSV and a JSON per question.

The CSV is a file for `--marks`: fill in points and comments and give it to the next run. A row
names the version of the answer that its points are for: they count for no other. What people typed
into it is kept when it is written again, whoever is in the run. The JSON has the question, the
rubric and the notes of the key beside the answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.assignment import Assignment
from kit.bank import WrittenQuestion
from kit.files import write_json, write_text
from kit.grading.marks.exact import rounded, shown
from kit.grading.marks.marks import Mark
from kit.grading.results import SubmissionResult
from kit.grading.spreadsheet import rows, table
from kit.grading.written.key import Key
from kit.grading.written.scoring import Scored, State

FOLDER = "marking"
COLUMNS = (
    *("student", "component", "points", "comment", "of", "answer", "problem"),
    *("changed", "sources", "version"),
)
CHANGED = "the answer has changed since it got"
AGAIN = "enter its points again"
SCORED = "the key scores it now, so delete this row"
CONFIRM = "give other points, or confirm them by emptying this cell"
Graded = Sequence[tuple[SubmissionResult, Mark]]
Row = dict[str, str]


@dataclass(frozen=True)
class Queue:
    """Who waits for each question, and the rows of its CSV, by the question's id."""

    waiting: Mapping[str, list[tuple[str, Scored]]]
    rows: Mapping[str, list[Row]]

    @property
    def changed(self) -> Iterator[Row]:
        """The rows whose answer is another than the one that got points."""
        return (row for lines in self.rows.values() for row in lines if row["changed"])


def read_rows(out: Path, assignment: Assignment) -> dict[str, list[Row]]:
    """What stands in the CSVs of an earlier run, by question.

    Raises:
        UsageError: one cannot be read; it may hold marks and is not replaced.
    """
    bank = assignment.written
    paths = {one.id: _path(out, one) for one in (bank.asked if bank else ()) if one.points}
    needed = ("student", "component", "points")
    return {
        name: [row for _, row in rows(path, needed)]
        for name, path in paths.items()
        if path.is_file()
    }


def make_queue(assignment: Assignment, graded: Graded, earlier: Mapping[str, list[Row]]) -> Queue:
    """What waits in this class, with all that people typed into the `earlier` rows."""
    waiting, lines = {}, {}
    for question in assignment.written.asked if assignment.written else ():
        scored = {
            result.student: one
            for result, mark in graded
            for one in mark.written
            if one.question.id == question.id
        }
        waiting[question.id] = [(who, one) for who, one in scored.items() if _waits(one)]
        lines[question.id] = _rows(question, scored, earlier.get(question.id, []))
    return Queue(waiting, lines)


def _waits(one: Scored) -> bool:
    """Whether it is for a person: answers in words, and ticks that the key cannot score."""
    return not one.question.ticked or one.state in (State.OPEN, State.MARKED)


def write_queue(out: Path, assignment: Assignment, key: Key, queue: Queue) -> list[Path]:
    """Write `out/marking/`; files of a question that nobody waits for any more name nobody."""
    files = []
    for question in assignment.written.asked if assignment.written else ():
        path, waiting = _path(out, question), queue.waiting.get(question.id, [])
        if question.points and (waiting or path.is_file()):
            lines = [[row[column] for column in COLUMNS] for row in queue.rows[question.id]]
            files.append(write_text(path, table([COLUMNS, *lines])))
        if waiting or path.with_suffix(".json").is_file():
            files.append(_write_json(path.with_suffix(".json"), question, key, waiting))
    return files


def _path(out: Path, question: WrittenQuestion) -> Path:
    return out / FOLDER / f"{question.id}.csv"


def _rows(
    question: WrittenQuestion, scored: Mapping[str, Scored], earlier: Sequence[Row]
) -> list[Row]:
    """A row for everybody who waits, and those of others that somebody has typed something into."""
    component = f"written.{question.id}"
    before = {(row["student"], row["component"]): row for row in earlier}
    made = [
        _row(student, one, before.pop((student, component), {}))
        for student, one in scored.items()
        if _waits(one)
    ]
    for (student, name), row in before.items():
        one = scored.get(student) if name == component else None
        if row["points"] or row.get("comment") or (one is None and row.get("changed")):
            made.append(_kept(row, one))
    return made


def _kept(row: Row, one: Scored | None) -> Row:
    """A row as it stands; `one` is what the key has scored of a student who is in this run."""
    kept = {column: row.get(column, "") for column in COLUMNS}
    if one is not None:
        other = row["points"] and _other_version(row, one)
        kept["changed"] = f"{CHANGED} {row['points']}; {SCORED}" if other else ""
    return kept


def _other_version(row: Row, one: Scored) -> bool:
    return row.get("version", "") not in ("", one.answer.version)


def _row(student: str, one: Scored, old: Row) -> Row:
    question, answer = one.question, one.answer
    changed = _changed(one, old)
    points, comment = "", old.get("comment", "")
    if one.state is State.MARKED:
        points, comment = shown(one.points or 0), one.comment or comment
    elif not changed.endswith(AGAIN):
        points = old.get("points", "")
    return {
        "student": student,
        "component": f"written.{question.id}",
        "points": points,
        "comment": comment,
        "of": shown(question.points),
        "answer": answer.text or ", ".join(answer.chosen) or "(blank)",
        "problem": answer.problem,
        "changed": changed,
        "sources": " ".join(answer.sources),
        "version": answer.version,
    }


def _changed(one: Scored, old: Row) -> str:
    """The sentence for points that were given to another answer, until a person has acted on it."""
    points, said, marked = old.get("points", ""), old.get("changed", ""), one.state is State.MARKED
    if points and _other_version(old, one):
        return f"{CHANGED} {points}; {CONFIRM if marked else AGAIN}"
    if said.endswith(CONFIRM):  # the points are of a line of --marks that names no version
        now = shown(one.points or 0) if marked else points
        return said if points.replace(",", ".") == now.replace(",", ".") else ""
    if points or marked:
        return ""
    return f"{CHANGED} {one.earlier}; {AGAIN}" if one.earlier else said


def _write_json(
    path: Path, question: WrittenQuestion, key: Key, waiting: list[tuple[str, Scored]]
) -> Path:
    answer = key.of(question.id)
    document: dict[str, Any] = {
        "question": question.id,
        "points": question.points,
        "text": question.text.strip(),
        "options": list(question.options),
        "key": answer.model_dump(exclude={"question", "rubric"}, exclude_defaults=True),
        "rubric": [line.model_dump() for line in answer.rubric],
        "answers": [
            {
                "student": student,
                "text": one.answer.text,
                "chosen": list(one.answer.chosen),
                "problem": one.answer.problem,
                "sources": list(one.answer.sources),
                "points": None if one.points is None else rounded(one.points),
                "comment": one.comment,
            }
            for student, one in waiting
        ],
    }
    return write_json(path, document)
