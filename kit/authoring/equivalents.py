"""Generated mutants that no test need kill, each with the reason.

`autograder/<slug>/mutants/equivalent.toml` lists them as the self-test prints them:

    [[equivalent]]
    function = "softmax"
    operator = "dropped_call"
    find = "scores - scores.max()"
    replace = "scores"
    reason = "a shift changes no softmax; overflow is the mutant `overflows`"

An entry stands for every place of the function where that edit is possible, wherever its lines
are. One that matches no surviving mutant is out of date, and is named.
"""

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from kit.authoring.generated import Generated
from kit.paths import Workspace
from kit.toml_table import Table, read_entries

FILE = "equivalent.toml"


class Equivalent(Table):
    """An edit that makes no wrong program, or none that the assignment forbids."""

    function: str
    operator: str
    find: str
    replace: str
    reason: str = Field(min_length=10)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is, wherever it stands."""
        return (self.function, self.operator, self.find, self.replace)


def load(workspace: Workspace, slug: str) -> list[Equivalent]:
    """The list of an assignment; none where there is no file.

    Raises:
        UsageError: the file is wrong.
    """
    path = file(workspace, slug)
    if not path.is_file():
        return []
    return list(read_entries(path, Equivalent, "equivalent"))


def file(workspace: Workspace, slug: str) -> Path:
    """Where the list is."""
    return workspace.autograder(slug) / "mutants" / FILE


def problems(
    path: Path, listed: Iterable[Equivalent], mutants: Iterable[Generated], alive: set[Generated]
) -> list[str]:
    """Survivors that are not on the list, and entries that no survivor needs."""
    reasons = {entry.key for entry in listed}
    found = [
        f"{mutant.module}.py:{mutant.line}: no test of {mutant.function} fails on "
        f"'{mutant.replace}' in the place of '{mutant.find}' ({mutant.operator}); strengthen a "
        f"test, or list it in {path} with a reason"
        for mutant in sorted(alive, key=lambda m: (m.module, m.line))
        if mutant.key not in reasons
    ]
    needed = {mutant.key for mutant in alive}
    made = {mutant.key for mutant in mutants}
    for key in sorted(reasons - needed):
        why = "a test fails on it" if key in made else "no operator makes it any more"
        found.append(f"{path}: {key[0]}, '{key[2]}' -> '{key[3]}': {why}; remove the entry")
    return found
