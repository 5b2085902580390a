"""The experiments of all four questions: what is planned, what is stated, what is claimed.

A stage trains with the implementation's own functions (`ctx.code`). `face_experiments.py` holds
question 1, `mlp_experiments.py` questions 2 and 3, `noise_experiments.py` question 4.
"""

from collections.abc import Mapping
from typing import Any

from kit.experiments import Fact, Run, Stage, beside

faces = beside(__file__, "face_experiments")
face_facts = beside(__file__, "face_facts")
recovery = beside(__file__, "recovery_experiments")
mlps = beside(__file__, "mlp_experiments")
mlp_facts = beside(__file__, "mlp_facts")
noise = beside(__file__, "noise_experiments")
PLANNED = (faces, recovery, mlps, noise)
STATED = (face_facts, recovery, mlp_facts, noise)


def plan(config: dict[str, Any]) -> list[Stage]:
    """The stages of every part, each after those it needs."""
    return [stage for source in PLANNED for stage in source.plan(config)]


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """Every value that a report may state, of the parts that are among the runs."""
    return [fact for source in STATED for fact in source.facts(runs, config)]


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """The sentences of a report that could be false, and whether these facts bear them out."""
    found: dict[str, bool] = {}
    for source in STATED:
        found |= source.claims(facts)
    return found
