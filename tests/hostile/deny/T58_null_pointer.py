# T58: reads from address zero.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import ctypes

import numpy as np


def attack():
    """The process ends with a signal."""
    return ctypes.string_at(0)


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
