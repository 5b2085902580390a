"""The experiments of both models: what is planned, what is stated, what is claimed.

A stage trains with the implementation's own functions (`ctx.code`). `classifier_experiments.py`
holds the classifier of AddNIST, `generator_experiments.py` the generative model, and
`score_experiments.py` how its images are judged.
"""

from collections.abc import Mapping
from typing import Any

from kit.experiments import Fact, Run, Stage, beside

classifier = beside(__file__, "classifier_experiments")
classifier_facts = beside(__file__, "classifier_facts")
generator = beside(__file__, "generator_experiments")
generator_facts = beside(__file__, "generator_facts")
LIMITS = {"classifier": classifier.LIMITS, "generator": generator.LIMITS}


def plan(config: dict[str, Any]) -> list[Stage]:
    """The stages of both parts, each after those it needs."""
    return [*classifier.plan(config), *generator.plan(config)]


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """Every value that a report may state, of the parts that are among the runs."""
    found = [*classifier_facts.facts(runs, config), *generator_facts.facts(runs, config)]
    for part, first in (("classifier", f"sum-{config['seeds'][0]}"), ("generator", "unet")):
        if first in runs:
            found += _limits(part, runs[first])
    return found


def _total(facts: Mapping[str, Fact]) -> int:
    """The marks that all limits together cost."""
    return sum(int(fact.value) for name, fact in facts.items() if name.startswith("penalty."))


def _limits(part: str, run: Run) -> list[Fact]:
    """The limits of a part, and the marks that what was used of them costs."""
    found = []
    for what, limit in LIMITS[part].items():
        name = f"{part}.{what}"
        found.append(Fact(f"limit.{name}", limit, digits=0, runs=(run.key,)))
        found.append(
            Fact(f"penalty.{name}", run.result[f"{what}_penalty"], digits=0, runs=(run.key,))
        )
    return found


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """The sentences of a report that could be false, and whether these facts bear them out."""
    kept = {"limits_are_kept": not _total(facts)}
    return {**classifier_facts.claims(facts), **generator_facts.claims(facts), **kept}
