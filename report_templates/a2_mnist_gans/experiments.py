"""The experiments of all five questions: what is planned, what is stated, what is claimed.

A stage trains with the implementation's own functions (`ctx.code`). `judge_experiments.py` holds
question 3, `gan_experiments.py` questions 1 and 2, `retraining_experiments.py` question 4,
`bonus_experiments.py` question 5; `gan_training.py` is the training that they share. The files
of facts say what may be stated.
"""

from collections.abc import Mapping
from typing import Any

from kit.experiments import Fact, Run, Stage, beside

gans = beside(__file__, "gan_experiments")
judging = beside(__file__, "judge_experiments")
retraining = beside(__file__, "retraining_experiments")
bonus = beside(__file__, "bonus_experiments")
gan_facts = beside(__file__, "gan_facts")
retraining_facts = beside(__file__, "retraining_facts")
STATED = (gan_facts, retraining_facts)


def plan(config: dict[str, Any]) -> list[Stage]:
    """The stages of every part, each after those it needs."""
    long, *arms = gans.plan(config)
    rest = [*retraining.plan(config), *bonus.plan(config)]
    return [long, *judging.plan(config), *arms, *rest]


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """Every value that a report may state, of the parts that are among the runs."""
    return [fact for source in STATED for fact in source.facts(runs, config)]


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """The sentences of a report that could be false, and whether these facts bear them out."""
    found: dict[str, bool] = {}
    for source in STATED:
        found |= source.claims(facts)
    return found
