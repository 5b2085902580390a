# T44: mounts a disk of its own, without a limit, over its folder.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["capabilities", "seccomp", "landlock", "uid"]]
# tiers = ["namespaces", "separate-uid"]

import ctypes
import os
import tempfile

import numpy as np


def attack():
    """Whether the mount was done."""
    folder = tempfile.mkdtemp().encode()
    return ctypes.CDLL(None).mount(b"tmpfs", folder, b"tmpfs", ctypes.c_ulong(0), b"size=1g") == 0


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
