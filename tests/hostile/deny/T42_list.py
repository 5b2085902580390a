# T42: takes more memory than it may, piece by piece.
#
# verdict = "MEMORY"
# points = { q1 = 0, q2 = 1 }
# limits = { cpu_seconds = 20, call_seconds = 20, wall_seconds = 60 }
# leans_on = [["memory"]]

import time

import numpy as np


def attack():
    """Twice the memory of the assignment, in use for a moment."""
    kept = []
    for _ in range(60):
        kept.append(np.ones(10 << 20, np.uint8))
        time.sleep(0.004)
    time.sleep(0.2)
    return len(kept) == 60


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
