"""Running an otter test file case by case, with a verdict and a sentence for each.

Otter runs the cases and scores them; each case's body is wrapped so that we learn what it raised.
Where the code under test lives, in a jail or in this process, is the caller's affair: it says
what stops a case before it starts and what an exception means.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.grading.judging.outcomes import PASSED, Outcome, broken
from kit.grading.judging.tests_on_disk import TestCase
from kit.grading.results import CaseResult, QuestionResult, Verdict, worst
from kit.testing.meter import within_case


class NotPassed(Exception):
    """Tells otter that a case did not pass; the outcome is recorded elsewhere."""


Before = Callable[[TestCase], Outcome | None]
Explain = Callable[[TestCase, Exception | SystemExit], Outcome]


@dataclass(frozen=True)
class FileScore:
    """One test file after its run: its cases, and the points that otter gives the whole."""

    points: float
    max_points: float
    cases: tuple[CaseResult, ...]


def run_file(
    file: Any,
    cases: tuple[TestCase, ...],
    environment: Mapping[str, Any],
    before: Before,
    explain: Explain,
) -> FileScore:
    """Let otter run the cases of `file` on `environment` and score them.

    A `SystemExit` counts as an exception; `KeyboardInterrupt` is the user's and comes through.
    """
    outcomes: list[Outcome] = []
    for case, otter_case in zip(cases, file.test_cases, strict=True):
        label = f"{file.path}:{case.name}"
        otter_case.body.test_func = _watched(label, case, before, explain, outcomes)
    file.run(dict(environment))
    results = tuple(
        _case_result(case, outcome, passed=result.passed)
        for case, outcome, result in zip(cases, outcomes, file.test_case_results, strict=True)
    )
    return FileScore(float(file.score), float(file.possible), results)


def _watched(
    label: str, case: TestCase, before: Before, explain: Explain, outcomes: list[Outcome]
) -> Callable[..., None]:
    @functools.wraps(case.function)  # otter reads the parameters' names off the function
    def run(**arguments: Any) -> None:
        outcome = before(case)
        if outcome is None:
            with within_case(label):
                outcome = _run(case, arguments, explain)
        outcomes.append(outcome)
        if outcome.verdict is not Verdict.PASS:
            raise NotPassed(outcome.verdict)

    return run


def _run(case: TestCase, arguments: dict[str, Any], explain: Explain) -> Outcome:
    try:
        case.function(**arguments)
    except (Exception, SystemExit) as error:
        return explain(case, error)
    return PASSED


def _case_result(case: TestCase, outcome: Outcome, *, passed: bool) -> CaseResult:
    points: float | None = case.points if passed else 0.0
    if outcome.verdict is Verdict.GRADER_ERROR:
        points = None
    message = outcome.message
    if case.hidden and not passed:
        hint = "" if points is None else case.hint  # it is for whoever has something to mend
        parts = filter(None, [outcome.plain, hint])
        message = "; hint: ".join(parts) or "what is asked for does not hold"
    return CaseResult(
        case.name, case.title, points, case.points, case.hidden, outcome.verdict, message
    )


def unbound(
    case: TestCase,
    environment: Mapping[str, Any],
    owners: Mapping[str, str],
    problems: Mapping[str, Outcome],
) -> Outcome | None:
    """Why a case cannot get the functions it asks for; None if it can.

    `owners` maps each graded function to its module, `problems` a module to why it is not there.
    """
    for name in case.parameters:
        if name in environment:
            continue
        if name not in owners:
            return broken(f"{case.name} asks for {name}, which no question grades")
        module = owners[name]
        missing = f"{module}.py has no function {name}"
        return problems.get(module) or Outcome(Verdict.MISSING, missing, missing)
    return None


def question_result(
    identifier: str, title: str, points: float, scores: list[FileScore]
) -> QuestionResult:
    """A question from the scores of its files: open if any case is, else what otter gave."""
    cases = tuple(case for score in scores for case in score.cases)
    verdict = worst(case.verdict for case in cases)
    earned = None if verdict is Verdict.GRADER_ERROR else sum(score.points for score in scores)
    return QuestionResult(identifier, title, earned, points, verdict, cases)
