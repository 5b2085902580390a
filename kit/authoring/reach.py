"""Which questions a change of one function can reach: a static reading of the solution's calls.

A function reaches another when its text names it, in a call, as a default or as an attribute. That
is more than what runs, so a question left out here cannot be affected.
"""

import ast
from collections.abc import Iterable, Mapping

from kit.authoring.structure import CaseOnDisk


def affected_questions(
    function: str, sources: Iterable[str], cases: Iterable[CaseOnDisk]
) -> frozenset[str]:
    """The questions with a case whose functions can come to run `function`."""
    names = _names_used(sources)
    return frozenset(
        c.question
        for c in cases
        if "env" in c.case.parameters or function in _closure(c.case.parameters, names)
    )


def _closure(start: Iterable[str], names: Mapping[str, frozenset[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += names.get(name, frozenset()) & names.keys()
    return reached


def _names_used(sources: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each top-level definition of the modules, every name that its text mentions."""
    used: dict[str, frozenset[str]] = {}
    for source in sources:
        for node in ast.parse(source).body:
            for name in _bound(node):
                used[name] = used.get(name, frozenset()) | _mentioned(node)
    return used


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    ]


def _mentioned(node: ast.stmt) -> frozenset[str]:
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return frozenset(names | {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)})
