"""Points for ticks, in exact fractions; an answer in words waits for a person.

A single choice is all or nothing. A multiple choice is net-correct: right ticks minus wrong ticks,
not below zero, as a fraction of the number of right options.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kit.bank import Bank, WrittenQuestion
from kit.grading.marks.exact import fraction
from kit.grading.results import Answer
from kit.grading.written.key import Key, KeyAnswer


class State(StrEnum):
    """What became of an answer."""

    RIGHT = "right"
    PARTLY = "partly right"
    WRONG = "wrong"
    BLANK = "blank"
    OPEN = "open"  # a person has to look
    MARKED = "marked"  # a person has looked


@dataclass(frozen=True)
class Scored:
    """A written question of a submission: None where its points are open.

    `earlier` is what another answer to it got, where the student has changed it since.
    """

    question: WrittenQuestion
    answer: Answer
    state: State
    points: Fraction | None
    comment: str = ""
    earlier: str = ""


def score(bank: Bank, key: Key | None, answers: Sequence[Answer]) -> tuple[Scored, ...]:
    """Every question that a student answers; all are open where nothing was found, or no key is."""
    given = {answer.question: answer for answer in answers}
    return tuple(_scored(question, key, given.get(question.id)) for question in bank.asked)


def _scored(question: WrittenQuestion, key: Key | None, answer: Answer | None) -> Scored:
    if answer is None or key is None or answer.problem or not question.ticked:
        given = answer or Answer(question.id)
        return Scored(question, given, State.OPEN, None if question.points else Fraction(0))
    share = credit(question, key.of(question.id), answer.chosen)
    points = share * fraction(question.points)
    if answer.blank:
        return Scored(question, answer, State.BLANK, points)
    state = State.RIGHT if share == 1 else State.PARTLY if share else State.WRONG
    return Scored(question, answer, state, points)


def credit(question: WrittenQuestion, key: KeyAnswer, chosen: Iterable[str]) -> Fraction:
    """The share of the points that these ticks earn."""
    ticks, right = set(chosen), set(key.right)
    if question.kind == "single":
        accepted = right | set(key.accepted)
        return Fraction(len(ticks) == 1 and ticks <= accepted)
    net = len(ticks & right) - len(ticks - right)
    return Fraction(max(0, net), len(right))
