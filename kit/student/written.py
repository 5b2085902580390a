"""A student's own answers to the written questions: which were read, which are blank. No key."""

from collections.abc import Mapping
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.assignment import Assignment
from kit.errors import KitError
from kit.grading.results import Answer
from kit.grading.written.answers import Collected, collect, is_source

SHOWN = 60  # characters of an answer in words


def sources(folder: Path, assignment: Assignment) -> dict[str, bytes]:
    """The files in `folder` and its report that say something about a question."""
    found = {}
    for path in sorted([*folder.glob("*"), *folder.glob("report/*")]):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and is_source(assignment, name):
            data = path.read_bytes()
            told = collect(assignment, {name: data})
            if told.answers or told.problems:
                found[name] = data
    return found


def remarks(assignment: Assignment, files: Mapping[str, bytes]) -> tuple[list[str], list[str]]:
    """Sentences on what is unreadable or contradictory, and on what is blank."""
    told = collect(assignment, files)
    blank = [one.question for one in told.answers if one.blank]
    said = []
    if not told.answers:
        said.append("no answer to the written questions was found")
    elif blank:
        said.append(f"written questions left blank: {', '.join(blank)}")
    return _problems(told), said


def _problems(told: Collected) -> list[str]:
    said = [f"{file}: {problem}" for file, problem in told.problems]
    return said + [f"{one.question}: {one.problem}" for one in told.answers if one.problem]


def show(folder: Path, assignment: Assignment, console: Console) -> None:
    """Print how each answer was read.

    Raises:
        KitError: a source cannot be read, or two contradict each other.
    """
    told = collect(assignment, sources(folder, assignment))
    title = Text("Written questions, as they were read (nothing here knows what is right)")
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("", "answer", "from"):
        table.add_column(heading, overflow="fold")
    for answer in told.answers:
        style = "bold red" if answer.problem else "dim" if answer.blank else ""
        read = Text(_read(answer), style=style)
        table.add_row(Text(answer.question), read, Text(" ".join(answer.sources)))
    console.print(table)
    answered = sum(not one.blank and not one.problem for one in told.answers)
    asked = assignment.written.asked if assignment.written else ()
    console.print(Text(f"{answered} of {len(asked)} written questions are answered"))
    if problems := _problems(told):
        raise KitError("; ".join(problems))


def _read(answer: Answer) -> str:
    if answer.problem:
        return answer.problem
    if answer.chosen:
        return ", ".join(answer.chosen)
    text = " ".join(answer.text.split())
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
    return shown or "blank"
