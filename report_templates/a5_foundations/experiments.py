"""The experiments of both coding problems: what is planned, what is stated, what is claimed.

A stage trains with the implementation's own functions (`ctx.code`). `mlp_experiments.py` holds
problem 2.1, `cnn_experiments.py` problem 2.2, `bonus_experiments.py` its last question.
"""

from collections.abc import Mapping
from typing import Any

from kit.experiments import Fact, Run, Stage, beside

PROBLEMS = {
    "mlp": beside(__file__, "mlp_experiments"),
    "cnn": beside(__file__, "cnn_experiments"),
    "bonus": beside(__file__, "bonus_experiments"),
}


def plan(config: dict[str, Any]) -> list[Stage]:
    """The stages of every part, each after those it needs."""
    return [stage for problem in PROBLEMS.values() for stage in problem.plan(config)]


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """Every value that a report may state, of the parts that are among the runs."""
    parts = {run.part for run in runs.values()}
    found = [p.facts(runs, config) for name, p in PROBLEMS.items() if name in parts]
    return [fact for facts in found for fact in facts]


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """The sentences of a report that could be false, and whether these facts bear them out."""
    found: dict[str, bool] = {}
    for name, problem in PROBLEMS.items():
        if f"{name}.seeds" in facts:
            found |= problem.claims(facts)
    return found
