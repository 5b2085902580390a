"""The list of operators, and what they ask of a call.

An operator is a generator: for a node of a function's tree it yields what may stand in its place.
"""

import ast
from collections.abc import Callable, Iterator

Edit = ast.AST | list[ast.stmt]
Operator = Callable[[ast.AST], Iterator[Edit]]

OPERATORS: dict[str, Operator] = {}


def operator(function: Operator) -> Operator:
    """Put an operator on the list, under its own name."""
    OPERATORS[function.__name__] = function
    return function


def name_of(call: ast.Call) -> str:
    """The last part of what is called: `reduce_sum` of `tf.reduce_sum(x)`."""
    target = call.func
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def renamed(call: ast.Call, name: str) -> ast.Call:
    """The same call of another function of that library or object."""
    target = call.func
    new: ast.expr = ast.Name(name, ast.Load())
    if isinstance(target, ast.Attribute):
        new = ast.Attribute(target.value, name, ast.Load())
    return ast.Call(new, call.args, call.keywords)


def inner_of(call: ast.Call) -> ast.expr | None:
    """What a call works on: its object in `x.sum()`, its first argument in `np.sum(x)`."""
    if isinstance(call.func, ast.Attribute) and not _is_library(call.func.value):
        return call.func.value
    if call.args and not isinstance(call.args[0], ast.Starred):
        return call.args[0]
    return None


_LIBRARIES = {"np", "numpy", "tf", "tensorflow", "keras", "torch", "F", "math", "ops", "nn"}


def _is_library(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in _LIBRARIES
