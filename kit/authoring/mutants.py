"""Mutants: wrong solutions that a student would write, each an edit of one function.

`autograder/<slug>/mutants/<module>.toml` lists them:

    [[mutant]]
    function = "softmax"               # the graded function that is wrong
    name = "wrong_axis"
    mistake = "normalises over the examples"
    find = "sum(axis=1)"               # occurs exactly once in the function
    replace = "sum(axis=0)"            # several: edits = [["find", "replace"], ...]
    loses = { q1 = 3 }                 # points by question; no other question loses any
    within = "_shares"                 # if the edit is in another function than the graded one
"""

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from kit.assignment import Assignment
from kit.errors import UsageError
from kit.paths import Workspace


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    function: str
    name: str
    mistake: str
    find: str = ""
    replace: str | None = None
    edits: tuple[tuple[str, str], ...] = ()
    loses: dict[str, float]
    within: str = ""

    @model_validator(mode="after")
    def _has_one_kind_of_edit(self) -> Self:
        if bool(self.find) == bool(self.edits) or bool(self.find) != (self.replace is not None):
            raise ValueError("give either `find` and `replace`, or `edits`")
        if not self.loses or min(self.loses.values()) <= 0:
            raise ValueError("`loses` must name a question and the points it loses")
        return self


@dataclass(frozen=True)
class Mutant:
    """One wrong solution: `edits` of the function `within` in `module`, and the points it loses."""

    module: str
    function: str
    name: str
    mistake: str
    edits: tuple[tuple[str, str], ...]
    loses: dict[str, float]
    within: str
    path: Path

    @property
    def label(self) -> str:
        """Its name in tables and in `samples.toml`."""
        return f"{self.function}.{self.name}"


def load(workspace: Workspace, assignment: Assignment) -> list[Mutant]:
    """The mutants of an assignment, module by module.

    Raises:
        UsageError: a file names no module or no question, or an entry is wrong.
    """
    folder = workspace.autograder(assignment.slug) / "mutants"
    mutants: list[Mutant] = []
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in assignment.modules:
            raise UsageError(f"{path} is named after no module; there is {assignment.modules}")
        mutants += _read(path, assignment)
    labels = [mutant.label for mutant in mutants]
    for mutant in mutants:
        if labels.count(mutant.label) > 1:
            raise UsageError(f"{mutant.path}: there are two mutants {mutant.label}; rename one")
    return mutants


def apply(mutant: Mutant, source: str) -> str:
    """The module's `source` with the mutant's mistake in it.

    Raises:
        UsageError: a text to find is not there exactly once, or the result is no other program.
    """
    start, end = _span(mutant, source)
    function = source[start:end]
    for find, replace in mutant.edits:  # what lies between two edits need not be valid Python
        if (count := function.count(find)) != 1:
            raise UsageError(
                f"{mutant.path}: mutant {mutant.label}: '{find}' occurs {count} times in "
                f"{mutant.within}; it must occur exactly once"
            )
        function = function.replace(find, replace)
    result = source[:start] + function + source[end:]
    try:
        same = ast.dump(ast.parse(result)) == ast.dump(ast.parse(source))
    except SyntaxError as error:
        raise UsageError(
            f"{mutant.path}: mutant {mutant.label} is not valid Python: {error.msg}"
        ) from None
    if same:
        raise UsageError(f"{mutant.path}: mutant {mutant.label} changes no code")
    return result


def _read(path: Path, assignment: Assignment) -> list[Mutant]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}") from None
    mutants = []
    for number, table in enumerate(entries, start=1):
        try:
            entry = _Entry.model_validate(table)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            where = ".".join(str(key) for key in problem["loc"])
            raise UsageError(
                f"{path}: mutant {number} ({table.get('name', 'without a name')}): "
                f"{where + ': ' if where else ''}{problem['msg'].removeprefix('Value error, ')}"
            ) from None
        mutants.append(_mutant(path, entry, assignment))
    return mutants


def _mutant(path: Path, entry: _Entry, assignment: Assignment) -> Mutant:
    if entry.function not in assignment.functions:
        raise UsageError(f"{path}: mutant {entry.name}: '{entry.function}' is no graded function")
    for question in entry.loses:
        assignment.question(question)
    return Mutant(
        module=path.stem,
        function=entry.function,
        name=entry.name,
        mistake=entry.mistake,
        edits=entry.edits or ((entry.find, entry.replace or ""),),
        loses=dict(entry.loses),
        within=entry.within or entry.function,
        path=path,
    )


def _span(mutant: Mutant, source: str) -> tuple[int, int]:
    """Where the function of the mutant starts and ends in `source`, in characters."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == mutant.within:
            start = sum(map(len, lines[: node.lineno - 1]))
            return start, start + sum(map(len, lines[node.lineno - 1 : node.end_lineno]))
    raise UsageError(f"{mutant.path}: mutant {mutant.label}: there is no function {mutant.within}")
