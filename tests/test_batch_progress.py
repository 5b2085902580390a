"""What a terminal shows while a class is graded."""

import io

import pytest
from rich.console import Console

from kit.grading.batch import progress
from kit.grading.batch.progress import Watch, watched
from kit.grading.results import SubmissionResult, Verdict


class Clock:
    """A clock that goes on when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def result(student: str, verdict: Verdict) -> SubmissionResult:
    return SubmissionResult(
        student, "toy", verdict, 3.0, 7.0, (), (), "namespaces", "ab", "0", "1", "0.1"
    )


def shown(console: Console, watch: Watch) -> list[str]:
    """The table as lines of plain text."""
    console.begin_capture()
    console.print(watch)
    text = console.end_capture()
    return [line.rstrip().replace(progress.NO_BREAK, " ") for line in text.splitlines()]


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)


def test_the_table_counts_names_and_foretells(console: Console) -> None:
    clock = Clock()
    watch = Watch(console, 200, clock)
    for number in range(90):
        watch.reused(f"old{number}")
    assert "speed      0.0 per minute" in shown(console, watch)
    for number, verdict in enumerate([Verdict.PASS, Verdict.PASS, Verdict.TIMEOUT] * 10):
        watch.started(f"s{number}")
        clock.now += 2
        watch.graded(result(f"s{number}", verdict), 2.0)
    watch.started("eve")
    clock.now += 3
    watch.started("zoe")
    watch.late("zoe")
    watch.started("ida")
    clock.now += 3
    lines = shown(console, watch)
    assert lines[0].startswith("done") and lines[0].endswith("120 of 200")
    assert lines[1:] == [
        "running    eve 6 s, ida 3 s",
        "verdicts   PASS 20   TIMEOUT 10",
        "as before  90",
        "once more  1 at the end, alone",
        "speed      27.3 per minute   0:02:56 left",
    ]
    watch.started("zoe")
    assert not any(line.startswith("once more") for line in shown(console, watch))


def test_a_narrow_terminal_cuts_the_names_not_the_table(console: Console) -> None:
    watch = Watch(console, 100, Clock())
    for number in range(64):
        watch.started(f"student{number}")
    for verdict in Verdict:
        watch.verdicts[verdict] = 10
    narrow = Console(file=io.StringIO(), force_terminal=True, width=50, color_system=None)
    lines = shown(narrow, watch)
    assert max(map(len, lines)) <= 50
    running = [line for line in lines if "student" in line]
    assert len(running) == 1 and running[0].endswith("…")
    assert all(f"{verdict.value.replace('_', ' ')} 10" in " ".join(lines) for verdict in Verdict)


def test_a_terminal_sees_the_table_live_and_the_rates_at_the_end() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100, color_system=None)
    with watched(console, 2) as watch:
        watch.started("ada")
        watch.reused("bob")
        watch.graded(result("ada", Verdict.PASS), 1.0)
    text = stream.getvalue()
    assert "running" in text and "2 of 2" in text and "as before  1" in text
    assert "\x1b[?25l" in text and text.index("\x1b[?25h") > text.index("\x1b[?25l")  # the cursor
    assert "3 / 7" in text
    last = text.rstrip().splitlines()[-1]
    assert "1 judged (PASS 1), " in last and last.endswith(" per minute; 1 as before")


def test_elsewhere_there_are_lines_only() -> None:
    stream = io.StringIO()
    with watched(Console(file=stream, width=100), 2) as watch:
        watch.reused("bob")
        watch.started("ada")
        watch.graded(result("ada", Verdict.NOT_ATTEMPTED), 1.0)
    text = stream.getvalue()
    assert "\x1b" not in text
    assert [line.split()[0] for line in text.splitlines()] == ["bob", "ada", "1"]


def test_nothing_to_judge_has_no_rates() -> None:
    stream = io.StringIO()
    with watched(Console(file=stream, width=100), 1) as watch:
        watch.reused("bob")
    assert stream.getvalue() == "bob                      as before\n"
