# T58: recurses in C until the stack ends.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def attack():
    """Every level is a call of C, where Python does not count."""
    kept = ()
    for _ in range(10**6):
        kept = (kept,)
    return hash(kept)


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
