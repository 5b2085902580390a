# T42: every child stays below the limit of a process; together they do not.
#
# verdict = "MEMORY"
# points = { q1 = 0, q2 = 1 }
# limits = { cpu_seconds = 20, call_seconds = 20, wall_seconds = 60 }
# leans_on = [["memory"]]
# [tier.landlock]
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["seccomp", "memory"]]
# reason = "no process may be started there, so that none can be left behind"

import os
import time

import numpy as np


def attack():
    """Six children with 100 MB each, alive at the same time."""
    children = [child for _ in range(6) if (child := fork())]
    return all(os.waitpid(child, 0)[1] == 0 for child in children)


def fork():
    if (child := os.fork()) == 0:
        kept = np.ones(100 << 20, np.uint8)
        time.sleep(0.6)
        os._exit(int(kept[0]) - 1)
    return child


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
