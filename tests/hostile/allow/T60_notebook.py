# Hands in a notebook, with plots, shell lines and experiments around the functions.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# findings = ["layout"]
# build = true

import json

CELLS = (
    "%matplotlib inline\n!pip install numpy\nimport numpy as np",
    "FACTOR = 2\nnp.set_printoptions(precision=3)",
    "get_ipython().run_line_magic = lambda *a: None",
    "def softmax(x):\n    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))\n"
    "    return powers / np.sum(powers, axis=-1, keepdims=True)",
    "softmax(np.arange(3.0))",
    "%%time\nfor _ in range(10**9):\n    softmax(np.arange(9.0))",
    "def double(x):\n    return FACTOR * x",
    "assert double(2) == 4\ndouble?",
)


def submission():
    cells = [{"cell_type": "markdown", "source": "# Exercise 1", "metadata": {}}]
    cells += [
        {"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in CELLS
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return {"homework.ipynb": json.dumps(notebook).encode()}
