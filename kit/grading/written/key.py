"""PRIVATE: the key of a bank of written questions, `autograder/<slug>/key.toml`.

The right options, what else is accepted and why, explanations, and the rubric of what is answered
in words. It is read where marks are made and never travels with a submission or a release.
"""

from typing import Literal

from pydantic import Field

from kit.assignment import Assignment
from kit.bank import WrittenQuestion
from kit.errors import UsageError
from kit.paths import Workspace
from kit.toml_table import Table, read_table


class RubricLine(Table):
    """What an answer in words gets points for."""

    title: str
    points: float = Field(ge=0, le=1000)


class KeyAnswer(Table):
    """The key of one question; `accepted` are other options with full credit."""

    question: str
    right: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    status: Literal["", "ambiguous", "defective"] = ""
    note: str = ""  # for whoever marks
    explanation: str = ""  # for students, when the instructor says so
    rubric: tuple[RubricLine, ...] = ()


class Key(Table):
    """The key of a bank, question by question."""

    answers: tuple[KeyAnswer, ...] = Field(alias="answer", min_length=1)

    def of(self, question: str) -> KeyAnswer:
        """The key of a question; `load_key` has seen that there is one."""
        return next(one for one in self.answers if one.question == question)


def load_key(workspace: Workspace, assignment: Assignment) -> Key | None:
    """The key of an assignment; None without a bank, or where students are.

    Raises:
        UsageError: it is missing or does not fit the bank; the sentence names the file.
    """
    bank, path = assignment.written, workspace.key(assignment.slug)
    if bank is None or path is None:
        return None
    key = read_table(path, Key)
    listed = [one.question for one in key.answers]
    known = [one.id for one in bank.questions]
    for name in [*known, *listed]:
        if listed.count(name) != 1 or name not in known:
            problem = f"'{name}' has {listed.count(name)} answers here"
            raise UsageError(f"{path}: {problem}; each question of {known[0]} to {known[-1]} has 1")
    for question in bank.questions:
        if problem := _misfit(question, key.of(question.id)):
            raise UsageError(f"{path}: {question.id}: {problem}")
    return key


def _misfit(question: WrittenQuestion, answer: KeyAnswer) -> str:
    letters = {*answer.right, *answer.accepted}
    if strange := letters - set(question.letters):
        return f"there is no option {min(strange)}"
    if not question.ticked:
        total = sum(line.points for line in answer.rubric)
        if abs(total - question.points) > 1e-9:
            return f"its rubric adds up to {total:g} points, and it is worth {question.points:g}"
        return ""
    if answer.rubric:
        return "a rubric is for answers in words"
    if not answer.right or (question.kind == "single" and len(answer.right) > 1):
        return f"a {question.kind} question cannot have {len(answer.right)} right options"
    if question.shown and question.shown != answer.right:
        return "the example is answered otherwise in written.toml"
    if question.kind == "multiple" and answer.accepted:
        return "`accepted` is for single choices"
    if answer.status and not answer.note:
        return f"it is {answer.status}; the note must say why"
    return ""
