"""Answers in a notebook: variables of its code cells as literals, and boxes of its text cells."""

import ast
from collections.abc import Iterator

from kit.bank import Bank
from kit.errors import IntakeError
from kit.grading.intake.notebook_code import cell_texts, cell_tree
from kit.grading.written.given import Given, from_value
from kit.grading.written.plain import from_markdown

MOST_BYTES = 1 << 20  # of code and of text: parsing takes its time


def from_notebook(text: str, bank: Bank) -> Iterator[Given]:
    """`nn1 = "d"` in a code cell, of which the last counts; nothing of the notebook runs.

    Raises:
        IntakeError: it is no notebook, or is too large to be looked through.
    """
    data = text.encode("utf-8", "backslashreplace")
    cells = list(cell_texts(data, "code"))
    prose = "\n\n".join(cell_texts(data, "markdown"))
    if sum(map(len, cells)) + len(prose) > MOST_BYTES:
        raise IntakeError(f"the notebook holds more than {MOST_BYTES >> 10} KB; shorten it")
    found: dict[str, Given] = {}
    for code in cells:
        tree = cell_tree(code)
        for node in tree.body if tree else []:
            for name, value in _assigned(node):
                question = bank.get(name)
                if question is not None and not question.shown:
                    found[name] = _literal(value, question.id, bank)
    yield from found.values()
    for given in from_markdown(prose, bank):
        if bank.get(given.question):  # boxes under another heading may be a list of things to do
            yield given


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id, node.value  # type: ignore[attr-defined]


def _literal(value: ast.expr, name: str, bank: Bank) -> Given:
    question = bank.get(name)
    try:
        plain = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return Given(name, problem="the variable is set by code, which is not run; write a literal")
    if plain is None or question is None:
        return Given(name)
    return from_value(question, plain)
