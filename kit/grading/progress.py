"""A batch as it runs, for whoever watches: a table on a terminal, else a line per submission."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from kit.grading.results import SubmissionResult


class Watch(Protocol):
    """Who is told what happens."""

    def started(self, student: str) -> None:
        """A submission has been handed out."""

    def reused(self, student: str) -> None:
        """A stored result still holds."""

    def graded(self, result: SubmissionResult, seconds: float) -> None:
        """A submission has been judged."""

    def late(self, student: str) -> None:
        """A clock on the wall ended a question; the submission comes once more, at the end."""


@contextmanager
def watched(console: Console, total: int) -> Iterator[Watch]:
    """A bar on a terminal, one line per submission elsewhere."""
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield _Bar(console, progress, total)


class _Bar:
    def __init__(self, console: Console, progress: Progress, total: int) -> None:
        self._console, self._progress = console, progress
        self._bar = progress.add_task("", total=total)

    def started(self, student: str) -> None:
        self._progress.update(self._bar, description=student)

    def reused(self, student: str) -> None:
        self._progress.update(self._bar, advance=1)
        if not self._console.is_terminal:
            self._console.print(Text(f"{student:<24} as before"))

    def graded(self, result: SubmissionResult, seconds: float) -> None:
        self._progress.update(self._bar, advance=1)
        self._console.print(_line(result, seconds))

    def late(self, student: str) -> None:
        self._console.print(
            Text(f"{student:<24} ran out of time by the clock; once more at the end")
        )


def _line(result: SubmissionResult, seconds: float) -> Text:
    points = "open" if result.points is None else f"{result.points:g}"
    verdict = result.verdict.value.replace("_", " ")
    marks = f"{points:>6} / {result.max_points:g}"
    return Text(f"{result.student:<24} {marks}  {verdict:<14} {seconds:5.1f} s")
