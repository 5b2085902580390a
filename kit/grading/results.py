"""What grading found out about one submission: verdicts, points and sentences, as JSON on disk.

A result holds no duration and no clock time, so that grading the same files again gives the same
bytes. Points are None where the grader itself failed: that is nobody's zero. Marks that depend on
more than one submission's tests (choices, penalties, lateness) are made in `kit.grading.marks`.
"""

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from kit.errors import KitError
from kit.files import sha256

SCHEMA = 1  # raise it when a field changes its meaning; older files are then refused by name

Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Verdict(StrEnum):
    """What became of a case, a question or a submission; the worst comes last."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    NOT_ATTEMPTED = "NOT_ATTEMPTED"  # the template's NotImplementedError is still there
    FAIL = "FAIL"  # it ran, and what it returned is not what was asked
    MISSING = "MISSING"  # no handed-in file has a function of that name
    ERROR = "ERROR"  # the student's code raised
    TIMEOUT = "TIMEOUT"
    MEMORY = "MEMORY"
    CRASH = "CRASH"  # its process ended: a segmentation fault, os._exit, a broken protocol
    GRADER_ERROR = "GRADER_ERROR"  # our fault; points stay open


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a whole from those of its parts: PASS only if all pass (or there are none)."""
    order = list(Verdict)
    return max(verdicts, key=order.index, default=Verdict.PASS)


@dataclass(frozen=True)
class CaseResult:
    """One test case: `name` is its function, `title` the sentence that a student reads."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: str
    title: str
    points: Points | None
    max_points: Points
    hidden: bool
    verdict: Verdict
    message: str


@dataclass(frozen=True)
class QuestionResult:
    """One question, its public cases before its hidden ones."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    title: str
    points: Points | None
    max_points: Points
    verdict: Verdict
    cases: tuple[CaseResult, ...]


@dataclass(frozen=True)
class Finding:
    """Something a person should look at: a rejected file, a suspicious import, a late hand-in."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: str
    text: str
    file: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Answer:
    """What a submission answers to a written question: letters or a text; neither is blank.

    `sources` are the files (and lines) it stands in. A `problem` is for a person to decide.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    question: str
    chosen: tuple[str, ...] = ()
    text: str = ""
    sources: tuple[str, ...] = ()
    problem: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was answered."""
        return not (self.chosen or self.text or self.problem)

    @property
    def version(self) -> str:
        """A name for what is answered, however it is spaced and wherever it stands.

        It begins with a letter, so that no spreadsheet takes it for a number.
        """
        said = json.dumps([self.chosen, self.text.split(), self.problem])
        return f"v{sha256(said.encode())[:12]}"


@dataclass(frozen=True)
class Count:
    """What is known of a budget: what a submission claims to use of it, and what was counted.

    With `asked`, a training was asked for so many steps and took `counted`. A `problem` says why
    nothing was counted. Both numbers are a student's word: the count was taken in the jail.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    budget: str
    claimed: int | None = None
    counted: int | None = None
    asked: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class SubmissionResult:
    """One submission: `points` are the counted automatic ones, None while the grader has failed."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    student: str
    assignment: str
    verdict: Verdict
    points: Points | None
    max_points: Points
    questions: tuple[QuestionResult, ...]
    findings: tuple[Finding, ...]
    tier: str
    seed_id: str
    submission_sha256: str
    tests_sha256: str
    kit_version: str
    answers: tuple[Answer, ...] = ()  # to the written questions, where there are any
    budgets: tuple[Count, ...] = ()  # where there are any

    def to_json(self) -> str:
        """This result as JSON text; equal results are equal bytes."""
        table = {"schema": SCHEMA, **dataclasses.asdict(self)}
        for name in ("answers", "budgets"):  # where an assignment has none, nothing is said of it
            if not table[name]:
                del table[name]
        return json.dumps(table, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, source: str = "this result") -> "SubmissionResult":
        """Read what `to_json` wrote; `source` names the file in an error.

        Raises:
            KitError: the text is no such result, or contradicts itself.
        """
        try:
            table = json.loads(text)
        except ValueError as error:
            raise _unreadable(source, f"it is not JSON ({error})") from None
        schema = table.pop("schema", None) if isinstance(table, dict) else None
        if schema != SCHEMA:
            raise _unreadable(source, f"its schema is {schema!r}, and this kit reads {SCHEMA}")
        try:
            result = _READER.validate_json(json.dumps(table), strict=True)
        except ValidationError as error:
            first: Any = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(key) for key in first["loc"])
            raise _unreadable(source, f"{where}: {first['msg']}") from None
        _check_points(result, source)
        return result


_READER = TypeAdapter(SubmissionResult)


def _unreadable(source: str, problem: str) -> KitError:
    return KitError(f"{source} cannot be used: {problem}; delete it and grade again")


def _check_points(result: SubmissionResult, source: str) -> None:
    parts: list[tuple[str, SubmissionResult | QuestionResult | CaseResult]] = [
        (result.student, result)
    ]
    for question in result.questions:
        parts.append((question.id, question))
        parts += [(f"{question.id}.{case.name}", case) for case in question.cases]
    for name, part in parts:
        if part.points is not None and part.points > part.max_points + 1e-6:
            over = f"{part.points:g} of {part.max_points:g}"
            raise _unreadable(source, f"{name} has {over} points")
        failed = part.verdict is Verdict.GRADER_ERROR
        if failed and part.points is not None and not isinstance(part, SubmissionResult):
            raise _unreadable(source, f"{name} is a GRADER_ERROR and yet has points")
