# T39: kills whatever it can reach, its parent first.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["pid", "landlock", "uid"]]
# tiers = ["namespaces", "separate-uid"]

import os
import signal

import numpy as np


def attack():
    """Whether there was anybody to kill."""
    return any([kill(pid) for pid in (os.getppid(), -1) if pid])


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return False
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
