"""The judge: otter's own test files run here, in the trusted process, on proxies of the functions.

What a student wrote runs in the jail and nowhere else; only values come back. Otter loads and
scores the tests; this module sets the seeds, keeps one failure to one question, and puts a
verdict on every case. It imports no framework, and it never takes points for a fault of its own.
"""

import functools
import hashlib
import hmac
import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.assignment import Assignment, Question
from kit.bridge.errors import CellDied, RemoteError
from kit.bridge.session import Session
from kit.errors import UsageError
from kit.grading.judging.cases import FileScore, question_result, run_file, unbound
from kit.grading.judging.jailed_code import JailedCode, Starter, death, raised
from kit.grading.judging.outcomes import MISFITS, Outcome, broken, check_failed, misfit
from kit.grading.judging.tests_on_disk import TestCase, TestSet, TestSource, cases_of, parse
from kit.grading.results import CaseResult, QuestionResult, Verdict
from kit.testing import jailed

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Judgement:
    """The results of a submission's questions; `late` names those that the clock on the wall ended.

    The machine may have been busy, so what is late is to be judged once more before it counts;
    processor time is no such excuse.
    """

    questions: tuple[QuestionResult, ...]
    late: tuple[str, ...]


def judge(
    assignment: Assignment,
    files: dict[str, bytes],
    jail: Starter,
    secret: bytes,
    tests: TestSet,
    questions: Sequence[str] | None = None,
) -> tuple[QuestionResult, ...]:
    """Run the tests of every question (or of `questions`), again at once if the clock ran out.

    Takes and raises what `judge_once` does.
    """
    first = judge_once(assignment, files, jail, secret, tests, questions)
    if first.late:
        return judge_once(assignment, files, jail, secret, tests, questions).questions
    return first.questions


def judge_once(
    assignment: Assignment,
    files: dict[str, bytes],
    jail: Starter,
    secret: bytes,
    tests: TestSet,
    questions: Sequence[str] | None = None,
) -> Judgement:
    """Run the tests of every question (or of `questions`) on the modules in `files`.

    Args:
        assignment: the manifest.
        files: the submission, by file name; `compression.py` is module `compression`.
        jail: where its code runs.
        secret: the course's; inputs are drawn from it, the same for every student.
        tests: the test files.
        questions: ids; by default all.

    Raises:
        JailError: the jail itself does not work; no result of this submission may be used.
    """
    submission = JailedCode(assignment, files, jail)
    owners = assignment.owners
    runs = [
        _QuestionRun(q, submission, owners, question_seed(secret, assignment.slug, q.id))
        for q in assignment.questions
        if questions is None or q.id in questions
    ]
    try:
        with tests.importable_oracle():
            for hidden in (False, True):
                for run in runs:
                    run.judge([one for one in tests.of(run.question.id) if one.hidden is hidden])
    finally:
        submission.close()
    late = tuple(run.question.id for run in runs if run.late)
    return Judgement(tuple(run.result() for run in runs), late)


def question_seed(secret: bytes, slug: str, question: str) -> bytes:
    """The seed of a question's inputs: the same for every student, unknown without `secret`."""
    return hmac.new(secret, f"{slug}|{question}".encode(), hashlib.sha256).digest()


class _QuestionRun:
    """One question's test files, its public ones first; remembers how its process died, if it did.

    All public files of a submission run before the first hidden one: a public case may quote the
    submission, which must not have seen a hidden input by then.
    """

    def __init__(
        self, question: Question, submission: JailedCode, owners: Mapping[str, str], seed: bytes
    ) -> None:
        self.question = question
        self._submission, self._owners, self._seed = submission, owners, seed
        self._session: Session
        self._death: Outcome | None = None
        self._scores: list[FileScore] = []
        self.late = False

    def judge(self, sources: Sequence[TestSource]) -> None:
        """Run these files and keep their scores."""
        if sources:
            self._scores += self._pass(sources)

    def _pass(self, sources: Sequence[TestSource]) -> list[FileScore]:
        self._session = self._submission.session()
        self._session.begin_question()
        with jailed(self._session, self._seed):
            return [self._file(source) for source in sources]

    def result(self) -> QuestionResult:
        """The question's result; a fault of the tests is a GRADER_ERROR without points."""
        question, scores = self.question, self._scores
        total = sum(score.max_points for score in scores)
        failed = any(c.verdict is Verdict.GRADER_ERROR for score in scores for c in score.cases)
        if not failed and abs(total - question.points) > 1e-9:
            what = f"the cases of {question.id} add up to {total:g} points, not {question.points:g}"
            _tell(what)
            scores.append(_no_score(question, f"{question.id}.py", broken(what), hidden=False))
        return question_result(question.id, question.title, question.points, scores)

    def _file(self, source: TestSource) -> FileScore:
        try:
            file = parse(source)
            cases = cases_of(source, file)
        except (Exception, SystemExit) as error:
            _tell_once(f"the test file {source.label} cannot be used", error)
            said = str(error) if isinstance(error, UsageError) else type(error).__name__
            outcome = broken(f"{source.label} cannot be used ({said})")
            return _no_score(self.question, source.label, outcome, hidden=source.hidden)
        environment: dict[str, Any] = dict(self._submission.functions)
        return run_file(file, cases, environment, self._before, self._explain)

    def _before(self, case: TestCase) -> Outcome | None:
        if self._death is not None:
            return self._death
        submission = self._submission
        outcome = unbound(case, submission.functions, self._owners, submission.problems)
        self.late |= outcome is not None and outcome.clock == "wall"
        return outcome

    def _explain(self, case: TestCase, error: Exception | SystemExit) -> Outcome:
        if isinstance(error, CellDied) or self._session.dead:
            return self._died(error)
        if isinstance(error, RemoteError):
            return raised(error)
        if isinstance(error, AssertionError):
            return check_failed(error)
        if isinstance(error, MISFITS) and not _in_oracle(error):
            return misfit(error)
        _tell_once(f"{self.question.id}: {case.name} failed in the grader", error)
        return broken(f"{case.name} raised {type(error).__name__}")

    def _died(self, error: Exception | SystemExit) -> Outcome:
        if self._death is None:
            self._death = death(error if isinstance(error, CellDied) else self._end(error))
            self.late |= self._death.clock == "wall"
        return self._death

    def _end(self, error: Exception | SystemExit) -> Exception | SystemExit:
        """How the process ended, where a test made an error of its own of it."""
        try:
            self._session.ping()  # a session that is dead says why, again and again
        except CellDied as end:
            return end
        except RemoteError:
            pass
        return error


def _tell_once(what: str, error: BaseException) -> None:
    """Log a fault of ours with its traceback, once and not for every submission."""
    _tell(f"{what}\n{''.join(traceback.format_exception(error)).rstrip()}")


@functools.cache
def _tell(text: str) -> None:
    _log.error("%s", text)


def _in_oracle(error: BaseException) -> bool:
    frames = traceback.extract_tb(error.__traceback__)
    return any(frame.filename == "oracle.py" for frame in frames)


def _no_score(question: Question, name: str, outcome: Outcome, *, hidden: bool) -> FileScore:
    """A score that leaves the question open."""
    title = f"the tests of {question.id}"
    points = question.points
    case = CaseResult(name, title, None, points, hidden, outcome.verdict, outcome.message)
    return FileScore(0.0, points, (case,))
