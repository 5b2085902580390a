# T49: two submissions that run side by side share a file.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# beside = true
# tiers = ["separate-uid", "landlock"]
# [tier.landlock]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["landlock"]]
# reason = "each has a folder of its own there, and no other"
# [tier.separate-uid]
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# reason = "/dev/shm is one folder for all users, and honest pools of processes need it; it is swept"

import glob
import os

import numpy as np

MINE = os.urandom(8).hex()
PLACES = ("/tmp", "/var/tmp", "/dev/shm", *glob.glob("/tmp/*/"), *glob.glob("/tmp/*/*/"))


def attack():
    """Whether another process's mark is to be read; ours lies in every place that takes it."""
    found = [read(place) for place in PLACES]
    for place in PLACES:
        leave(place)
    return any(mark and mark != MINE for mark in found)


def read(place):
    try:
        with open(f"{place}/kit-hostile-answers") as stream:
            return stream.read()
    except OSError:
        return ""


def leave(place):
    try:
        with open(f"{place}/kit-hostile-answers", "w") as stream:
            stream.write(MINE)
    except OSError:
        return


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
