"""The code of an implementation as a report shows it: of a function or class, as it was run."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

MARKERS = ("# BEGIN SOLUTION", "# END SOLUTION")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def source(*things: Callable[..., Any]) -> str:
    """The source of functions or classes, and of the private ones of their modules that they name.

    Docstrings and the marks of solution blocks are left out: what they say is for whoever writes
    the code.
    """
    shown = list(things)
    for thing in shown:  # it grows while it is gone through
        shown += [other for other in dict.fromkeys(_private(thing)) if other not in shown]
    return "\n\n\n".join(_bare(thing) for thing in shown)


def _private(thing: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """What `thing` names that its own module defines under a name such as `_head`."""
    module: ModuleType = sys.modules[thing.__module__]
    for node in ast.walk(ast.parse(_text(thing))):
        if isinstance(node, ast.Name) and node.id.startswith("_"):
            found = getattr(module, node.id, None)
            if callable(found) and getattr(found, "__module__", "") == module.__name__:
                yield found


def _text(thing: Callable[..., Any]) -> str:
    return textwrap.dedent(inspect.getsource(thing))


def _bare(thing: Callable[..., Any]) -> str:
    lines = _text(thing).splitlines()
    for node in ast.walk(ast.parse("\n".join(lines))):
        for number in _docstring(node):
            lines[number - 1] = MARKERS[0]
    return "\n".join(line for line in lines if line.strip() not in MARKERS)


def _docstring(node: ast.AST) -> range:
    """The line numbers of the docstring of a definition that has more than that."""
    if not isinstance(node, DEFINITIONS) or len(node.body) < 2 or ast.get_docstring(node) is None:
        return range(0)
    first = node.body[0]
    return range(first.lineno, (first.end_lineno or first.lineno) + 1)
