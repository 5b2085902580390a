"""The experiments of both exercises: what is planned, what is stated, what is claimed.

A stage trains with the implementation's own functions (`ctx.code`). `compression_experiments.py`
holds exercise 1, `gan_experiments.py` exercise 2.
"""

from collections.abc import Mapping
from typing import Any

from kit.experiments import Fact, Run, Stage, beside

compression = beside(__file__, "compression_experiments")
gans = beside(__file__, "gan_experiments")


def plan(config: dict[str, Any]) -> list[Stage]:
    """The stages of every part, each after those it needs."""
    return [*compression.plan(config), *gans.plan(config)]


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """Every value that a report may state, of the parts that are among the runs."""
    trained = any(run.part == "compression" for run in runs.values())
    return [*(compression.facts(runs, config) if trained else []), *gans.facts(runs, config)]


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """The sentences of a report that could be false, and whether these facts bear them out."""
    trained = "compression.base.test_accuracy" in facts
    return {**(compression.claims(facts) if trained else {}), **gans.claims(facts)}
