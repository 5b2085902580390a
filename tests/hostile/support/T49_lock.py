# T49: two submissions that run side by side signal each other with locks on a file of the system
# that both may read: a bit at a time, and no limit of the jail is in the way.
#
# pinned = true
# beside = true
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

import fcntl
import os

import numpy as np

FILE = os.open(np.__file__, os.O_RDONLY)
HELD = []


def attack():
    """Whether the other one holds the lock; if nobody does, this one takes it."""
    if HELD:
        return False
    try:
        fcntl.flock(FILE, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    HELD.append(FILE)
    return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
