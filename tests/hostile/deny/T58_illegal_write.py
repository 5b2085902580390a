# T58: overwrites the interpreter's own objects until it falls.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import ctypes

import numpy as np


def attack():
    """None is no more."""
    ctypes.memset(id(None), 255, 64)
    return [None for _ in range(1000)]


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
