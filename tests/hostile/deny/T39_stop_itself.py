# T39: stops itself with SIGSTOP, so that the grader waits.
#
# verdict = ["TIMEOUT", "FAIL"]
# points = { q1 = 0, q2 = 1 }
# limits = { wall_seconds = 1 }

import os
import signal

import numpy as np


def attack():
    """Pid 1 of its namespace cannot be stopped; anybody else meets the clock."""
    os.kill(os.getpid(), signal.SIGSTOP)


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
