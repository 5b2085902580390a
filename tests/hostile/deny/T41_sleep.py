# T41: sleeps, which takes no processor time.
#
# verdict = "TIMEOUT"
# points = { q1 = 0, q2 = 1 }
# limits = { wall_seconds = 1 }
# leans_on = [["wall"]]

import time

import numpy as np


def attack():
    """More than the time that a question may take by the clock."""
    time.sleep(2)
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
