"""A feedback page per student: one HTML file that needs nothing else, no script, no network.

Everything that a student wrote, names included, is escaped by the template engine.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.assignment import Assignment
from kit.files import write_text
from kit.grading.handed_out.suggestions import suggestions
from kit.grading.marks.exact import rounded, shown
from kit.grading.marks.marks import Mark, counted_groups, group_title, sum_of
from kit.grading.results import QuestionResult, SubmissionResult, Verdict
from kit.grading.written.key import Key, KeyAnswer
from kit.grading.written.scoring import Scored, State

PAGES = Path(__file__).parent / "pages"
MEANING = {
    Verdict.PASS: "",
    Verdict.FAIL: "",
    Verdict.NOT_ATTEMPTED: "The function still raises NotImplementedError, as in the template.",
    Verdict.MISSING: "No file that was handed in defines a function of this name.",
    Verdict.ERROR: "The code raised an error.",
    Verdict.TIMEOUT: "The code did not end within its time.",
    Verdict.MEMORY: "The code used more memory than it may.",
    Verdict.CRASH: "The process that ran the code ended.",
    Verdict.GRADER_ERROR: "The grader failed, not the submission. No points are lost by this.",
}
LABEL = {verdict: verdict.value.replace("_", " ").lower() for verdict in Verdict}


@dataclass(frozen=True)
class QuestionRow:
    """A question as the page shows it; one with some points is called partly right."""

    result: QuestionResult
    points: float | None
    counts: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.result, name)

    @property
    def partly(self) -> bool:
        """Whether some of the points were earned."""
        return self.result.verdict is not Verdict.PASS and bool(self.points)

    @property
    def label(self) -> str:
        """The words on the badge."""
        plain = self.partly and self.result.verdict is Verdict.FAIL
        return "partly right" if plain else LABEL[self.result.verdict]

    @property
    def style(self) -> str:
        """The badge's colour class."""
        return "PART" if self.partly else self.result.verdict.value

    @property
    def opened(self) -> bool:
        """Whether the cases are unfolded at first: where something was tried and is not right."""
        untried = (Verdict.PASS, Verdict.NOT_ATTEMPTED, Verdict.MISSING)
        return self.counts and self.result.verdict not in untried


@dataclass(frozen=True)
class GroupRows:
    """The questions of a group and whether it counts."""

    title: str
    questions: tuple[QuestionRow, ...]
    points: float | None
    max_points: float
    counts: bool
    chosen_from: bool


@dataclass(frozen=True)
class WrittenRow:
    """A written question as the page shows it; what the key says only where it may be seen."""

    scored: Scored
    key: KeyAnswer | None

    @property
    def points(self) -> float | None:
        """The points, as a number to show."""
        points = self.scored.points
        return None if points is None else rounded(points)

    @property
    def style(self) -> str:
        """The badge's colour class."""
        part = "PASS" if self.points == self.scored.question.points else "PART"
        styles = {State.RIGHT: "PASS", State.WRONG: "FAIL", State.BLANK: "NOT_ATTEMPTED"}
        return styles.get(self.scored.state, part if self.points else "NOT_ATTEMPTED")

    @property
    def given(self) -> str:
        """What was answered."""
        question, answer = self.scored.question, self.scored.answer
        texts = dict(zip(question.letters, question.options, strict=True))
        return answer.text or _options(texts, answer.chosen)

    @property
    def right(self) -> str:
        """What the key says is right; empty where it may not be seen."""
        question = self.scored.question
        texts = dict(zip(question.letters, question.options, strict=True))
        return "" if self.key is None else _options(texts, self.key.right)


def _options(texts: Mapping[str, str], letters: Sequence[str]) -> str:
    return "; ".join(f"{letter}: {texts[letter]}" for letter in letters)


def write_feedback(
    path: Path,
    assignment: Assignment,
    result: SubmissionResult,
    mark: Mark,
    key: Key | None = None,
) -> Path:
    """Write the page of one submission; with a key it shows what it says."""
    error = ""
    if not result.questions:
        error = next((one.text for one in result.findings if one.kind == "intake"), "")
    page = templates().get_template("feedback.html.j2")
    text = page.render(
        assignment=assignment,
        result=result,
        mark=mark,
        groups=_groups(assignment, result, mark),
        written=[WrittenRow(one, key.of(one.question.id) if key else None) for one in mark.written],
        budgets=suggestions(assignment, result.budgets),
        error=error,
        headline=_headline(result),
        label=LABEL,
        meaning=MEANING,
    )
    return write_text(path, text)


def _headline(result: SubmissionResult) -> str:
    """The word beside the student's name."""
    partly = result.verdict is Verdict.FAIL and bool(result.points)
    return "partly right" if partly else LABEL[result.verdict]


@functools.cache
def templates() -> Any:
    """The environment of the pages: escaping on, an unknown name is an error."""
    import jinja2  # only whoever writes pages needs it

    loader = jinja2.FileSystemLoader(PAGES)
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = _points
    environment.filters["percent"] = _percent
    return environment


def _points(value: float | None) -> str:
    return "open" if value is None else shown(value)


def _percent(value: float | None, most: float) -> str:
    share = (value or 0.0) / most if most else 0.0
    return f"{100 * min(1.0, max(0.0, share)):.1f}"


def _groups(assignment: Assignment, result: SubmissionResult, mark: Mark) -> list[GroupRows]:
    counts = counted_groups(assignment, mark.questions)
    choosable = {group for choice in assignment.choices for group in choice.groups}
    known = {question.id: question for question in result.questions}
    groups = []
    for group in dict.fromkeys(question.group for question in assignment.questions):
        rows = tuple(
            QuestionRow(known[question.id], mark.questions[question.id], group in counts)
            for question in assignment.questions
            if question.group == group and question.id in known
        )
        if rows:
            groups.append(
                GroupRows(
                    title=group_title(group),
                    questions=rows,
                    points=sum_of(assignment, group, mark.questions),
                    max_points=assignment.group_points(group),
                    counts=group in counts,
                    chosen_from=group in choosable,
                )
            )
    return groups
