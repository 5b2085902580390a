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

`mutants/equivalent.toml` is no module's: see `kit.authoring.equivalents`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import model_validator

from kit.assignment import Assignment
from kit.authoring import edits
from kit.authoring.edits import EditEntry, FunctionEdit, apply
from kit.authoring.equivalents import FILE as EQUIVALENTS
from kit.errors import UsageError
from kit.paths import Workspace
from kit.toml_table import read_entries

__all__ = ["Mutant", "apply", "load"]


class _Entry(EditEntry):
    mistake: str
    loses: dict[str, float]

    @model_validator(mode="after")
    def _loses_something(self) -> Self:
        if not self.loses or min(self.loses.values()) <= 0:
            raise ValueError("`loses` must name a question and the points it loses")
        return self


@dataclass(frozen=True)
class Mutant(FunctionEdit):
    """One wrong solution: its edit, the mistake in words, and the points it loses."""

    mistake: str
    loses: dict[str, float]


def load(workspace: Workspace, assignment: Assignment) -> list[Mutant]:
    """The mutants of an assignment, module by module.

    Raises:
        UsageError: a file names no module or no question, or an entry is wrong.
    """
    folder = workspace.autograder(assignment.slug) / "mutants"
    mutants: list[Mutant] = []
    for path in sorted(path for path in folder.glob("*.toml") if path.name != EQUIVALENTS):
        if path.stem not in assignment.modules:
            raise UsageError(f"{path} is named after no module; there is {assignment.modules}")
        mutants += [_mutant(path, e, assignment) for e in read_entries(path, _Entry, "mutant")]
    edits.refuse_doubles(mutants, "mutant")
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
        edits=entry.pairs,
        within=entry.within or entry.function,
        path=path,
        mistake=entry.mistake,
        loses=dict(entry.loses),
    )
