# T41: a regular expression that backtracks for some seconds, in C.
#
# verdict = "TIMEOUT"
# points = { q1 = 0, q2 = 1 }
# limits = { wall_seconds = 60 }
# leans_on = [["cpu"]]
# slow = true

import re

import numpy as np


def attack():
    """The time doubles with every letter."""
    return re.match(r"(a+)+$", "a" * 25 + "b") is None


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
