"""A batch as it runs, for whoever watches: a bar on a terminal, else a line per submission."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from kit.grading.results import SubmissionResult
from kit.grading.worker import Report

Tell = Callable[[str, Report, SubmissionResult | None], None]


@contextmanager
def watched(console: Console, total: int) -> Iterator[Tell]:
    """A bar on a terminal, one line per submission elsewhere."""
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=total)

        def tell(student: str, report: Report, result: SubmissionResult | None) -> None:
            progress.update(bar, advance=1, description=student)
            if result is not None or not console.is_terminal:
                console.print(_line(student, report, result))

        yield tell


def _line(student: str, report: Report, result: SubmissionResult | None) -> Text:
    if result is None:
        return Text(f"{student:<24} as before")
    points = "open" if result.points is None else f"{result.points:g}"
    verdict = result.verdict.value.replace("_", " ")
    seconds = f"{report.seconds:5.1f} s"
    return Text(f"{student:<24} {points:>6} / {result.max_points:g}  {verdict:<14} {seconds}")
