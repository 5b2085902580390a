"""The public tests on a student's own code, in this process: `python -m kit check`, and pytest.

No jail: the code is the student's and so is the machine. A loop that never ends is ended by
Ctrl-C. Points here are those of the public tests; hidden tests hold the rest.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kit.assignment import Assignment, load
from kit.grading.judging import outcomes
from kit.grading.judging.cases import question_result, run_file, unbound
from kit.grading.judging.outcomes import PASSED, Outcome
from kit.grading.judging.tests_on_disk import TestCase, TestSource
from kit.grading.results import QuestionResult, Verdict
from kit.paths import find_workspace
from kit.raised import described, place
from kit.student.code import Code, Stopped, import_code, imports_restored
from kit.student.public_tests import parsed, public
from kit.student.table import render
from kit.testing import CheckFailed

# What Python says of a call with other arguments than a function or a method takes.
_MISCALLED = re.compile(r"TypeError: ((\w+)[\w.<>]*)\(\) (?:missing|takes|got)\b")

__all__ = ["Case", "cases", "check", "render"]


def check(
    folder: Path,
    assignment: Assignment,
    questions: Sequence[str] | None = None,
    on_question: Callable[[str], None] | None = None,
) -> list[QuestionResult]:
    """Run the public tests of `assignment` on the modules in `folder`, question by question.

    `questions` are the ids to run, by default all; `on_question` is told each id before it runs.

    Raises:
        KitError: there are no public tests, or no such question.
        Stopped: the student pressed Ctrl-C.
    """
    folder = folder.resolve()
    wanted = [assignment.question(name).id for name in questions or ()]
    sources = [s for s in public(folder, assignment) if s.question in wanted or not wanted]
    results: list[QuestionResult] = []
    needed = {name for source in sources for c in parsed(source)[1] for name in c.parameters}
    with imports_restored(assignment.modules):
        code = import_code(folder, assignment, needed)
        for source in sources:
            if on_question is not None:
                on_question(source.question)
            try:
                results.append(_question(source, assignment, code))
            except KeyboardInterrupt as stop:
                raise _stopped(source.question, results, place(stop, folder)) from None
    return results


def _stopped(question: str, results: Sequence[QuestionResult], where: str) -> Stopped:
    at = f", in {where}" if where else ""
    done = ", ".join(f"{r.id} {r.verdict.replace('_', ' ')}" for r in results) or "nothing"
    return Stopped(f"stopped by Ctrl-C while {question} ran{at}; finished before it: {done}")


def _question(source: TestSource, assignment: Assignment, code: Code) -> QuestionResult:
    question = assignment.question(source.question)
    file, cases = parsed(source)

    def before(case: TestCase) -> Outcome | None:
        return unbound(case, code.functions, code.owners, code.problems)

    def explain(case: TestCase, error: Exception | SystemExit) -> Outcome:
        return explained(error, code)

    score = run_file(file, cases, code.functions, before, explain)
    return question_result(question.id, question.title, score.max_points, [score])


def explained(error: Exception | SystemExit, code: Code) -> Outcome:
    """What an exception in a test means, which ran on the student's `code`."""
    where = place(error, code.folder)
    if isinstance(error, NotImplementedError):
        text = described(error).removeprefix("NotImplementedError").lstrip(": ")
        return Outcome(Verdict.NOT_ATTEMPTED, outcomes.sentence(text) or "not written yet")
    if isinstance(error, CheckFailed) or (isinstance(error, AssertionError) and not where):
        return outcomes.check_failed(error)
    called = _MISCALLED.match(described(error))
    if called and not where and called[2] in code.functions:
        text = f"{called[1]} cannot be called as its docstring says: {error}"
        return Outcome(Verdict.ERROR, outcomes.sentence(text))
    if isinstance(error, outcomes.MISFITS) and not where:
        return outcomes.misfit(error)
    if not where:
        return outcomes.broken(f"the test raised {outcomes.sentence(described(error))}")
    verdict = Verdict.MEMORY if isinstance(error, MemoryError) else Verdict.ERROR
    return Outcome(verdict, f"{outcomes.sentence(described(error))} ({where})")


@dataclass(frozen=True)
class Case:
    """One public case for pytest, which shows `str(case)` as its name."""

    folder: Path
    slug: str
    source: TestSource
    case: TestCase

    def __str__(self) -> str:
        return f"{self.source.question}-{self.case.name}"

    def run(self) -> None:
        """Run the case; a failure is one sentence, without a traceback of the kit's."""
        import pytest  # only this door needs it

        outcome = self._outcome()
        if outcome.verdict is not Verdict.PASS:
            word = outcome.verdict.replace("_", " ")
            pytest.fail(f"{word}: {self.case.title}: {outcome.message}", pytrace=False)

    def _outcome(self) -> Outcome:
        code = _code_for_pytest(self.folder, self.slug)
        outcome = unbound(self.case, code.functions, code.owners, code.problems)
        if outcome is not None:
            return outcome
        try:
            self.case.function(**{name: code.functions[name] for name in self.case.parameters})
        except (Exception, SystemExit) as error:
            return explained(error, code)
        return PASSED


@cache
def _code_for_pytest(folder: Path, slug: str) -> Code:
    return import_code(folder, load(slug, find_workspace(folder)))


def cases(folder: Path) -> list[Case]:
    """Every public case of the released `folder`, for `pytest.mark.parametrize`."""
    folder = folder.resolve()
    workspace = find_workspace(folder)
    slug = workspace.resolve(None)
    sources = public(folder, load(slug, workspace))
    return [Case(folder, slug, source, case) for source in sources for case in parsed(source)[1]]
