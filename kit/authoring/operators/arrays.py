"""Slips with arrays: an axis, a transpose, a shape, a slice, a reduction, a type."""

import ast
from collections.abc import Iterator

from kit.authoring.operators.registry import Edit, inner_of, name_of, operator, renamed


@operator
def swapped_pair(node: ast.AST) -> Iterator[Edit]:
    """Neighbours in a tuple: what is returned, what is unpacked, a shape."""
    if isinstance(node, ast.Tuple):
        for index in range(min(len(node.elts) - 1, 2)):
            parts = list(node.elts)
            parts[index : index + 2] = parts[index + 1], parts[index]
            yield ast.Tuple(parts, node.ctx)


_TAKES_AXIS = {"concat", "concatenate", "stack", "argmax", "argmin", "sum", "mean", "softmax"}


@operator
def axis(node: ast.AST) -> Iterator[Edit]:
    """Another axis, or none."""
    if isinstance(node, ast.keyword) and node.arg in ("axis", "dim"):
        if isinstance(node.value, ast.Constant) and node.value.value in (0, 1):
            yield ast.keyword(node.arg, ast.Constant(1 - node.value.value))
        else:
            yield ast.keyword(node.arg, ast.Constant(0))
    elif isinstance(node, ast.Call) and name_of(node) in _TAKES_AXIS and len(node.args) > 1:
        last = node.args[-1]
        if isinstance(last, ast.Constant) and last.value in (0, 1):
            other = ast.Constant(1 - last.value)
            yield ast.Call(node.func, [*node.args[:-1], other], node.keywords)


@operator
def transpose(node: ast.AST) -> Iterator[Edit]:
    """A transpose that is not there; rows for columns in an index."""
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        yield node.value
    elif isinstance(node, ast.Call) and name_of(node) in ("transpose", "permute"):
        if (inner := inner_of(node)) is not None:
            yield inner
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        parts = node.slice.elts
        yield ast.Subscript(node.value, ast.Tuple(parts[::-1], ast.Load()), node.ctx)


def _shifted(node: ast.expr, by: int) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + by)
    if isinstance(node, ast.BinOp) and ast.unparse(node.right) == "1":
        return node.left  # n + 1 and n - 1 have their own neighbour
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))


def _other_slices(node: ast.Slice) -> Iterator[Edit]:
    lower, upper, step = node.lower, node.upper, node.step
    for by in (1, -1):
        if upper is not None:
            yield ast.Slice(lower, _shifted(upper, by), step)
        if lower is not None:
            yield ast.Slice(_shifted(lower, by), upper, step)
    if lower is None:
        yield ast.Slice(ast.Constant(1), upper, step)
    if upper is None:
        yield ast.Slice(lower, ast.Constant(-1), step)


@operator
def off_by_one(node: ast.AST) -> Iterator[Edit]:
    """One more or one less in a slice, an index or a range."""
    if isinstance(node, ast.Slice):
        yield from _other_slices(node)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant | ast.Name):
        if not isinstance(getattr(node.slice, "value", 0), str):
            for by in (1, -1):
                yield ast.Subscript(node.value, _shifted(node.slice, by), node.ctx)
    elif isinstance(node, ast.Call) and name_of(node) == "range":
        for index in range(len(node.args)):
            for by in (1, -1):
                arguments = list(node.args)
                arguments[index] = _shifted(arguments[index], by)
                yield ast.Call(node.func, arguments, node.keywords)


_OTHER = {
    "sum": "mean", "mean": "sum", "reduce_sum": "reduce_mean", "reduce_mean": "reduce_sum",
    "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax", "var": "std",
    "floor": "ceil", "ceil": "floor", "any": "all", "all": "any", "ones": "zeros",
    "zeros": "ones", "ones_like": "zeros_like", "zeros_like": "ones_like", "exp": "log",
    "train": "eval", "eval": "train", "relu": "tanh", "tanh": "relu",
}  # fmt: skip


@operator
def other_function(node: ast.AST) -> Iterator[Edit]:
    """The mean for the sum, the smallest for the largest, ones for zeros."""
    if isinstance(node, ast.Call) and (name := name_of(node)) in _OTHER:
        yield renamed(node, _OTHER[name])


_DROPPED = {
    "sum", "mean", "reduce_sum", "reduce_mean", "max", "min", "sqrt", "square", "exp", "log",
    "log1p", "abs", "norm", "tanh", "sigmoid", "softplus", "softmax", "relu", "detach",
    "stop_gradient", "clone", "copy", "round", "repeat", "permutation",
}  # fmt: skip
_CASTS = {"astype", "cast", "float32", "float64", "double", "asarray"}


@operator
def dropped_call(node: ast.AST) -> Iterator[Edit]:
    """A reduction, a root, a detach that is not there."""
    if isinstance(node, ast.Call) and name_of(node) in _DROPPED:
        if (inner := inner_of(node)) is not None:
            yield inner
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield node.left


@operator
def dropped_cast(node: ast.AST) -> Iterator[Edit]:
    """A change of type that is not there."""
    if isinstance(node, ast.Call) and name_of(node) in _CASTS:
        yield from filter(None, [inner_of(node)])
