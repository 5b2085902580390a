"""Every submission of the corpus gets what its header says, in every tier of this machine."""

import contextlib
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from corpus import TIERS, Case, cases
from examiner import SECRET, Examiner

from kit.grading.judge import question_seed
from kit.grading.results import SubmissionResult
from kit.jail import available
from kit.testing import jailed, rng

CORPUS = cases()
CONFINED = [tier for tier in TIERS if tier != "unconfined"]
MOST_GROWTH_MB = 300  # an answer may be large, as one that is compared; a bomb is larger
FULL_MARKS = {"h1_softmax": 3.0, "h2_torch": 5.0}

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


@pytest.fixture(scope="module")
def examiner(request):
    """A grader in the tier that the test is run in."""
    if (reason := available(request.param)) is not None:
        pytest.skip(f"{request.param}: {reason}")
    with Examiner(request.param) as running:
        yield running


def by_tier(chosen):
    """One test for each tier and case."""
    return pytest.mark.parametrize(
        ("examiner", "case"),
        [
            pytest.param(tier, case, id=f"{tier}-{case}", marks=_marks(case))
            for tier in CONFINED
            for case in chosen
        ],
        indirect=["examiner"],
        scope="module",
    )


def _marks(case: Case) -> list[pytest.MarkDecorator]:
    return [pytest.mark.slow] if case.header.slow else []


@by_tier(CORPUS)
def test_a_submission_gets_what_its_header_says(examiner: Examiner, case: Case):
    if examiner.tier not in case.header.tiers:
        pytest.skip(f"{case} is not for the tier {examiner.tier}")
    with growth() as grown:
        for _ in range(case.header.repeat):
            check(examiner.grade(case), case, examiner.tier)
    assert grown() < MOST_GROWTH_MB
    assert examiner.world.changed() == []
    honest = examiner.grade_honest(case.header.assignment)
    assert (honest.verdict.value, honest.points) == ("PASS", FULL_MARKS[case.header.assignment])
    assert examiner.strays() == 0
    assert examiner.bait.marks() == []


@contextlib.contextmanager
def growth() -> Iterator[Callable[[], float]]:
    """How many MB the grader's own process took at most within this context, over what it had."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    before = memory_mb("VmRSS")
    yield lambda: memory_mb("VmHWM") - before


def memory_mb(name: str) -> float:
    """A line of what the kernel knows of this process's memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


@pytest.mark.parametrize("name", ["T11_imported_solution", "T26_solution_read_from_disk"])
def test_without_a_jail_an_attack_gets_through(name: str):
    """What this file asks of a grader is not met by one that confines nothing."""
    case = next(case for case in CORPUS if case.name == name)
    with Examiner("unconfined") as naked:
        with pytest.raises(AssertionError):
            check(naked.grade(case), case, naked.tier)
        assert naked.world.changed() == []


def test_without_a_jail_results_can_be_written():
    case = next(case for case in CORPUS if case.name == "T19_results_and_exit")
    with Examiner("unconfined") as naked:
        check(naked.grade(case), case, naked.tier)
        assert naked.world.changed() == ["results/junit.xml", "results/results.json"]


def test_a_process_left_behind_is_noticed():
    with Examiner("unconfined") as naked:
        naked.grade_honest("h1_softmax")
        assert naked.strays() == 0
        with subprocess.Popen(["sleep", "60"]) as left:
            assert naked.strays() == 1
            left.kill()


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
