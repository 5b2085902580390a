# T55: hands in what tools run by themselves: Makefile, conftest, setup, hooks, filters, start-up
# files. Each would leave a mark; none is run.
#
# build = true
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

HONEST = """
import numpy as np


def softmax(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def double(x):
    return 2 * x
"""
MARK = "touch /var/tmp/kit-hostile-*/marks/run"
PYTHON = f"import os\nos.system({MARK!r})\n"


def submission():
    return {
        "answers.py": HONEST.encode(),
        "Makefile": f"all:\n\t{MARK}\n.DEFAULT: all\n".encode(),
        "conftest.py": PYTHON.encode(),
        "setup.py": PYTHON.encode(),
        "sitecustomize.py": PYTHON.encode(),
        "usercustomize.py": PYTHON.encode(),
        "grade.py": PYTHON.encode(),
        "autograder/h1_softmax/oracle.py": PYTHON.encode(),
        "pyproject.toml": b"[build-system]\nrequires = []\nbuild-backend = 'setup'\n",
        "requirements.txt": b"--index-url http://127.0.0.1:47047/\nkit-hostile\n",
        "start.pth": b"import os; os.abort()\n",
        ".gitattributes": b"* filter=run\n",
        ".git/config": f'[filter "run"]\nsmudge = {MARK}\n'.encode(),
        ".git/hooks/post-checkout": f"#!/bin/sh\n{MARK}\n".encode(),
        "assignment.toml": b"title = 'easy'\n[[question]]\nid = 'q1'\npoints = 100\n",
        "results.json": b'{"points": 300}',
    }
