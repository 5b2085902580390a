# T42: memory that is shared and has no name, touched by a child.
#
# verdict = "MEMORY"
# points = { q1 = 0, q2 = 1 }
# limits = { cpu_seconds = 20, call_seconds = 20, wall_seconds = 60 }
# leans_on = [["memory"]]

import mmap
import time

import numpy as np


def attack():
    """Twice the memory of the assignment in one shared mapping."""
    kept = mmap.mmap(-1, 600 << 20)
    for start in range(0, 600, 10):
        kept[start << 20 : (start + 10) << 20] = bytes(10 << 20)
        time.sleep(0.004)
    time.sleep(0.2)
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
