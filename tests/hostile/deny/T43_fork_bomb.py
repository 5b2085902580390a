# T43: forks without an end: here, 200 processes at the same time.
#
# verdict = ["CRASH", "FAIL", "ERROR", "TIMEOUT"]
# points = { q1 = 0, q2 = 1 }
# leans_on = [["processes", "rlimits"]]
# slow = true
# [tier.landlock]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["seccomp", "processes", "rlimits"]]
# reason = "no process may be started there, so that none can be left behind"

import os
import time

import numpy as np


def attack():
    """Two hundred processes at the same time."""
    children = []
    try:
        while len(children) < 200:
            if (child := os.fork()) == 0:
                time.sleep(3)
                os._exit(0)
            children.append(child)
    except OSError:
        time.sleep(0.3)
        return False
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
