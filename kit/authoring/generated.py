"""Generated mutants: every operator at every place of a solution's functions, and a choice of them.

An edit is known by its function, its operator and its text, old and new, so that it is found again
when lines have moved. The choice is the same every time: operators take turns, and within one a
hash of the edit's text decides.
"""

import ast
import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeGuard

from kit.authoring.operators import OPERATORS, Edit
from kit.authoring.operators.program import IRRELEVANT

PER_FUNCTION = 24
_SHORTEST = 12  # characters of an edit's text: below, the expression around it is shown too
_LONGEST = 90  # above, what is the same on both sides is cut


@dataclass(frozen=True)
class Generated:
    """One generated mutant: what stands there (`find`), what is put there, the whole function."""

    module: str
    function: str
    operator: str
    line: int
    find: str
    replace: str
    text: str

    @property
    def label(self) -> str:
        """Its name in tables."""
        return f"{self.function}.{self.operator}:{self.line}"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is, wherever it stands."""
        return (self.function, self.operator, self.find, self.replace)


def generate(
    module: str, source: str, known: Collection[str] = (), most: int = PER_FUNCTION
) -> list[Generated]:
    """At most `most` mutants of each top-level function and class of `source`.

    Args:
        module: its name.
        source: its text.
        known: functions that are mutants already, as `ast.unparse` writes them.
        most: the largest number per function.
    """
    tree = ast.parse(source)
    seen = {*functions_of(source), *known}
    chosen: list[Generated] = []
    for function in tree.body:
        if _is_function(function):
            chosen += _turns(_every(module, function, seen), most)
    return chosen


def functions_of(source: str) -> set[str]:
    """The text of every top-level function and class of a module, as `ast.unparse` writes it."""
    return {ast.unparse(node) for node in ast.parse(source).body if _is_function(node)}


def apply(mutant: Generated, source: str) -> str:
    """The module's `source` with the mutant's function in the place of its own."""
    tree = ast.parse(source)
    (new,) = ast.parse(mutant.text).body
    tree.body = [new if _is_function(n) and n.name == mutant.function else n for n in tree.body]
    return ast.unparse(tree) + "\n"


def _is_function(node: ast.stmt) -> TypeGuard[ast.FunctionDef | ast.ClassDef]:
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


def _turns(mutants: list[Generated], most: int) -> list[Generated]:
    """One of each operator, then a second one, until there are enough."""
    by_operator = [
        sorted((m for m in mutants if m.operator == name), key=_hash) for name in OPERATORS
    ]
    turns = (m for turn in zip_longest(*by_operator) for m in turn if m is not None)
    return sorted((m for m, _ in zip(turns, range(most), strict=False)), key=lambda m: m.line)


def _hash(mutant: Generated) -> str:
    return hashlib.sha256("|".join(mutant.key).encode()).hexdigest()


def _every(
    module: str, function: ast.FunctionDef | ast.ClassDef, seen: set[str]
) -> list[Generated]:
    """Every edit of a function that gives a valid program which is not in `seen`; fills `seen`."""
    found = []
    for node, around in _sites(function):
        for name, operator in OPERATORS.items():
            for edit in () if _is_idle(name, around[-1]) else operator(node):
                text = ast.unparse(ast.fix_missing_locations(_rebuilt(function, node, edit)))
                if text in seen or not _compiles(text):
                    continue
                seen.add(text)
                old, new = _texts([*around, node], node, edit)
                line = getattr(node, "lineno", getattr(around[-1], "lineno", 0))
                found.append(Generated(module, function.name, name, line, old, new, text))
    return found


def _is_idle(operator: str, parent: ast.AST) -> bool:
    """Whether it swaps the names of sums that start alike: `total, count = 0.0, 0`."""
    if operator != "swapped_pair" or not isinstance(parent, ast.Assign):
        return False
    start = parent.value.elts if isinstance(parent.value, ast.Tuple) else []
    numbers = {part.value for part in start if isinstance(part, ast.Constant)}
    return bool(start) and len(numbers) == 1 and all(isinstance(s, ast.Constant) for s in start)


def _compiles(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _sites(function: ast.FunctionDef | ast.ClassDef) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
    """Every node of the body that says something, with the nodes around it."""

    def below(node: ast.AST, around: list[ast.AST]) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
        for child in _telling(node):
            yield child, around
            yield from below(child, [*around, child])

    yield from below(function, [function])


def _telling(node: ast.AST) -> Iterator[ast.AST]:
    """The children that say something: no annotation, docstring, signature, decorator, message."""
    if isinstance(node, ast.Raise | ast.JoinedStr):
        return
    children: Iterator[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        children = iter(node.body)
    elif isinstance(node, ast.AnnAssign):
        children = iter([node.value] if node.value else [])
    for child in children:
        constant = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        named = isinstance(child, ast.keyword) and child.arg in IRRELEVANT
        if not constant and not named and not isinstance(child, ast.expr_context):
            yield child


def _rebuilt(node: Any, target: ast.AST, edit: Edit) -> Any:
    """`node` with `edit` in the place of `target`; what is not on the way to it is shared."""
    if node is target:
        return edit
    changed: dict[str, Any] = {}
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            new = _rebuilt(value, target, edit)
            if new is not value:
                changed[field] = new
        elif isinstance(value, list) and (items := _replaced(value, target, edit)) is not None:
            changed[field] = items or ([ast.Pass()] if field == "body" else [])
    return type(node)(**{**dict(ast.iter_fields(node)), **changed}) if changed else node


def _replaced(items: list[Any], target: ast.AST, edit: Edit) -> list[Any] | None:
    """The list with `edit` somewhere in it; None if its place is not there."""
    rebuilt = [_rebuilt(i, target, edit) if isinstance(i, ast.AST) else i for i in items]
    if all(new is old for new, old in zip(rebuilt, items, strict=True)):
        return None
    return [part for new in rebuilt for part in (new if isinstance(new, list) else [new])]


def _texts(chain: list[ast.AST], node: ast.AST, edit: Edit) -> tuple[str, str]:
    """What stood there and what stands there now, with as much around as it takes to tell."""
    if isinstance(edit, list):
        return _head([node]), _head(edit) or "(nothing)"
    for one in reversed(chain):
        fragment = isinstance(one, ast.Slice | ast.keyword | ast.Constant | ast.Name | ast.Tuple)
        if isinstance(one, ast.stmt) or (
            isinstance(one, ast.expr) and not fragment and len(ast.unparse(one)) >= _SHORTEST
        ):
            new = ast.fix_missing_locations(_rebuilt(one, node, edit))
            return _cut(_head([one]), _head(new if isinstance(new, list) else [new]))
    raise AssertionError("an edit stands in a statement")


def _head(nodes: list[Any]) -> str:
    """The text of an expression, or the first line of statements."""
    return "; ".join(ast.unparse(node).splitlines()[0] for node in nodes)


def _cut(old: str, new: str) -> tuple[str, str]:
    """Both texts, long ones without most of what is the same at their starts and ends."""
    if max(len(old), len(new)) <= _LONGEST:
        return old, new
    before = max(len(os.path.commonprefix([old, new])) - 30, 0)
    shared = len(os.path.commonprefix([old[before:][::-1], new[before:][::-1]]))
    after = max(shared - 30, 0)
    head, tail = "... " * bool(before), " ..." * bool(after)
    return tuple(head + text[before : len(text) - after] + tail for text in (old, new))  # type: ignore[return-value]
