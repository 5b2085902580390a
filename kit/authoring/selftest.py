"""An assignment tested against itself, in the jail, as submissions are.

The solution earns full marks; the untouched template earns nothing, as NOT_ATTEMPTED; every mutant
loses the points it says and no others; every test case is failed by a mutant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from rich.console import Console
from rich.progress import track
from rich.table import Table

from kit.assignment import Assignment, load
from kit.authoring import mutants, reach, structure
from kit.authoring.mutants import Mutant
from kit.authoring.structure import CaseOnDisk
from kit.grading.judge import judge
from kit.grading.results import QuestionResult, Verdict
from kit.grading.tests_on_disk import TestSet
from kit.jail import Jail
from kit.paths import Workspace

SECRET = b"the self-test draws the same inputs every time"
_ENOUGH = 1e-6  # points


@dataclass(frozen=True)
class Bench:
    """An assignment with its tests and a jail that is open for as long as the self-test runs."""

    workspace: Workspace
    assignment: Assignment
    tests: TestSet
    cases: tuple[CaseOnDisk, ...]
    jail: Jail

    def sources(self, template: bool = False) -> dict[str, str]:
        """The modules of the solution, or of the template, by name."""
        slug = self.assignment.slug
        folder = self.workspace.template(slug) if template else self.workspace.solution(slug)
        names = self.assignment.modules
        return {name: (folder / f"{name}.py").read_text(encoding="utf-8") for name in names}

    def judge(
        self, sources: dict[str, str], questions: Iterable[str] | None = None
    ) -> tuple[QuestionResult, ...]:
        """The results of these modules, in all questions or in some."""
        files = {f"{name}.py": text.encode() for name, text in sources.items()}
        chosen = None if questions is None else sorted(questions)
        return judge(self.assignment, files, self.jail, SECRET, self.tests, chosen)


@dataclass(frozen=True)
class Kill:
    """What a mutant lost, by question, and the cases that failed it."""

    mutant: Mutant
    lost: dict[str, float]
    failed: frozenset[tuple[str, str]]
    open_cases: tuple[str, ...]

    @property
    def problems(self) -> list[str]:
        """Where it does not lose what it says."""
        where = f"{self.mutant.path}: mutant {self.mutant.label}"
        found = [f"{where}: {case} is a GRADER_ERROR on it" for case in self.open_cases]
        for question in sorted({*self.lost, *self.mutant.loses}):
            said, lost = self.mutant.loses.get(question, 0.0), self.lost.get(question, 0.0)
            if abs(said - lost) > _ENOUGH:
                cases = ", ".join(name for q, name in sorted(self.failed) if q == question)
                found.append(
                    f"{where} says it loses {said:g} of {question}, but it loses {lost:g} "
                    f"({cases or 'no case fails'})"
                )
        return found


def selftest(
    workspace: Workspace, slug: str, console: Console, only: str | None = None
) -> list[str]:
    """Run the laws and print the kill table; what breaks a law, a sentence each.

    Args:
        workspace: where the assignment is.
        slug: the assignment.
        console: the table goes here.
        only: the mutants with this text in their name or module; the laws on all cases are then
            left out.
    """
    found = structure.problems(workspace, slug)
    assignment = load(slug, workspace)
    tests = TestSet.load(workspace, slug)
    cases = tuple(structure.read_cases(tests))
    wanted = mutants.load(workspace, assignment)
    if only:
        wanted = [m for m in wanted if only in f"{m.module}.{m.label}"]
    with Jail(assignment.preload, assignment.limits) as jail:
        bench = Bench(workspace, assignment, tests, cases, jail)
        found += solution_problems(bench) + template_problems(bench)
        progress = partial(track, description="mutants", console=console, transient=True)
        kills = [kill(bench, mutant) for mutant in progress(wanted)]
    console.print(table(kills))
    found += [problem for result in kills for problem in result.problems]
    return found if only else found + survivors(cases, kills)


def solution_problems(bench: Bench) -> list[str]:
    """Where the solution does not earn full marks."""
    return [
        f"the solution loses {case.name} of {question.id}: {case.verdict.value}: {case.message}"
        for question in bench.judge(bench.sources())
        for case in question.cases
        if case.verdict is not Verdict.PASS
    ]


def template_problems(bench: Bench) -> list[str]:
    """Where the untouched template is anything but not attempted."""
    return [
        f"the untouched template is {case.verdict.value} in {case.name} of {question.id}; it must "
        f"be NOT_ATTEMPTED ({case.message or 'no message'})"
        for question in bench.judge(bench.sources(template=True))
        for case in question.cases
        if case.verdict is not Verdict.NOT_ATTEMPTED or case.points
    ]


def kill(bench: Bench, mutant: Mutant) -> Kill:
    """Judge a mutant in every question that its edit can reach."""
    sources = bench.sources()
    questions = reach.affected_questions(mutant.within, sources.values(), bench.cases)
    sources[mutant.module] = mutants.apply(mutant, sources[mutant.module])
    results = bench.judge(sources, questions)
    cases = [(question.id, case) for question in results for case in question.cases]
    return Kill(
        mutant=mutant,
        lost={
            q.id: q.max_points - q.points
            for q in results
            if q.points is not None and q.max_points - q.points > _ENOUGH
        },
        failed=frozenset((q, case.name) for q, case in cases if case.verdict is not Verdict.PASS),
        open_cases=tuple(
            f"{q}.{case.name}" for q, case in cases if case.verdict is Verdict.GRADER_ERROR
        ),
    )


def survivors(cases: Iterable[CaseOnDisk], kills: Iterable[Kill]) -> list[str]:
    """The cases that no mutant fails: they test nothing that a student gets wrong."""
    killing = {case for result in kills for case in result.failed}
    return [
        f"{c.file}: {c.case.name} is failed by no mutant; add a mutant, or drop the case"
        for c in cases
        if (c.question, c.case.name) not in killing
    ]


def table(kills: list[Kill]) -> Table:
    """The kill table: a row per mutant."""
    rows = Table(title=f"{len(kills)} mutants", show_lines=False)
    for column in ("mutant", "mistake", "loses", "failed by"):
        rows.add_column(column, overflow="fold")
    for result in kills:
        lost = (
            ", ".join(f"{q} {points:g}" for q, points in sorted(result.lost.items())) or "nothing"
        )
        failed = ", ".join(f"{q}.{name}" for q, name in sorted(result.failed)) or "-"
        style = "red" if result.problems else ""
        rows.add_row(result.mutant.label, result.mutant.mistake, lost, failed, style=style)
    return rows
