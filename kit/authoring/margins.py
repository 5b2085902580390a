"""Tolerances, calibrated: how near right answers come to them, and how far wrong ones are beyond.

Both are measured in tolerances: an error of 1 just passes. Right are the solution, under several
secrets, and the variants; wrong are the mutants that failed on a comparison with a tolerance. A
check without a tolerance has no margin, and neither has one whose bound is set by chance.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kit.authoring import reach
from kit.authoring.bench import Bench, Case, Judged, Kill
from kit.authoring.edits import owner
from kit.authoring.structure import CaseOnDisk
from kit.authoring.variants import FILE, Variant, apply
from kit.grading.results import Verdict

WIDTH = 10.0  # times: the smallest error of a mutant over the largest of a right answer
NEAR = 0.3  # of the tolerance: what a right answer may use up
SECRETS = (b"calibration, first", b"calibration, second", b"calibration, third")


@dataclass(frozen=True)
class Margin:
    """The largest error of right answers and the smallest of mutants, in one case."""

    right: float
    wrong: float

    @property
    def width(self) -> float:
        """How many times the one goes into the other."""
        return self.wrong / self.right if self.right else math.inf


def judge_solution(bench: Bench) -> list[Judged]:
    """The solution under several secrets."""
    return [bench.judge(bench.sources(), secret=secret) for secret in SECRETS]


def judge_variant(bench: Bench, variant: Variant) -> Judged:
    """A variant in every question that its edit can reach."""
    sources = bench.sources()
    questions = _reached(bench, variant)
    sources[variant.module] = apply(variant, sources[variant.module])
    return bench.judge(sources, questions)


def variant_problems(variant: Variant, judged: Judged) -> list[str]:
    """Where a right answer loses points."""
    return [
        f"{variant.path}: variant {variant.label} is right, but loses {case.name} of "
        f"{question.id}: {case.verdict.value}: {case.message}"
        for question in judged.questions
        for case in question.cases
        if case.verdict is not Verdict.PASS
    ]


def margins(right: Iterable[Judged], kills: Iterable[Kill]) -> dict[Case, Margin]:
    """The margin of every case that compares with a tolerance."""
    largest: dict[Case, float] = {}
    for judged in right:
        for case, errors in judged.errors.items():
            largest[case] = max(largest.get(case, 0.0), *errors)
    smallest: dict[Case, float] = {}
    for kill in kills:
        for case, error in kill.errors.items():
            smallest[case] = min(smallest.get(case, math.inf), error)
    return {case: Margin(error, smallest.get(case, math.inf)) for case, error in largest.items()}


def coverage_problems(
    bench: Bench, listed: Iterable[Variant], found: Mapping[Case, Margin]
) -> list[str]:
    """The questions that compare with a tolerance which no variant calibrates."""
    covered = {question for variant in listed for question in _reached(bench, variant)}
    return [
        f"{bench.workspace.autograder(bench.assignment.slug) / FILE}: {question} compares with a "
        "tolerance; add a variant of one of its functions, which calibrates it"
        for question in sorted({question for question, _ in found} - covered)
    ]


def _reached(bench: Bench, variant: Variant) -> frozenset[str]:
    sources = bench.sources()
    within = owner(variant, sources[variant.module], "variant")
    return reach.affected_questions(within, sources.values(), bench.cases)


def problems(cases: Iterable[CaseOnDisk], found: Mapping[Case, Margin]) -> list[str]:
    """The cases whose tolerance is too near to right answers, or to wrong ones."""
    sentences = []
    for c in cases:
        margin = found.get((c.question, c.case.name))
        if margin is None:
            continue
        where = f"{c.file}: {c.case.name}: right answers are off by {margin.right:.2g} tolerances"
        if margin.right > NEAR:
            sentences.append(f"{where}; widen the tolerance until that is below {NEAR:g}")
        elif margin.width < WIDTH:
            sentences.append(
                f"{where} and a mutant by {margin.wrong:.2g}, a margin of {margin.width:.2g}; "
                f"it must be {WIDTH:g}: choose inputs that tell them apart"
            )
    return sentences
