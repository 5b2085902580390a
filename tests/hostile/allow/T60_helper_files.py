# Imports helpers of its own, a module and a package.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# build = true

ANSWERS = b"""
import my_maths
from tools.arrays import twice as double


def softmax(x):
    return my_maths.normalised(my_maths.powers(x))
"""
MATHS = b"""
import numpy as np


def powers(x):
    return np.exp(x - np.max(x, axis=-1, keepdims=True))


def normalised(x):
    return x / np.sum(x, axis=-1, keepdims=True)
"""


def submission():
    return {
        "answers.py": ANSWERS,
        "my_maths.py": MATHS,
        "tools/__init__.py": b"",
        "tools/arrays.py": b"def twice(x):\n    return x + x\n",
    }
