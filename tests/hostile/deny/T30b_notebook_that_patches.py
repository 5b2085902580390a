# Hands in a notebook whose cells silence the shell, patch NumPy and end the interpreter.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# build = true

import json

CELLS = (
    "get_ipython().showtraceback = lambda *a: None",
    "import numpy as np\nnp.allclose = lambda *a, **k: True",
    "%%bash\nrm -rf /",
    "!kill -9 -1",
    "import os\nos._exit(0)",
    "def softmax(x):\n    return np.zeros_like(x)",
    "def double(x):\n    return 2 * x",
    "while True:\n    pass",
)


def submission():
    cells = [{"cell_type": "code", "source": text, "metadata": {}} for text in CELLS]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return {"answers.ipynb": json.dumps(notebook).encode()}
