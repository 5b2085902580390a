# T44: a file of a terabyte that takes no room, until somebody copies it.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["rlimits"]]

import os
import tempfile

import numpy as np


def attack():
    """Whether the file can be that long."""
    path = os.path.join(tempfile.gettempdir(), "sparse")
    try:
        with open(path, "wb") as stream:
            stream.truncate(1 << 40)
    except OSError:
        return False
    return os.path.getsize(path) == 1 << 40


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
