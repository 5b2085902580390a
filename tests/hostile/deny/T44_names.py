# T44: twenty thousand empty files, to use up the names that a disk has.
#
# verdict = ["FAIL", "CRASH", "TIMEOUT"]
# points = { q1 = 0, q2 = 1 }
# leans_on = [["tmp", "disk"]]

import os
import tempfile

import numpy as np


def attack():
    """Whether all of them could be made."""
    try:
        folder = tempfile.mkdtemp()
        for number in range(20_000):
            os.close(os.open(f"{folder}/{number}", os.O_CREAT | os.O_WRONLY))
    except OSError:
        return False
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
