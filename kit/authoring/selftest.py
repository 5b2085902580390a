"""An assignment tested against itself, in the jail, as submissions are.

The solution earns full marks, and so does every variant; the untouched template earns nothing, as
NOT_ATTEMPTED. Every written mutant loses the points it says and no others; every generated one
fails a case, or is listed as equivalent; every case is failed by a mutant. Tolerances keep their
margins, and tests that fail by chance say how often. It keeps to its own budgets.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import track

from kit.assignment import load
from kit.authoring import (
    equivalents,
    flakes,
    generated,
    margins,
    matrix,
    mutants,
    stamp,
    structure,
    variants,
)
from kit.authoring.bench import ENOUGH, SECRET, Bench, Judged, Kill
from kit.authoring.generated import Generated
from kit.authoring.mutants import Mutant
from kit.grading.handed_out.suggestions import suggestions
from kit.grading.intake.intake import Submission
from kit.grading.judging.budgets import NO_REPORT, count
from kit.grading.judging.tests_on_disk import TestSet
from kit.grading.results import Verdict
from kit.jail import Jail
from kit.paths import Workspace

__all__ = ["SECRET", "Bench", "hunt", "opened", "selftest"]


@contextmanager
def opened(workspace: Workspace, slug: str) -> Iterator[Bench]:
    """A bench for an assignment, with its jail running."""
    assignment = load(slug, workspace)
    tests = TestSet.load(workspace, slug)
    cases = tuple(structure.read_cases(tests))
    with Jail(assignment.preload, assignment.limits) as jail:
        yield Bench(workspace, assignment, tests, cases, jail)


def hunt(workspace: Workspace, slug: str, console: Console, runs: int) -> list[str]:
    """Run the solution `runs` times under fresh secrets; every failure, a sentence each."""
    with opened(workspace, slug) as bench:
        turns = track(range(1, runs + 1), "runs", console=console, transient=True)
        return flakes.hunt(bench, turns)


def selftest(
    workspace: Workspace, slug: str, console: Console, only: str | None = None
) -> list[str]:
    """Run the laws and print the kill matrix; what breaks a law, a sentence each.

    Args:
        workspace: where the assignment is.
        slug: the assignment.
        console: the tables go here.
        only: the mutants with this text in their name or module; the laws on all cases are then
            left out, and no stamp is made.
    """
    found = structure.problems(workspace, slug)
    with opened(workspace, slug) as bench:
        found += _of_mutants(bench, console, only) if only else _of_all(bench, console)
    if only is None:
        stamp.remove(workspace, slug)
        if not found:
            stamp.write(workspace, slug)
    return found


def _of_all(bench: Bench, console: Console) -> list[str]:
    """Every law that takes a jail."""
    watch = partial(track, console=console, transient=True)
    bench.time()
    found = solution_problems(bench) + template_problems(bench) + budget_problems(bench)
    right = margins.judge_solution(bench)
    listed = variants.load(bench.workspace, bench.assignment)
    for variant in watch(listed, description="variants"):
        judged = margins.judge_variant(bench, variant)
        found += margins.variant_problems(variant, judged)
        right.append(judged)
    kills = [bench.kill(mutant) for mutant in watch(_mutants(bench), description="mutants")]
    result = matrix.Matrix(bench.cases, tuple(kills), margins.margins(right, kills))
    console.print(result.table())
    _say(console, result)
    for path in result.write(stamp.file(bench.workspace, bench.assignment.slug).with_suffix("")):
        console.print(f"wrote {path}")
    return [
        *found,
        *(problem for kill in kills for problem in kill_problems(kill)),
        *_survivors(bench, kills),
        *(
            f"{c.file}: {c.case.name} is failed by no mutant; add a mutant, or drop the case"
            for c in result.idle()
        ),
        *margins.problems(bench.cases, result.margins),
        *margins.coverage_problems(bench, listed, result.margins),
        *chance_problems(bench, right),
    ]


def _of_mutants(bench: Bench, console: Console, only: str) -> list[str]:
    """The written and generated mutants with a name, one by one."""
    chosen = [m for m in _mutants(bench) if only in f"{m.module}.{m.label}"]
    kills = [bench.kill(m) for m in track(chosen, "mutants", console=console, transient=True)]
    wrong = {kill.mutant.label for kill in kills if kill_problems(kill)}
    console.print(matrix.written_table(kills, wrong))
    return [problem for kill in kills for problem in kill_problems(kill)]


def _mutants(bench: Bench) -> list[Mutant | Generated]:
    """The written mutants, then the generated ones that none of them is."""
    written = mutants.load(bench.workspace, bench.assignment)
    sources = bench.sources()
    known: set[str] = set()
    for mutant in written:
        known |= generated.functions_of(mutants.apply(mutant, sources[mutant.module]))
    made = [generated.generate(name, text, known) for name, text in sources.items()]
    return [*written, *(mutant for of_module in made for mutant in of_module)]


def _survivors(bench: Bench, kills: Iterable[Kill]) -> list[str]:
    """Generated mutants that live and are not listed, and lines of the list that nothing needs."""
    slug = bench.assignment.slug
    made = [(kill.mutant, kill) for kill in kills if isinstance(kill.mutant, Generated)]
    return equivalents.problems(
        equivalents.file(bench.workspace, slug),
        equivalents.load(bench.workspace, slug),
        [mutant for mutant, _ in made],
        {mutant for mutant, kill in made if not kill.failed},
    )


def solution_problems(bench: Bench) -> list[str]:
    """Where the solution does not earn full marks."""
    return [
        f"the solution loses {case.name} of {question.id}: {case.verdict.value}: {case.message}"
        for question in bench.judge(bench.sources()).questions
        for case in question.cases
        if case.verdict is not Verdict.PASS
    ]


def template_problems(bench: Bench) -> list[str]:
    """Where the untouched template is anything but not attempted."""
    return [
        f"the untouched template is {case.verdict.value} in {case.name} of {question.id}; it must "
        f"be NOT_ATTEMPTED ({case.message or 'no message'})"
        for question in bench.judge(bench.sources(template=True)).questions
        for case in question.cases
        if case.verdict is not Verdict.NOT_ATTEMPTED or case.points
    ]


def budget_problems(bench: Bench) -> list[str]:
    """Where the solution exceeds a budget, or is not counted as it claims; it has no report."""
    files = {f"{name}.py": text.encode() for name, text in bench.sources().items()}
    handed_in = Submission("solution", files)
    counts, _ = count(bench.assignment, handed_in, bench.jail, bench.tests.budgets)
    return [
        f"the solution and its budget {one.budget.id}: {one.sentence}"
        for one in suggestions(bench.assignment, counts)
        if one.needs_a_person and one.count.problem != NO_REPORT
    ]


def kill_problems(kill: Kill) -> list[str]:
    """Where a mutant is the grader's fault, or a written one does not lose what it says."""
    mutant = kill.mutant
    if isinstance(mutant, Generated):
        where = f"{mutant.module}.py:{mutant.line}: {matrix.edit_of(kill)}"
        return [f"{where}: {case} is a GRADER_ERROR on it" for case in kill.open_cases]
    where = f"{mutant.path}: mutant {mutant.label}"
    found = [f"{where}: {case} is a GRADER_ERROR on it" for case in kill.open_cases]
    for question in sorted({*kill.lost, *mutant.loses}):
        said, lost = mutant.loses.get(question, 0.0), kill.lost.get(question, 0.0)
        if abs(said - lost) > ENOUGH:
            cases = ", ".join(name for q, name in sorted(kill.failed) if q == question)
            found.append(
                f"{where} says it loses {said:g} of {question}, but it loses {lost:g} "
                f"({cases or 'no case fails'})"
            )
    return found


def chance_problems(bench: Bench, right: Iterable[Judged]) -> list[str]:
    """Cases whose checks fail by chance more often than the case says."""
    largest: dict[tuple[str, str], float] = {}
    for judged in right:
        for case, chance in judged.chances.items():
            largest[case] = max(largest.get(case, 0.0), chance)
    found = []
    for c in bench.cases:
        told = largest.get((c.question, c.case.name), 0.0)
        stated = getattr(c.case.function, "statistical", (0.0, ""))[0]
        if told > stated * (1 + 1e-9):
            found.append(
                f"{c.file}: the checks of {c.case.name} fail a right answer with probability "
                f"{told:.1e}; mark it @statistical({told:.1e}, ...)"
            )
    return found


def _say(console: Console, result: matrix.Matrix) -> None:
    """What the matrix means, in sentences."""
    made = [kill for kill in result.kills if isinstance(kill.mutant, Generated)]
    alive = sum(not kill.failed for kill in made)
    console.print(
        f"{len(result.kills) - len(made)} mutants are written; {len(made)} are generated, at most "
        f"{generated.PER_FUNCTION} per function, of which {alive} survive"
    )
    if names := [f"{c.question}.{c.case.name}" for c in result.needless()]:
        console.print(f"hidden cases that no mutant needs, as others fail it too: {names}")
    for c in result.cases:
        if (stated := getattr(c.case.function, "statistical", None)) is not None:
            console.print(f"by chance: {c.question}.{c.case.name} {stated[0]:.0e}: {stated[1]}")
