# Hands in a notebook with a number that Python can read but not write as text.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# findings = ["syntax"]
# build = true

import json

CELLS = (
    "NUMBER = 0x" + "f" * 100_000,
    "def softmax(x):\n    return 0 * x",
    "def double(x):\n    return 2 * x",
)


def submission():
    cells = [{"cell_type": "code", "source": text, "metadata": {}} for text in CELLS]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return {"answers.ipynb": json.dumps(notebook).encode()}
