# T45: prints 300 MB, so that the grader keeps it and runs out of memory; it gets no points for
# that.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["output"]]
# limits = { cpu_seconds = 5, call_seconds = 5 }

import os

import numpy as np


def attack():
    """What the runner looks at is the memory of the grader."""
    for _ in range(300):
        os.write(1, bytes(1 << 20))
    return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
