"""The flake hunt: the solution again and again, every time under a secret of its own."""

import secrets
from collections.abc import Iterable

from kit.authoring.bench import Bench
from kit.grading.results import Verdict


def hunt(bench: Bench, turns: Iterable[int]) -> list[str]:
    """Judge the solution once per turn; each case that did not pass is a sentence."""
    found = []
    for turn in turns:
        secret = secrets.token_bytes(16)
        for question in bench.judge(bench.sources(), secret=secret).questions:
            found += [
                f"run {turn}, secret {secret.hex()}: the solution loses {case.name} of "
                f"{question.id}: {case.verdict.value}: {case.message}"
                for case in question.cases
                if case.verdict is not Verdict.PASS
            ]
    return found
