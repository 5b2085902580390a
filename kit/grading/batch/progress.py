"""A batch as it runs, for whoever watches: a live table on a terminal, else a line per submission.

Both end with how many submissions were judged per minute.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from kit.grading.marks.exact import shown
from kit.grading.results import SubmissionResult, Verdict

STYLES = {
    Verdict.PASS: "green",
    Verdict.NOT_ATTEMPTED: "dim",
    Verdict.FAIL: "yellow",
    Verdict.GRADER_ERROR: "bold white on red",
}
REFRESH_PER_SECOND = 4
NO_BREAK = "\N{NO-BREAK SPACE}"


class Watch:
    """What has happened so far; prints a line per submission."""

    def __init__(
        self, console: Console, total: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.total = total
        self.reused_count = 0
        self.verdicts: Counter[Verdict] = Counter()
        self.running: dict[str, float] = {}
        self.waiting: set[str] = set()  # late ones, which come once more
        self._console, self._clock = console, clock
        self._begin: float | None = None

    def started(self, student: str) -> None:
        """A submission has been handed out."""
        now = self._clock()
        self._begin = now if self._begin is None else self._begin
        self.running[student] = now
        self.waiting.discard(student)

    def reused(self, student: str) -> None:
        """A stored result still holds."""
        self.reused_count += 1
        if not self._console.is_terminal:
            self._console.print(Text(f"{student:<24} as before"))

    def late(self, student: str) -> None:
        """A clock on the wall ended a question; the submission comes once more, at the end."""
        self.running.pop(student, None)
        self.waiting.add(student)
        self._console.print(Text(f"{student:<24} out of time by the clock; once more at the end"))

    def graded(self, result: SubmissionResult, seconds: float) -> None:
        """A submission has been judged."""
        self.running.pop(result.student, None)
        self.verdicts[result.verdict] += 1
        self._console.print(_line(result, seconds))

    @property
    def fresh(self) -> int:
        """How many were judged."""
        return self.verdicts.total()

    @property
    def per_minute(self) -> float:
        """How many are judged per minute."""
        elapsed = 0.0 if self._begin is None else self._clock() - self._begin
        return 60 * self.fresh / elapsed if elapsed > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """When the rest will be done if it goes on like this; None while that is unknown."""
        left = self.total - self.fresh - self.reused_count
        return 60 * left / self.per_minute if self.per_minute else None

    @property
    def rates(self) -> str:
        """How it went, for the end."""
        counts = ", ".join(f"{verdict} {self.verdicts[verdict]}" for verdict in self._seen())
        speed = f"{self.per_minute:.1f} per minute"
        return f"{self.fresh} judged ({counts}), {speed}; {self.reused_count} as before"

    def _seen(self) -> list[Verdict]:
        return [verdict for verdict in Verdict if self.verdicts[verdict]]

    def __rich__(self) -> RenderableType:
        """The live table."""
        now = self._clock()
        done = self.fresh + self.reused_count
        rows = Table.grid(padding=(0, 2))
        rows.add_column(style="dim", no_wrap=True, min_width=9)
        rows.add_column()
        bar = Table.grid(padding=(0, 2))
        bar.add_row(ProgressBar(max(1, self.total), done, width=30), f"{done} of {self.total}")
        rows.add_row("done", bar)
        rows.add_row("running", _running(list(self.running.items()), now))
        rows.add_row("verdicts", self._verdicts())
        rows.add_row("as before", str(self.reused_count))
        if self.waiting:
            rows.add_row("once more", f"{len(self.waiting)} at the end, alone")
        left = self.seconds_left
        ahead = "" if left is None else f"   {timedelta(seconds=round(left))} left"
        rows.add_row("speed", f"{self.per_minute:.1f} per minute{ahead}")
        return rows

    def _verdicts(self) -> Text:
        told = Text()
        for verdict in self._seen():
            words = f"{verdict} {self.verdicts[verdict]}".replace("_", NO_BREAK)
            told.append(words.replace(" ", NO_BREAK), STYLES.get(verdict, "red"))
            told.append("   ")
        return told if told else Text("-")


@contextmanager
def watched(console: Console, total: int) -> Iterator[Watch]:
    """Show a batch of so many submissions while the context lasts."""
    watch = Watch(console, total)
    if console.is_terminal:
        with Live(watch, console=console, refresh_per_second=REFRESH_PER_SECOND, transient=True):
            yield watch
    else:
        yield watch
    if watch.fresh:
        console.print(Text(watch.rates))


def _running(students: list[tuple[str, float]], now: float) -> Text:
    """Who is being judged, the longest first, and for how long."""
    told = ", ".join(f"{student} {now - since:.0f} s" for student, since in students)
    return Text(told or "-", no_wrap=True, overflow="ellipsis")


def _line(result: SubmissionResult, seconds: float) -> Text:
    points = "open" if result.points is None else shown(result.points)
    verdict = result.verdict.value.replace("_", " ")
    marks = f"{points:>6} / {shown(result.max_points)}"
    return Text(f"{result.student:<24} {marks}  {verdict:<14} {seconds:5.1f} s")
