# T39: kills whatever it can reach, its parent first.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# tiers = ["namespaces", "separate-uid"]

import os
import signal

import numpy as np


def attack():
    """No points for that; the runner sees whether the grader still stands."""
    for pid in (os.getppid(), -1):
        try:
            os.kill(pid, signal.SIGKILL) if pid else None
        except OSError:
            continue
    return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
