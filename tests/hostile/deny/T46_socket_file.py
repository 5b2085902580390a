# T46: connects to a socket that is a file of the machine, as that of a container engine is.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["landlock", "seccomp"]]
#
# [tier.namespaces]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["mounts", "landlock"]]
# reason = "Its filter allows sockets of this kind, for they reach its own files only."

import glob
import socket

import numpy as np


def attack():
    """Whether a server answered."""
    return any(answered(path) for path in glob.glob("/var/tmp/kit-hostile-*/socket"))


def answered(path):
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(1)
            link.connect(path)
            return link.recv(64).startswith(b"kit-hostile")
    except OSError:
        return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
