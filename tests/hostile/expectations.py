"""What must hold of every result: what its header says, and nothing that came from inside."""

import re

import numpy as np
from corpus import Case
from examiner import SECRET

from kit.grading.judging.judge import question_seed
from kit.grading.results import SubmissionResult
from kit.testing import jailed, rng

# All that a hidden case may say: nothing in it is of the submission's choosing.
EXCEPTION = r"([A-Z]\w*(Error|Exception|Interrupt|Exit|Iteration|Warning)|an exception of its own)"
DEATH = (
    r"(the code took too (long|much memory) and was stopped"
    r"|the process that ran the code ended before it answered)"
)
HIDDEN_SENTENCE = re.compile(
    r"(|what is asked for does not hold|what came back has another form than asked for"
    rf"|not written yet|(importing answers\.py: )?(it raised {EXCEPTION}|{DEATH})"
    rf"|answers\.py cannot be imported \({EXCEPTION}\)"
    r"|answers\.py (was not handed in|has no function \w+))"
)
HINTS = (
    *("Which axis is summed?", "Twice every value.", "Which side is transposed?"),
    "From zero, with a rate of one tenth.",
)


def check(result: SubmissionResult, case: Case, tier: str) -> None:
    """Compare a result with the case's header, and look for what must be in none."""
    expected = case.expected(tier)
    told = "; ".join(f"{c.name}: {c.message}" for q in result.questions for c in q.cases)
    assert {question.id: question.points for question in result.questions} == expected.points, told
    assert result.verdict.value in expected.verdicts, told
    assert result.tier == (tier if result.questions else "")
    assert set(case.header.findings) <= {finding.kind for finding in result.findings}
    no_hidden_word(result)
    no_hidden_number(result)


def no_hidden_word(result: SubmissionResult) -> None:
    """What a hidden case says is of a closed list."""
    for question in result.questions:
        for case in question.cases:
            if case.hidden:
                said = case.message
                for hint in HINTS:
                    said = said.removesuffix(f"; hint: {hint}")
                assert said in HINTS or HIDDEN_SENTENCE.fullmatch(said), said


def hidden_numbers() -> set[str]:
    """The first digits of every input that h1's hidden tests draw."""
    inputs: list[float] = []
    for question, label, size in (("q1", "logits", (4, 5)), ("q2", "values", 7)):
        with jailed(_Nobody(), question_seed(SECRET, "h1_softmax", question)):
            scale = 3.0 if question == "q1" else 1.0
            inputs += np.ravel(rng(label).normal(scale=scale, size=size)).tolist()
    return {f"{abs(number):.12f}".replace(".", "").lstrip("0")[:6] for number in inputs}


class _Nobody:
    """A session with nothing behind it."""

    def seed(self, number: int) -> None:
        """Nothing to seed."""


def no_hidden_number(result: SubmissionResult) -> None:
    """No hidden input is to be read anywhere in a result."""
    texts = [case.message for question in result.questions for case in question.cases]
    texts += [finding.text for finding in result.findings]
    digits = re.sub(r"[^0-9]+", " ", " ".join(texts).replace(".", ""))
    assert [number for number in HIDDEN_NUMBERS if number in digits] == []


HIDDEN_NUMBERS = hidden_numbers()
