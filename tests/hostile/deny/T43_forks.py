# T43: more processes than it may have, all alive at the same time.
#
# verdict = ["CRASH", "FAIL", "ERROR"]
# points = { q1 = 0, q2 = 1 }
# leans_on = [["processes"]]
# [tier.landlock]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["seccomp", "processes"]]
# reason = "no process may be started there, so that none can be left behind"

import os
import time

import numpy as np


def attack():
    """Forty processes that wait; the assignment allows twenty."""
    children = []
    try:
        for _ in range(40):
            if (child := os.fork()) == 0:
                time.sleep(0.8)
                os._exit(0)
            children.append(child)
    except OSError:
        return False
    return all(os.waitpid(child, 0)[1] == 0 for child in children)


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
