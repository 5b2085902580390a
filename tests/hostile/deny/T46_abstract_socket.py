# T46: connects to a socket of the machine that has a name but no file.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["network", "landlock", "seccomp"]]

import socket

import numpy as np


def attack():
    """Whether a server answered."""
    return any(answered(name) for name in names())


def names():
    try:
        with open("/proc/net/unix") as stream:
            found = [line.split()[-1] for line in stream]
    except OSError:
        return []
    return ["\0" + name[1:] for name in found if name.startswith("@kit-hostile-")]


def answered(name):
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(1)
            link.connect(name)
            return link.recv(64).startswith(b"kit-hostile")
    except OSError:
        return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
