"""The table that a student reads after a check: verdict, points and a sentence per question."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.assignment import Assignment
from kit.grading.results import QuestionResult, Verdict

_STYLES = {Verdict.PASS: "green", Verdict.NOT_ATTEMPTED: "dim", Verdict.FAIL: "red"}


def render(results: Sequence[QuestionResult], console: Console, assignment: Assignment) -> None:
    """Print the table, the totals of each group of questions, and what to do next."""
    table = Table(title=Text(f"{assignment.title}: public tests"), title_justify="left")
    for heading, justify in (("question", "left"), ("verdict", "left"), ("points", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    table.add_column("what the tests say", overflow="fold", ratio=1)
    for result in results:
        table.add_row(
            Text(f"{result.id}  {result.title}"),
            Text(result.verdict.replace("_", " "), style=_STYLES.get(result.verdict, "bold red")),
            Text(f"{result.points or 0:g}/{result.max_points:g}"),
            Text(_said(result)),
        )
    console.print(table)
    console.print(Text(", ".join(totals(results, assignment))))
    console.print(Text(advice(results, assignment)))


def _said(result: QuestionResult) -> str:
    """A sentence per failed case; what several cases say alike, such as a bad import, once."""
    failed = [case for case in result.cases if case.verdict is not Verdict.PASS]
    said = Counter(case.message for case in failed)
    lines = []
    for case in failed:
        alone = said[case.message] == 1 and case.verdict is not Verdict.NOT_ATTEMPTED
        lines.append(f"{case.title}: {case.message}" if alone else case.message)
    return "\n".join(dict.fromkeys(lines))


def totals(results: Sequence[QuestionResult], assignment: Assignment) -> list[str]:
    """`exercise1 12/16` for each group of questions, `total` for those of no group."""
    sums: dict[str, tuple[float, float]] = {}
    for result in results:
        group = assignment.question(result.id).group or "total"
        points, of = sums.get(group, (0.0, 0.0))
        sums[group] = (points + (result.points or 0.0), of + result.max_points)
    if len(sums) > 1 and "total" in sums:
        sums = {("other questions" if g == "total" else g): value for g, value in sums.items()}
    return [f"{group} {points:g}/{of:g}" for group, (points, of) in sums.items()]


def advice(results: Sequence[QuestionResult], assignment: Assignment) -> str:
    """One sentence on what to do next."""
    open_ = [result for result in results if result.verdict is not Verdict.PASS]
    if not open_:
        return (
            "Every public test passes. The hidden tests try more cases: read the docstrings once "
            "more, then `python -m kit pack` makes the hand-in."
        )
    # What is started comes before what is not: of two exercises a student may want only one.
    started = [result for result in open_ if result.verdict is not Verdict.NOT_ATTEMPTED]
    question = assignment.question((started or open_)[0].id)
    names = ", ".join(question.graded)
    verb = "correct" if started else "write"
    return f"Next, {question.id}: {verb} {names}, then run the check again."
