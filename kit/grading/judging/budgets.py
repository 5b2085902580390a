"""What a submission uses of its budgets: the claim in its source, and a count taken in the jail.

An assignment with budgets may hold `autograder/<slug>/budgets.py`, a function per budget, named
after it. Its parameters are graded functions, by name, or `report`, the bytes of the handed-in PDF;
it returns a number, or for a training `(taken, asked)`. It runs here, on proxies, as a test does,
and the counting itself happens in the jail. No point depends on any of it.
"""

import ast
import functools
import inspect
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kit.assignment import Assignment
from kit.bridge.errors import BridgeError, CellDied, RemoteError
from kit.bridge.session import Session
from kit.budget import Budget
from kit.errors import UsageError
from kit.grading.intake.intake import Submission
from kit.grading.intake.source_text import Remark, parse
from kit.grading.judging.jailed_code import JailedCode, Starter, death, raised
from kit.grading.judging.outcomes import MISFITS, Outcome
from kit.grading.results import Count, Verdict
from kit.testing import jailed

MOST = 10**15  # a larger number is no count
REPORT = "report"
NO_REPORT = "no report was handed in"
SEED = b"a count draws nothing that a student could not know"
_log = logging.getLogger(__name__)

Counter = Callable[..., Any]


def count(
    assignment: Assignment, submission: Submission, jail: Starter, source: str | None
) -> tuple[tuple[Count, ...], bool]:
    """The counts of all budgets, and whether the clock on the wall ended one.

    Each is taken in a process of its own, and in one without the student's code where it needs none
    of it. `source` is the text of `budgets.py`.

    Raises:
        UsageError: the source names what the manifest does not know.
        JailError: the jail itself does not work.
    """
    by_budget = counters(source or "", assignment)
    found, late = [], False
    for budget in assignment.budgets:
        one = Count(budget.id, claimed(budget, submission.files))
        if budget.id in by_budget:
            one, ended = _counted(one, by_budget[budget.id], assignment, submission, jail)
            late |= ended
        found.append(one)
    return tuple(found), late


def claimed(budget: Budget, files: Mapping[str, bytes]) -> int | None:
    """The number that a module states, read and never run; None where it states none."""
    module, _, name = budget.claim.partition(".")
    tree = parse(files.get(f"{module}.py", b""))
    values: list[ast.expr | None] = []
    for node in [] if isinstance(tree, Remark) else tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            values.append(getattr(node, "value", None))
    last = values[-1] if values else None
    stated = last.value if isinstance(last, ast.Constant) else None
    return stated if type(stated) is int and 0 <= stated <= MOST else None


@functools.lru_cache(maxsize=4)
def _compiled(source: str) -> Any:
    return compile(source, "budgets.py", "exec")


def counters(source: str, assignment: Assignment) -> dict[str, Counter]:
    """The functions of `budgets.py` by the id of their budget.

    Raises:
        UsageError: it cannot be run, or asks for what is not graded.
    """
    place: dict[str, Any] = {"__name__": "budgets"}
    try:
        exec(_compiled(source), place)  # noqa: S102  the author's own file, as a test is
    except Exception as error:
        raise UsageError(f"budgets.py cannot be used: {type(error).__name__}: {error}") from error
    ids = [budget.id for budget in assignment.budgets]
    found = {name: place[name] for name in ids if inspect.isfunction(place.get(name))}
    known = {*assignment.functions, REPORT}
    for name, counter in found.items():
        if strange := sorted(set(inspect.signature(counter).parameters) - known):
            raise UsageError(f"budgets.py: {name} asks for {strange[0]}, which is not graded")
    return found


def _counted(
    one: Count, counter: Counter, assignment: Assignment, submission: Submission, jail: Starter
) -> tuple[Count, bool]:
    """A claim with its count, or with the reason for none, and whether a busy clock was that."""
    wanted = set(inspect.signature(counter).parameters)
    files = submission.files if wanted - {REPORT} else {}
    code = JailedCode(assignment, files, jail)
    session = code.session()
    try:
        session.begin_question()
        if problem := _missing(wanted, code, submission, assignment):
            return replace(one, problem=problem), False
        arguments = {REPORT: submission.report, **code.functions}
        with jailed(session, SEED):
            answer = counter(**{name: arguments[name] for name in wanted})
        counted, asked = answer if type(answer) is tuple else (answer, None)
        if not all(_is_count(number) for number in (counted, 0 if asked is None else asked)):
            return replace(one, problem="what was counted is no number"), False
        return replace(one, counted=counted, asked=asked), False
    except (Exception, SystemExit) as error:
        outcome = _explained(error, session, one.budget)
        return replace(one, problem=outcome.plain), outcome.clock == "wall"
    finally:
        code.close()


def _is_count(number: Any) -> bool:
    return type(number) is int and 0 <= number <= MOST


def _missing(
    wanted: set[str], code: JailedCode, submission: Submission, assignment: Assignment
) -> str:
    """What a count asks for and a submission does not have; empty if it has it all."""
    if REPORT in wanted and not submission.report:
        return NO_REPORT
    owners = assignment.owners
    for name in sorted(wanted - {REPORT} - code.functions.keys()):
        problem = code.problems.get(owners[name])
        return problem.plain if problem else f"{owners[name]}.py has no function {name}"
    return ""


def _explained(error: Exception | SystemExit, session: Session, budget: str) -> Outcome:
    """Why a count failed, in our own words."""
    if session.dead and not isinstance(error, CellDied):
        try:
            session.ping()  # a session that is dead says why, again and again
        except BridgeError as end:
            error = end
    if isinstance(error, CellDied):
        return death(error)
    if isinstance(error, RemoteError):
        return raised(error)
    if isinstance(error, (AssertionError, *MISFITS)):
        return Outcome(Verdict.FAIL, plain="what came back has another form than asked for")
    _log.error("budgets.py: %s could not be counted", budget, exc_info=error)
    return Outcome(Verdict.GRADER_ERROR, plain="the grader could not count it")
