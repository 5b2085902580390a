"""The table that a student reads after a check: verdict, points and a sentence per question."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kit.assignment import Assignment
from kit.grading.results import QuestionResult, Verdict
from kit.student import public_tests, sources

_OPEN = " is not written yet"  # the end of a template's NotImplementedError
_FINE = (Verdict.PASS, Verdict.NOT_ATTEMPTED)
_STYLES = {Verdict.PASS: "green", Verdict.NOT_ATTEMPTED: "dim", Verdict.FAIL: "red"}


@dataclass(frozen=True)
class Progress:
    """What is known of the functions beside the verdicts.

    Which are not written, as `module.function`, and which ones a case is about, by its question and
    its own name.
    """

    unwritten: frozenset[str] = frozenset()
    asked: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, assignment: Assignment) -> "Progress":
        """What the files in `folder` tell, without running any.

        Raises:
            KitError: there are no public tests, or they cannot be read.
        """
        unwritten = sources.unwritten(folder, assignment)
        return cls(unwritten, public_tests.asked(folder.resolve(), assignment))


def render(
    results: Sequence[QuestionResult],
    console: Console,
    assignment: Assignment,
    progress: Progress,
) -> None:
    """Print the table, the totals of each group of questions, and what to do next."""
    said = {one.id: _said(one, _unwritten(one, assignment, progress)) for one in results}
    title = Text(f"{assignment.title}: public tests")
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    table.add_column("verdict", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("question, and what its tests say", overflow="fold", ratio=1)
    for result in results:
        table.add_row(
            Text(result.id),
            Text(result.verdict.replace("_", " "), style=_STYLES.get(result.verdict, "bold red")),
            Text(f"{result.points or 0:g}/{result.max_points:g}"),
            Text("\n").join(
                [Text(result.title, style="bold"), *(Text(f"- {text}") for text in said[result.id])]
            ),
        )
    console.print(table)
    console.print(Text(", ".join(totals(results, assignment))))
    console.print(Text(advice(results, assignment, progress)))


def _said(result: QuestionResult, unwritten: Sequence[str]) -> list[str]:
    """A sentence per failed case; what several cases say alike, such as a bad import, once."""
    failed = [case for case in result.cases if case.verdict is not Verdict.PASS]
    said = Counter(case.message for case in failed)
    lines = []
    for case in failed:
        alone = said[case.message] == 1 and case.verdict is not Verdict.NOT_ATTEMPTED
        if not case.message.endswith(_OPEN):
            lines.append(f"{case.title}: {case.message}" if alone else case.message)
    if unwritten:
        lines.append(f"not written yet: {', '.join(unwritten)}")
    return list(dict.fromkeys(lines))


def _unwritten(result: QuestionResult, assignment: Assignment, progress: Progress) -> list[str]:
    """The question's functions that are not written, and any other whose placeholder a test met."""
    said = (case.message for case in result.cases if case.verdict is Verdict.NOT_ATTEMPTED)
    met = [text.removesuffix(_OPEN) for text in said if text.endswith(_OPEN)]
    graded = assignment.question(result.id).graded
    own = [_bare(name) for name in graded if name in progress.unwritten]
    return list(dict.fromkeys([*own, *(name for name in met if name.partition(".")[0] not in own)]))


def _bare(name: str) -> str:
    return name.partition(".")[2]


def failed(results: Sequence[QuestionResult]) -> bool:
    """Whether something is wrong; what is merely not written yet is not."""
    return any(one.verdict not in _FINE for one in results)


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


def advice(results: Sequence[QuestionResult], assignment: Assignment, progress: Progress) -> str:
    """One sentence on what to do next."""
    open_ = [result for result in results if result.verdict is not Verdict.PASS]
    if not open_:
        return (
            "Every public test passes. The hidden tests try more cases: read the docstrings once "
            "more, then `python -m kit pack` makes the hand-in."
        )
    # What is started comes before what is not: of two exercises a student may want only one.
    started = [result for result in open_ if result.verdict is not Verdict.NOT_ATTEMPTED]
    result = (started or open_)[0]
    names = _wrong(result, assignment, progress)
    if not started:
        graded = assignment.question(result.id).graded
        names = [name for name in graded if name in progress.unwritten]
    verb = "correct" if started else "write"
    return f"Next, {result.id}: {verb} {', '.join(names) or 'it'}, then run the check again."


def _wrong(result: QuestionResult, assignment: Assignment, progress: Progress) -> list[str]:
    """The written functions that the failed cases of a question are about."""
    cases = [case for case in result.cases if case.verdict not in _FINE]
    asked = {name for case in cases for name in progress.asked.get((result.id, case.name), ())}
    graded = assignment.question(result.id).graded
    return [name for name in graded if _bare(name) in asked and name not in progress.unwritten]
