# T39: looks for a process that it may signal: the parent, or anybody at all.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["pid", "landlock", "uid"]]
# [tier.landlock]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["signals"]]
# reason = "its processes are those of the grader's own user"

import os
import signal

import numpy as np


def attack():
    """SIGCONT goes through where SIGKILL would, and harms nobody."""
    near = range(max(2, os.getpid() - 300), os.getpid() + 300)
    return any(reached(pid) for pid in {os.getppid(), *near} - {0, os.getpid()})


def reached(pid):
    try:
        os.kill(pid, signal.SIGCONT)
    except OSError:
        return False
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
