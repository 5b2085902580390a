"""Where the self-test judges: an assignment with its tests, in a jail that stays open."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kit.assignment import Assignment, Limits
from kit.authoring import edits, generated, mutants, reach
from kit.authoring.generated import Generated
from kit.authoring.mutants import Mutant
from kit.authoring.structure import CaseOnDisk
from kit.errors import UsageError
from kit.grading.judging.judge import judge
from kit.grading.judging.tests_on_disk import TestSet
from kit.grading.results import QuestionResult, Verdict
from kit.jail import Jail
from kit.paths import Workspace
from kit.testing.meter import Meter, metered

SECRET = b"the self-test draws the same inputs every time"
ENOUGH = 1e-6  # points
SLOWER = 4  # times the solution's own time: longer, and a mutant hangs
SHORTEST = 2.0  # seconds of processor time that any mutant gets

Case = tuple[str, str]  # question and name


@dataclass(frozen=True)
class Judged:
    """The results of some modules, and what the checks told: errors in tolerances, rates."""

    questions: tuple[QuestionResult, ...]
    errors: dict[Case, list[float]]
    chances: dict[Case, float]

    @property
    def verdicts(self) -> dict[Case, Verdict]:
        """The verdict of every case."""
        return {(q.id, case.name): case.verdict for q in self.questions for case in q.cases}

    @property
    def failed(self) -> frozenset[Case]:
        """The cases that did not pass."""
        return frozenset(c for c, verdict in self.verdicts.items() if verdict is not Verdict.PASS)


@dataclass(frozen=True)
class Kill:
    """What a mutant lost, by question; the cases that could see it, and those that failed it.

    `errors` holds, of the cases that failed on a comparison with a tolerance, by how many
    tolerances.
    """

    mutant: Mutant | Generated
    lost: dict[str, float]
    reached: frozenset[Case]
    failed: frozenset[Case]
    errors: dict[Case, float]
    open_cases: tuple[str, ...]


@dataclass(frozen=True)
class Bench:
    """An assignment with its tests and a jail that is open for as long as the self-test runs."""

    workspace: Workspace
    assignment: Assignment
    tests: TestSet
    cases: tuple[CaseOnDisk, ...]
    jail: Jail
    seconds: dict[str, float] = field(default_factory=dict)

    def sources(self, template: bool = False) -> dict[str, str]:
        """The modules of the solution, or of the template, by name."""
        slug = self.assignment.slug
        folder = self.workspace.template(slug) if template else self.workspace.solution(slug)
        return {name: _read(folder / f"{name}.py") for name in self.assignment.modules}

    def judge(
        self,
        sources: Mapping[str, str],
        questions: Iterable[str] | None = None,
        secret: bytes = SECRET,
        limits: Limits | None = None,
    ) -> Judged:
        """Judge these modules in all questions or in some."""
        files = {f"{name}.py": text.encode() for name, text in sources.items()}
        chosen = None if questions is None else sorted(questions)
        limits = limits or self.assignment.limits
        assignment = self.assignment.model_copy(update={"limits": limits})
        meter = Meter()
        with metered(meter):
            results = judge(assignment, files, self.jail, secret, self.tests, chosen)
        of = {f"{c.file}:{c.case.name}": (c.question, c.case.name) for c in self.cases}
        return Judged(
            results,
            {of[label]: errors for label, errors in meter.errors.items()},
            {of[label]: sum(chances) for label, chances in meter.chances.items()},
        )

    def time(self) -> None:
        """Learn how long the solution takes with each question, for the limits of mutants."""
        for question in self.assignment.questions:
            start = time.perf_counter()
            self.judge(self.sources(), [question.id])
            self.seconds[question.id] = time.perf_counter() - start

    def kill(self, mutant: Mutant | Generated) -> Kill:
        """Judge a mutant in every question that its edit can reach."""
        sources = self.sources()
        source = sources[mutant.module]
        owner = mutant.function
        if isinstance(mutant, Mutant):
            owner = edits.owner(mutant, source)
        questions = reach.affected_questions(owner, sources.values(), self.cases)
        if isinstance(mutant, Mutant):
            sources[mutant.module] = mutants.apply(mutant, source)
        else:
            sources[mutant.module] = generated.apply(mutant, source)
        return _kill(mutant, self.judge(sources, questions, limits=self._limits(questions)))

    def _limits(self, questions: Iterable[str]) -> Limits:
        """Limits under which a mutant that hangs ends soon."""
        limits = self.assignment.limits
        longest = max((self.seconds.get(q, limits.cpu_seconds) for q in questions), default=0)
        cpu = min(limits.cpu_seconds, max(SHORTEST, SLOWER * longest))
        return limits.model_copy(
            update={"cpu_seconds": cpu, "call_seconds": min(limits.call_seconds, cpu)}
        )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error}); run `make templates`") from None


def _kill(mutant: Mutant | Generated, judged: Judged) -> Kill:
    lost = {q.id: q.max_points - q.points for q in judged.questions if q.points is not None}
    last = {case: judged.errors[case][-1] for case in judged.failed & judged.errors.keys()}
    return Kill(
        mutant=mutant,
        lost={question: points for question, points in lost.items() if points > ENOUGH},
        reached=frozenset(judged.verdicts),
        failed=judged.failed,
        errors={
            case: error
            for case, error in last.items()
            if error > 1 and judged.verdicts[case] is Verdict.FAIL
        },
        open_cases=tuple(
            f"{question}.{name}"
            for (question, name), verdict in judged.verdicts.items()
            if verdict is Verdict.GRADER_ERROR
        ),
    )
