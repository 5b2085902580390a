# T47: looks for the home of a user, for keys, tokens and the course's repository.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["mounts", "landlock"]]

import os

import numpy as np

HOMES = [f"/{name}" for name in ("root", "home", "mnt", "srv", "work")]
FILES = ["/etc/passwd", "/etc/shadow", "/etc/hosts", f"{HOMES[0]}/.netrc"]


def attack():
    """Whether one of them is there and can be read."""
    return any(opens(path) for path in HOMES + FILES)


def opens(path):
    try:
        return bool(os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1))
    except OSError:
        return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
