"""Edits of one function of the solution, as mutants and variants are written down.

An entry gives `find` and `replace`, or several of them as `edits = [["find", "replace"], ...]`;
each text to find occurs exactly once in the function `within` (by default `function`).
"""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import model_validator

from kit.errors import UsageError
from kit.toml_table import Table


class EditEntry(Table):
    """One table of a file of edits."""

    function: str
    name: str
    find: str = ""
    replace: str | None = None
    edits: tuple[tuple[str, str], ...] = ()
    within: str = ""

    @model_validator(mode="after")
    def _has_one_kind_of_edit(self) -> Self:
        if bool(self.find) == bool(self.edits) or bool(self.find) != (self.replace is not None):
            raise ValueError("give either `find` and `replace`, or `edits`")
        return self

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every text to find and what takes its place."""
        return self.edits or ((self.find, self.replace or ""),)


@dataclass(frozen=True)
class FunctionEdit:
    """Changes of the function `within` of `module`, which concern the graded `function`."""

    module: str
    function: str
    name: str
    edits: tuple[tuple[str, str], ...]
    within: str
    path: Path

    @property
    def label(self) -> str:
        """Its name in tables and in `samples.toml`."""
        return f"{self.function}.{self.name}"


_Definition = ast.FunctionDef | ast.ClassDef


def refuse_doubles(edits: list[Any], what: str) -> None:
    """Labels tell edits apart.

    Raises:
        UsageError: two of them have one label.
    """
    labels = [edit.label for edit in edits]
    for edit in edits:
        if labels.count(edit.label) > 1:
            raise UsageError(f"{edit.path}: there are two {what}s {edit.label}; rename one")


def apply(edit: FunctionEdit, source: str, what: str = "mutant") -> str:
    """The module's `source` with the changes in it.

    Raises:
        UsageError: a text to find is not there exactly once, or the result is no other program.
    """
    start, end = _span(edit, source, what)
    function = source[start:end]
    for find, replace in edit.edits:  # what lies between two edits need not be valid Python
        if (count := function.count(find)) != 1:
            raise UsageError(
                f"{edit.path}: {what} {edit.label}: '{find}' occurs {count} times in "
                f"{edit.within}; it must occur exactly once"
            )
        function = function.replace(find, replace)
    result = source[:start] + function + source[end:]
    try:
        same = ast.dump(ast.parse(result)) == ast.dump(ast.parse(source))
    except SyntaxError as error:
        raise UsageError(
            f"{edit.path}: {what} {edit.label} is not valid Python: {error.msg}"
        ) from None
    if same:
        raise UsageError(f"{edit.path}: {what} {edit.label} changes no code")
    return result


def owner(edit: FunctionEdit, source: str, what: str = "mutant") -> str:
    """The top-level function or class that holds what is edited: of a method, its class."""
    return _found(edit, source, what)[0].name


def _span(edit: FunctionEdit, source: str, what: str) -> tuple[int, int]:
    """Where the function of the edit starts and ends in `source`, in characters."""
    _, node = _found(edit, source, what)
    lines = source.splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1]))
    return start, start + sum(map(len, lines[node.lineno - 1 : node.end_lineno]))


def _found(edit: FunctionEdit, source: str, what: str) -> tuple[_Definition, _Definition]:
    """The top-level definition, and the one in it that is edited; `function` first, if a class."""
    tops = [n for n in ast.parse(source).body if isinstance(n, _Definition)]
    for top in sorted(tops, key=lambda n: n.name != edit.function):
        for node in ast.walk(top):
            if isinstance(node, _Definition) and node.name == edit.within:
                return top, node
    raise UsageError(f"{edit.path}: {what} {edit.label}: there is no function {edit.within}")
