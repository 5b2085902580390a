# T44: many files of a megabyte, each below the limit of a file.
#
# verdict = ["FAIL", "CRASH"]
# points = { q1 = 0, q2 = 1 }
# leans_on = [["tmp", "disk"]]

import os
import tempfile
import time

import numpy as np


def attack():
    """Sixty megabytes where sixteen are allowed, for a moment."""
    folder = tempfile.gettempdir()
    try:
        for number in range(60):
            with open(os.path.join(folder, f"part{number}"), "wb") as stream:
                stream.write(bytes(1 << 20))
            time.sleep(0.005)
    except OSError:
        return False
    time.sleep(0.2)
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
