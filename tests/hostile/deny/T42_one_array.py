# T42: one array of eight terabytes.
#
# verdict = "MEMORY"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def attack():
    """An exception in the student's code, and no more."""
    return np.ones(1 << 40).sum()


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
