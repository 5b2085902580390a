"""What an experiment leaves behind: runs, facts and claims, whole parts only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.errors import UsageError
from kit.experiments.stage import Fact, Run


@dataclass(frozen=True)
class Results:
    """The runs of every finished part, the facts computed from them and the claims they bear.

    `missing` says in sentences what could not run, `changed` names published runs that today's
    code would compute anew, `config_names` tells which configuration each part was run with.
    """

    slug: str
    config: Mapping[str, Any]
    runs: Mapping[str, Run]
    facts: Mapping[str, Fact]
    claims: Mapping[str, bool]
    config_names: Mapping[str, str]
    published: bool = False
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = field(default=())

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that are there, in order."""
        return tuple(self.config_names)

    @property
    def seconds(self) -> float:
        """The computing time of all runs together."""
        return sum(run.seconds for run in self.runs.values())

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """The titles of the stand-in data sets that were used."""
        about = [run.dataset for run in self.runs.values() if run.dataset]
        return tuple(dict.fromkeys(data["title"] for data in about if data["stand_in"]))


def by_name(facts: list[Fact]) -> dict[str, Fact]:
    """The facts under their names; UsageError when two have the same."""
    found: dict[str, Fact] = {}
    for fact in facts:
        if fact.name in found:
            raise UsageError(f"experiments.py states the fact '{fact.name}' twice")
        found[fact.name] = fact
    return found
