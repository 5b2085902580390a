# What students were given is handed in again: tests, a README, a notebook.
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
    return {
        "answers.py": ANSWERS,
        "tests/q1.py": b"name = 1\n",
        "test_public.py": b"raise SystemExit\n",
        "README.md": b"",
        "h1_softmax.ipynb": b"{}",
    }
