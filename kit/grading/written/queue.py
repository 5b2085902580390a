"""The marking queue: what people have to look at, in `OUT/marking/`, a CSV and a JSON per question.

The CSV is a file for `--marks`: fill in points and comments and give it to the next run. Points
that stand in it are kept when it is written again, unless the answer has changed. The JSON has the
question, the rubric and the notes of the key beside the answers.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kit.assignment import Assignment
from kit.bank import WrittenQuestion
from kit.files import write_json, write_text
from kit.grading.handed_out.spreadsheet import guarded
from kit.grading.marks.exact import rounded
from kit.grading.marks.hand_marks import rows
from kit.grading.marks.marks import Mark
from kit.grading.results import SubmissionResult
from kit.grading.written.key import Key
from kit.grading.written.scoring import Scored, State

COLUMNS = ("student", "component", "points", "comment", "of", "answer", "problem", "sources")
CHANGED = "the answer has changed since it got"
Graded = Sequence[tuple[SubmissionResult, Mark]]


def write_queue(out: Path, assignment: Assignment, key: Key | None, graded: Graded) -> list[Path]:
    """Write `out/marking/`; nothing where an assignment has no bank.

    Raises:
        UsageError: a CSV that lies there cannot be read; it may hold marks and is not replaced.
    """
    bank = assignment.written
    if bank is None or key is None:
        return []
    files = []
    for question in bank.asked:
        lines = [
            (result.student, one)
            for result, mark in graded
            for one in mark.written
            if one.question.id == question.id and (not question.ticked or _for_a_person(one))
        ]
        if lines:
            path = out / "marking" / question.id
            if question.points:
                files.append(_write_csv(path.with_suffix(".csv"), question, lines))
            files.append(_write_json(path.with_suffix(".json"), question, key, lines))
    return files


def _for_a_person(one: Scored) -> bool:
    return one.state in (State.OPEN, State.MARKED)


def _write_csv(path: Path, question: WrittenQuestion, lines: list[tuple[str, Scored]]) -> Path:
    kept = _kept(path)
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for student, one in lines:
        row = _row(student, question, one)
        old = kept.get(row["student"])
        if old and old["points"]:
            _keep(row, old, marked=one.state is State.MARKED)
        writer.writerow(row)
    return write_text(path, stream.getvalue())


def _keep(row: dict[str, str], old: dict[str, str], *, marked: bool) -> None:
    """Keep the points of an earlier file, or say that the answer they were for has changed."""
    same = "answer" not in old or old["answer"].split() == row["answer"].split()
    if not same:
        row["problem"] = f"{CHANGED} {old['points']}"
    elif not marked:
        row |= {"points": old["points"], "comment": old["comment"]}


def _row(student: str, question: WrittenQuestion, one: Scored) -> dict[str, str]:
    marked = one.state is State.MARKED and one.points is not None
    return {
        "student": student,
        "component": f"written.{question.id}",
        "points": f"{rounded(one.points or 0):g}" if marked else "",  # type: ignore[arg-type]
        "comment": guarded(one.comment) if marked else "",
        "of": f"{question.points:g}",
        "answer": guarded(one.answer.text or ", ".join(one.answer.chosen) or "(blank)"),
        "problem": guarded(one.answer.problem),
        "sources": guarded(" ".join(one.answer.sources)),
    }


def _kept(path: Path) -> Mapping[str, dict[str, str]]:
    """What stands in a CSV of an earlier run, by student."""
    if not path.is_file():
        return {}
    needed = ("student", "component", "points", "comment")
    return {row["student"]: row for _, row in rows(path, needed)}


def _write_json(
    path: Path, question: WrittenQuestion, key: Key, lines: list[tuple[str, Scored]]
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
            for student, one in lines
        ],
    }
    return write_json(path, document)
