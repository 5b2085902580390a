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

import tomllib
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kit.authoring.generated import Generated
from kit.errors import UsageError
from kit.paths import Workspace

FILE = "equivalent.toml"


class Equivalent(BaseModel):
    """An edit that makes no wrong program, or none that the assignment forbids."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
        return [Equivalent.model_validate(table) for table in tables]
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}") from None
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(key) for key in problem["loc"])
        raise UsageError(f"{path}: an entry is wrong: {where}: {problem['msg']}") from None


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
