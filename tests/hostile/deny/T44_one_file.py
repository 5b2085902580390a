# T44: one file that is larger than its disk.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["tmp", "disk", "rlimits"]]

import os
import tempfile

import numpy as np


def attack():
    """Two and a half times the room that the assignment gives."""
    try:
        with open(os.path.join(tempfile.gettempdir(), "large"), "wb") as stream:
            for _ in range(40):
                stream.write(bytes(1 << 20))
    except OSError:
        return False
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
