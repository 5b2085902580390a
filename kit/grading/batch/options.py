"""What a batch may be told, and the assignment and the job that come of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from kit import jail
from kit.assignment import Assignment
from kit.grading.batch.job import Job
from kit.grading.judging import budgets
from kit.grading.judging.build import this_build
from kit.grading.judging.secret import course_secret
from kit.grading.judging.tests_on_disk import TestSet
from kit.grading.marks.exact import total
from kit.paths import Workspace


class GradeOptions(TypedDict, total=False):
    """What a batch may be told; `questions` and `student` narrow it.

    `timeout` is processor seconds per question and `memory` MB, in place of the manifest's; `tier`
    is the isolation asked for by name. `secret` is the file of the course's secret, `marks` and
    `times` are CSVs of `hand_marks`. With `explain` students see the key of the written questions.
    """

    jobs: int | None
    questions: Sequence[str]
    student: str | None
    timeout: float | None
    memory: int | None
    tier: str | None
    secret: Path | None
    marks: Path | Sequence[Path] | None
    times: Path | None
    explain: bool


def limited(assignment: Assignment, options: GradeOptions) -> Assignment:
    """The assignment under the limits asked for; the other clocks keep their ratio to `timeout`."""
    limits, changes = assignment.limits, dict[str, float]()
    if timeout := options.get("timeout"):
        ratio = timeout / limits.cpu_seconds
        changes = {"cpu_seconds": timeout, "wall_seconds": limits.wall_seconds * ratio}
        changes["call_seconds"] = limits.call_seconds * ratio
    if memory := options.get("memory"):
        changes["memory_mb"] = memory
    return assignment.model_copy(update={"limits": limits.model_copy(update=changes)})


def on_limits(manifest: Assignment, assignment: Assignment) -> list[str]:
    """A sentence on the limits that are not the manifest's."""
    own, usual = assignment.limits, manifest.limits
    if own == usual:
        return []
    told = (
        f"{own.cpu_seconds:g} s of processor time and {own.memory_mb} MB per question, where the "
        f"manifest has {usual.cpu_seconds:g} s and {usual.memory_mb} MB"
    )
    return [f"graded under other limits: {told}"]


def on_tier(tier: str) -> list[str]:
    """A warning where nothing isolates the submissions."""
    if tier != jail.TIERS[-1]:
        return []
    return ["the submissions ran without isolation, as asked: any of them could forge its marks"]


def narrowed(assignment: Assignment, questions: Sequence[str]) -> Assignment:
    """The assignment with these questions only, and their points as its whole.

    What is about the whole assignment does not apply: bonuses, penalties, the rule on missing code.
    """
    if not questions:
        return assignment
    own = tuple(assignment.question(name) for name in dict.fromkeys(questions))
    auto = total(question.points for question in own)
    changes = {"questions": own, "choices": (), "components": {"auto": auto}}
    whole = dict.fromkeys(("bonuses", "penalties", "budgets"), ())
    rules = assignment.rules.model_copy(update={"no_code_is_zero": False})
    return assignment.model_copy(update={**changes, **whole, "rules": rules})


def job(workspace: Workspace, assignment: Assignment, options: GradeOptions) -> Job:
    """What all submissions of the batch share.

    Raises:
        UsageError: a test file, the secret or a question is not what it should be.
        JailError: submissions cannot be isolated here as it was asked for.
    """
    scoring = narrowed(assignment, options.get("questions") or ())
    tests = TestSet.load(workspace, assignment.slug)
    budgets.counters(tests.budgets or "", assignment)  # a mistake in it is told before the first
    secret = course_secret(options.get("secret"))
    tier = jail.choose(options.get("tier"))
    return Job(assignment, scoring, tests, secret, tier, this_build())
