# A byte-order mark in front, as Notepad writes it.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# build = true
# findings = ["encoding"]

ANSWERS = b"""
import numpy as np


def softmax(x):
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def double(x):
    return 2 * x
"""


def submission():
    return {"answers.py": b"\xef\xbb\xbf" + ANSWERS}
