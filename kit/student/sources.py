"""What a student's sources have written of the graded functions; they are read and never run."""

import ast
import warnings
from collections.abc import Iterable
from pathlib import Path

from kit.assignment import Assignment


def syntax(source: bytes, name: str) -> ast.Module:
    """The syntax tree of a module.

    Raises:
        SyntaxError, ValueError: it has none.
    """
    with warnings.catch_warnings(action="ignore"):
        return ast.parse(source, name)


def left_open(tree: ast.AST) -> list[ast.FunctionDef]:
    """The functions and methods that still hold the template's NotImplementedError."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [node for node in functions if any(map(_not_written, node.body))]


def written(tree: ast.Module, names: Iterable[str]) -> frozenset[str]:
    """Those of the functions and classes `names` that a module defines, wholly written."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = {node.name: node for node in tree.body if isinstance(node, kinds)}  # the last counts
    return frozenset(name for name in names if name in found and not left_open(found[name]))


def graded_in(module: str, assignment: Assignment) -> frozenset[str]:
    """The graded functions of one module, by their bare names."""
    return frozenset(name for name, owner in assignment.owners.items() if owner == module)


def unwritten(folder: Path, assignment: Assignment) -> frozenset[str]:
    """The graded functions, as `module.function`, that the modules in `folder` leave open.

    One that is not there at all is not among them, nor any of a module that has no syntax tree.
    """
    found: set[str] = set()
    for module in assignment.modules:
        path = folder / f"{module}.py"
        try:
            tree = syntax(path.read_bytes(), path.name)
        except (OSError, SyntaxError, ValueError):
            continue
        there = {
            node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        names = there & graded_in(module, assignment)
        found |= {f"{module}.{name}" for name in names - written(tree, names)}
    return frozenset(found)


def _not_written(statement: ast.stmt) -> bool:
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    called = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(called, ast.Name) and called.id == "NotImplementedError"
