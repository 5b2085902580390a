"""Slips in a formula: a term, a factor, a sign, a boundary, a number."""

import ast
from collections.abc import Iterator

from kit.authoring.operators.registry import Edit, operator


@operator
def dropped_term(node: ast.AST) -> Iterator[Edit]:
    """One term of a sum, or of a condition, is not there."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        if not _is_zero(node.right):
            yield node.left
        if isinstance(node.op, ast.Add) and not _is_zero(node.left):
            yield node.right
    elif isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            rest = node.values[:index] + node.values[index + 1 :]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


@operator
def dropped_factor(node: ast.AST) -> Iterator[Edit]:
    """A factor or a divisor is not there."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        yield from (node.left, node.right)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv):
        yield node.left


@operator
def sign(node: ast.AST) -> Iterator[Edit]:
    """Plus for minus, a factor for a divisor, and the other way round."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    elif isinstance(node, ast.BinOp):
        opposite: dict[type[ast.operator], ast.operator] = {
            ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.Div(), ast.Div: ast.Mult(),
        }  # fmt: skip
        if type(node.op) in opposite:
            yield ast.BinOp(node.left, opposite[type(node.op)], node.right)


@operator
def swapped_operands(node: ast.AST) -> Iterator[Edit]:
    """The two sides of an operator that does not commute."""
    ordered = ast.Sub | ast.Div | ast.FloorDiv | ast.MatMult | ast.Pow
    if isinstance(node, ast.BinOp) and isinstance(node.op, ordered):
        yield ast.BinOp(node.right, node.op, node.left)


_BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


@operator
def comparison(node: ast.AST) -> Iterator[Edit]:
    """The boundary belongs to the other side."""
    if isinstance(node, ast.Compare):
        for index, one in enumerate(node.ops):
            if type(one) in _BOUNDARY:
                operations = list(node.ops)
                operations[index] = _BOUNDARY[type(one)]()
                yield ast.Compare(node.left, operations, node.comparators)


_TEXTS = {
    "same": "valid", "valid": "same", "relu": "tanh", "tanh": "sigmoid", "sigmoid": "tanh",
    "softmax": "sigmoid", "mean": "sum", "sum": "mean",
}  # fmt: skip


@operator
def constant(node: ast.AST) -> Iterator[Edit]:
    """Another number (1 - p for a share p), another padding, another activation."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return
    number = node.value
    if isinstance(number, str):
        if number in _TEXTS:
            yield ast.Constant(_TEXTS[number])
    elif isinstance(number, float) and 0 < number < 1 and number != 0.5:
        yield ast.Constant(round(1 - number, 12))
    elif isinstance(number, int | float):
        yield ast.Constant(number + 1)
