# T41: a loop in Python; bounded, so that it ends without a limit, too.
#
# verdict = "TIMEOUT"
# points = { q1 = 0, q2 = 1 }
# limits = { wall_seconds = 60 }
# leans_on = [["cpu"]]

import time

import numpy as np


def attack():
    """Two and a half times the processor time that a call may take."""
    end = time.process_time() + 2.5
    while time.process_time() < end:
        pass
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
