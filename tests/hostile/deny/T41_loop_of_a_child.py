# T41: lets a child burn the processor while it waits itself.
#
# verdict = "TIMEOUT"
# points = { q1 = 0, q2 = 1 }
# limits = { wall_seconds = 60 }
# leans_on = [["cpu"]]
# [tier.landlock]
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["seccomp", "cpu"]]
# reason = "no process may be started there, so that none can be left behind"

import os
import time

import numpy as np


def attack():
    """The child's time counts as the submission's."""
    if (child := os.fork()) == 0:
        end = time.process_time() + 2.5
        while time.process_time() < end:
            pass
        os._exit(0)
    os.waitpid(child, 0)
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
