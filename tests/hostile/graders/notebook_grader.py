"""A grader of notebooks: the hand-in is a cell, each test is one, an error shown a failure."""

import json
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

TESTS = {
    "test_public": """
import numpy as np
from cases_softmax import PUBLIC
x, expected = PUBLIC
assert np.allclose(softmax(x), expected)
""",
    "test_hidden": """
from cases_softmax import hidden_input
from solution import softmax as reference
x = hidden_input()
assert np.allclose(softmax(x), reference(x))
""",
}


class Shell(InteractiveShell):
    """Remembers that an error was shown, which is all that a notebook keeps of it."""

    shown = 0

    def _showtraceback(self, kind, error, lines):
        self.shown += 1


if __name__ == "__main__":
    shell = Shell.instance()
    shell.run_cell(Path("answers.py").read_text())
    rows = []
    for name, cell in TESTS.items():
        before = shell.shown
        shell.run_cell(cell)
        rows.append({"name": name, "score": int(shell.shown == before)})
    Path("results.json").write_text(json.dumps({"tests": rows}))
