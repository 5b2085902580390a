"""Operators: the slips of deep-learning code, each an edit of one node of a function's tree.

What an operator yields stands in the node's place: an expression, or a list of statements (empty:
the statement is gone).
"""

from kit.authoring.operators import arithmetic, arrays, program
from kit.authoring.operators.registry import OPERATORS, Edit

__all__ = ["OPERATORS", "Edit", "arithmetic", "arrays", "program"]
