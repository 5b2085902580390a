# T41: a loop inside one call of the C library, where no Python signal handler runs.
#
# verdict = "TIMEOUT"
# points = { q1 = 0, q2 = 1 }
# limits = { wall_seconds = 60 }
# leans_on = [["cpu"]]
# slow = true

import itertools

import numpy as np


def attack():
    """Some seconds of one C loop."""
    return sum(itertools.repeat(1, 300_000_000)) > 0


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
