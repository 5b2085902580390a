# T36: puts a socket of its own in the place of the connection, to sit between the bridge and the
# grader.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import os
import socket

import numpy as np

KEPT = []


def attack():
    """From now on the bridge talks to this end."""
    ours, theirs = socket.socketpair()
    KEPT.append(ours)
    os.dup2(theirs.fileno(), 3)
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
