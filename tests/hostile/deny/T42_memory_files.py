# T42: fills files that live in memory only and are mapped nowhere, so that no process seems to
# use it.
#
# verdict = ["FAIL", "MEMORY"]
# points = { q1 = 0, q2 = 1 }
# limits = { cpu_seconds = 20, call_seconds = 20, wall_seconds = 60 }
# leans_on = [["seccomp", "disk"]]

import os

import numpy as np


def attack():
    """Twenty-four files of 15 MB: more than the memory of the assignment."""
    try:
        kept = [filled(f"part{number}") for number in range(24)]
    except OSError:
        return False
    for descriptor in kept:
        os.close(descriptor)
    return True


def filled(name):
    descriptor = os.memfd_create(name)
    os.posix_fallocate(descriptor, 0, 15 << 20)
    return descriptor


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
