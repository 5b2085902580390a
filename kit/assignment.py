"""The manifest of an assignment: `autograder/<slug>/assignment.toml`, checked on loading.

It states what is graded and how; it holds no test and no expected value. An unknown key, and a sum
that does not add up, is an error that names the line.
"""

import datetime
import zoneinfo
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kit.bank import Bank, load_bank
from kit.budget import Budget
from kit.errors import UsageError
from kit.handin import ANSWERS, Handin, HandinFile
from kit.paths import Workspace
from kit.toml_table import Name, Table, read_table

Dotted = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[A-Za-z_]\w*$")]  # module.function
Points = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
FRAMEWORKS = {  # what the fork server imports once; torch._dynamo: the first optimiser needs it
    "numpy": ("numpy",),
    "keras": ("numpy", "tensorflow", "keras"),
    "torch": ("numpy", "torch", "torch._dynamo"),
}


class Question(Table):
    """A question: one public and one hidden test file of its name, worth `points` together."""

    id: Name
    title: str
    points: Points
    graded: tuple[Dotted, ...] = Field(alias="functions", min_length=1)
    group: str = ""

    @property
    def functions(self) -> tuple[str, ...]:
        """The bare names of the graded functions, under which a test file asks for them."""
        return tuple(name.partition(".")[2] for name in self.graded)

    def module_of(self, function: str) -> str:
        """The module in which a graded function of this question is written."""
        return self.graded[self.functions.index(function)].partition(".")[0]


class Choice(Table):
    """Groups of questions of which the best one counts."""

    title: str
    groups: tuple[str, ...] = Field(min_length=2)


class Limits(Table):
    """What one submission may use; seconds are per question unless the name says otherwise."""

    cpu_seconds: float = Field(60, gt=0)
    wall_seconds: float = Field(180, gt=0)
    call_seconds: float = Field(60, gt=0)
    memory_mb: int = Field(2048, gt=0)
    tmp_mb: int = Field(64, gt=0)
    processes: int = Field(64, gt=0)
    output_kb: int = Field(64, gt=0)
    submission_mb: int = Field(20, gt=0)


class Imports(Table):
    """Top-level packages a submission may import; anything else is a finding for a person.

    `only` holds, by module, what that one may import in the place of `allowed`. Packages `by_hand`
    are accepted, and a person grades the questions of a module that imports one.
    """

    allowed: tuple[str, ...] = ()
    only: dict[Name, tuple[str, ...]] = {}
    by_hand: tuple[str, ...] = ()
    flagged: tuple[
        str, ...
    ] = ()  # dotted names that solve the task, such as torch.nn.functional.conv2d

    def of(self, module: str) -> "Imports":
        """What holds for one module."""
        return self.model_copy(update={"allowed": self.only.get(module, self.allowed)})


class RubricItem(Table):
    """A line of the report's rubric, marked by a person."""

    id: Name
    title: str
    points: Points


class Report(Table):
    """The report's style, its page limits (references excluded or not) and its rubric."""

    style: str
    min_pages: int | None = Field(None, ge=1)
    max_pages: int | None = Field(None, ge=1)
    count_references: bool = True
    rubric: tuple[RubricItem, ...] = ()


class Penalty(Table):
    """Points taken away, by a person or by a measurement that a person confirms."""

    id: Name
    title: str
    points: float = Field(lt=0)
    per: str = ""  # what one unit of the penalty is, such as "page over the limit"


class Bonus(Table):
    """Points on top of the components, given by a person; they are no part of the whole."""

    id: Name
    title: str
    points: float = Field(gt=0, le=1000)


class Late(Table):
    """What lateness costs.

    `percent` is, by `kind`: per_day, the share of the points that each day begun costs; flat, the
    share that any lateness costs; cap, the highest mark that a late submission can get, of 100;
    falling_cap, how far the highest mark falls with each day begun.
    """

    due: datetime.datetime | None = None
    timezone: str = ""  # such as "Europe/Berlin": `due` is on that clock
    kind: Literal["none", "per_day", "flat", "cap", "falling_cap"] = "none"
    percent: float = Field(0, ge=0, le=100)
    days: int = Field(0, ge=0)  # after so many days late, zero (0: never)
    working_days: bool = False
    holidays: tuple[datetime.date, ...] = ()

    @model_validator(mode="after")
    def _is_on_one_clock(self) -> Self:
        known = zoneinfo.available_timezones() if self.timezone else set()  # none on some Windows
        if known and self.timezone not in known:
            raise ValueError(f"timezone: there is no time zone '{self.timezone}'")
        if self.timezone and self.due and self.due.tzinfo:
            raise ValueError("due: give an offset or `timezone`, not both")
        return self


class Rules(Table):
    """Rules of a course that change marks, or that its feedback has to tell."""

    no_code_is_zero: bool = False  # none of the graded functions: zero, the report included
    regrade_may_lower: bool = False  # whoever asks for one may lose points


class Assignment(Table):
    """A whole manifest. `components` are the points of auto, report and written."""

    slug: str
    title: str
    summary: str
    course: str = ""
    frameworks: tuple[Literal["numpy", "keras", "torch"], ...] = Field(min_length=1)
    components: dict[Literal["auto", "report", "written"], Points]
    questions: tuple[Question, ...] = Field(alias="question", min_length=1)
    choices: tuple[Choice, ...] = Field((), alias="choice")
    handin: Handin
    limits: Limits = Limits()
    imports: Imports = Imports()
    report: Report
    penalties: tuple[Penalty, ...] = Field((), alias="penalty")
    budgets: tuple[Budget, ...] = Field((), alias="budget")
    bonuses: tuple[Bonus, ...] = Field((), alias="bonus")
    late: Late = Late()
    rules: Rules = Rules()
    written: Bank | None = None  # from `written.toml`, which lies beside the manifest

    @property
    def answer_files(self) -> tuple[HandinFile, ...]:
        """Where the answers to the written questions may stand; every one is read."""
        listed = tuple(file for file in self.handin.files if file.kind == "answers")
        return listed or ((ANSWERS,) if self.written else ())

    @property
    def modules(self) -> tuple[str, ...]:
        """The names of the graded Python modules, in the order of the hand-in list."""
        return tuple(file.module for file in self.handin.files if file.module)

    @property
    def functions(self) -> tuple[str, ...]:
        """Every graded function, in the order of the questions."""
        return tuple(name for question in self.questions for name in question.functions)

    @property
    def owners(self) -> dict[str, str]:
        """The module in which each graded function is written."""
        return {name: q.module_of(name) for q in self.questions for name in q.functions}

    @property
    def preload(self) -> tuple[str, ...]:
        """What the fork server imports before the first submission."""
        names = [name for framework in self.frameworks for name in FRAMEWORKS[framework]]
        return tuple(dict.fromkeys(names))

    def question(self, identifier: str) -> Question:
        """The question of that id.

        Raises:
            UsageError: there is none.
        """
        for question in self.questions:
            if question.id == identifier:
                return question
        known = ", ".join(question.id for question in self.questions)
        raise UsageError(f"{self.slug} has no question '{identifier}'; it has {known}")

    def group_points(self, group: str) -> float:
        """The points of all questions of a group ("" are the questions of no group)."""
        return sum(question.points for question in self.questions if question.group == group)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        _check_unique("id", [(question.id,) for question in self.questions])
        _check_unique("functions", [question.functions for question in self.questions])
        _check_modules(self)
        _check_budgets(self)
        _check_choices(self)
        grouped = {group for choice in self.choices for group in choice.groups}
        auto = sum(q.points for q in self.questions if q.group not in grouped)
        auto += sum(self.group_points(choice.groups[0]) for choice in self.choices)
        _check_sum("components.auto", self.components.get("auto", 0.0), auto, "the questions")
        rubric = sum(item.points for item in self.report.rubric)
        report = self.components.get("report", 0.0)
        _check_sum("components.report", report, rubric, "the lines of report.rubric")
        if self.written is not None:
            stated = self.components.get("written", 0.0)
            _check_sum("components.written", stated, self.written.points, "the written questions")
        return self


def _check_unique(key: str, names_by_question: list[tuple[str, ...]]) -> None:
    seen: set[str] = set()
    for number, names in enumerate(names_by_question):
        for name in names:
            if name in seen:
                raise ValueError(f"question.{number}.{key}: '{name}' is there twice")
            seen.add(name)


def _check_sum(key: str, stated: float, total: float, of: str) -> None:
    if abs(stated - total) > 1e-9:
        raise ValueError(f"{key}: is {stated:g}, but {of} add up to {total:g}")


def _check_modules(assignment: Assignment) -> None:
    for module in assignment.imports.only:
        if module not in assignment.modules:
            raise ValueError(f"imports.only: no file of the hand-in holds module '{module}'")
    for number, question in enumerate(assignment.questions):
        for module in {question.module_of(function) for function in question.functions}:
            if module not in assignment.modules:
                raise ValueError(
                    f"question.{number}.functions: no file of the hand-in holds module '{module}'"
                )


def _check_budgets(assignment: Assignment) -> None:
    penalties = [penalty.id for penalty in assignment.penalties]
    for number, budget in enumerate(assignment.budgets):
        module, _, _ = budget.claim.partition(".")
        if penalties.count(budget.penalty) != 1:
            raise ValueError(f"budget.{number}.penalty: no [[penalty]] is '{budget.penalty}'")
        if module and module not in assignment.modules:
            raise ValueError(f"budget.{number}.claim: no file of the hand-in is module '{module}'")
        penalties.remove(budget.penalty)  # one budget each, so that no suggestion hides another


def _check_choices(assignment: Assignment) -> None:
    for choice in assignment.choices:
        points = {group: assignment.group_points(group) for group in choice.groups}
        if len(set(points.values())) > 1 or 0 in points.values():
            listed = ", ".join(f"{group} {value:g}" for group, value in points.items())
            raise ValueError(f"choice: the groups of '{choice.title}' differ in points: {listed}")


def load(slug: str, workspace: Workspace) -> Assignment:
    """Read and check the manifest of `slug`.

    Raises:
        UsageError: it is missing or wrong; the message names the file, the line and the key.
    """
    bank = load_bank(workspace.written(slug))
    return read_table(workspace.manifest(slug), Assignment, slug=slug, written=bank)
