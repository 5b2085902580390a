# A notebook with a short cell of which the compiler makes gigabytes.
#
# verdict = ["MEMORY", "TIMEOUT"]
# points = { q1 = 0, q2 = 0 }
# build = true

import json

RETURNS, STATEMENTS = 1000, 12000


def submission():
    lines = ["def softmax(x):", " try:", *["  if x: return"] * RETURNS, " finally:"]
    lines.append("  " + ";".join(["x"] * STATEMENTS))
    cells = [
        {"cell_type": "code", "source": "\n".join(lines), "metadata": {}},
        {"cell_type": "code", "source": "def double(x):\n    return 2 * x", "metadata": {}},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return {"answers.ipynb": json.dumps(notebook).encode()}
