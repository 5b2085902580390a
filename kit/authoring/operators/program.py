"""Slips in a program: an argument, a flag, a layer, a condition, a statement."""

import ast
from collections.abc import Iterator

from kit.authoring.operators.registry import Edit, operator


@operator
def swapped_arguments(node: ast.AST) -> Iterator[Edit]:
    """The first two arguments of a call."""
    if isinstance(node, ast.Call) and len(node.args) > 1:
        first, second, *rest = node.args
        if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
            yield ast.Call(node.func, [second, first, *rest], node.keywords)


@operator
def flag(node: ast.AST) -> Iterator[Edit]:
    """True for False: the training mode, a bias, the shuffling."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)


IRRELEVANT = {"name", "reduce_retracing", "autograph", "strict"}


@operator
def dropped_keyword(node: ast.AST) -> Iterator[Edit]:
    """A keyword argument that is not there."""
    if isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg is not None and keyword.arg not in IRRELEVANT:
                rest = node.keywords[:index] + node.keywords[index + 1 :]
                yield ast.Call(node.func, node.args, rest)


@operator
def dropped_layer(node: ast.AST) -> Iterator[Edit]:
    """An entry of a list that is not there: a layer, a row."""
    if isinstance(node, ast.List) and len(node.elts) > 1:
        for index in range(len(node.elts)):
            yield ast.List(node.elts[:index] + node.elts[index + 1 :], node.ctx)


@operator
def condition(node: ast.AST) -> Iterator[Edit]:
    """A condition turned round, or one of its branches always."""
    if isinstance(node, ast.IfExp):
        yield ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.If):
        yield [ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)]


@operator
def deleted(node: ast.AST) -> Iterator[Edit]:
    """A statement that is not there: a call, an update, a guard, an inference mode."""
    effect = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    stored = isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name | ast.Tuple)
    if effect or stored or isinstance(node, ast.AugAssign):
        yield []
    elif isinstance(node, ast.If) and not node.orelse:
        yield []
        yield list(node.body)
    elif isinstance(node, ast.With | ast.Try):
        yield list(node.body)
