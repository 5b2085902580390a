# T47: reads a file that only the grader's own user may read.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["landlock", "uid"]]
# tiers = ["separate-uid", "landlock"]

import os

import numpy as np


def attack():
    """Whether the file could be read."""
    return any(read(path) for path in found("private/roster.csv"))


def found(tail):
    try:
        names = os.listdir("/var/tmp")
    except OSError:
        return []
    return [f"/var/tmp/{name}/{tail}" for name in names if name.startswith("kit-hostile-")]


def read(path):
    try:
        with open(path, "rb") as stream:
            return stream.read().startswith(b"kit-hostile")
    except OSError:
        return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
