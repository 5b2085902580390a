# Declared and saved as Latin-1, with umlauts in a comment.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# build = true

ANSWERS = b"""
import numpy as np


def softmax(x):
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def double(x):
    return 2 * x
"""


def submission():
    return {"answers.py": "# -*- coding: latin-1 -*-\n# für Größen\n".encode("latin-1") + ANSWERS}
