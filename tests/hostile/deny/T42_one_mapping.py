# T42: maps 64 GB in one piece, without touching it.
#
# verdict = ["FAIL", "MEMORY"]
# points = { q1 = 0, q2 = 1 }
# leans_on = [["rlimits"]]

import mmap

import numpy as np

MAP_NORESERVE = 0x4000


def attack():
    """The kernel allows it where no limit of the process forbids it."""
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_NORESERVE
    try:
        return len(mmap.mmap(-1, 64 << 30, flags=flags)) > 0
    except OSError:
        return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
