"""The experiments of all five questions: what is planned, what is stated, what is claimed.

A stage trains with the implementation's own functions (`ctx.code`). `judge_experiments.py` holds
question 3, `gan_experiments.py` questions 1 and 2, `retraining_experiments.py` question 4,
`bonus_experiments.py` question 5; `gan_training.py` is the training that they share.
"""

from collections.abc import Mapping
from typing import Any

from kit.experiments import Fact, Run, Stage, beside

gans = beside(__file__, "gan_experiments")
judging = beside(__file__, "judge_experiments")
retraining = beside(__file__, "retraining_experiments")
bonus = beside(__file__, "bonus_experiments")


def plan(config: dict[str, Any]) -> list[Stage]:
    """The stages of every part, each after those it needs."""
    long, *arms = gans.plan(config)
    rest = [*retraining.plan(config), *bonus.plan(config)]
    return [long, *judging.plan(config), *arms, *rest]


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    return []


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    return {}
