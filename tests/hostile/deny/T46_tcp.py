# T46: connects to a server on the grader's machine.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["network", "landlock", "seccomp"]]

import socket

import numpy as np

PORT = 47047  # the bait listens there on the grader's machine


def attack():
    """Whether a server answered."""
    return any(answered(host) for host in ("127.0.0.1", "::1"))


def answered(host):
    try:
        with socket.create_connection((host, PORT), timeout=1) as link:
            return link.recv(64).startswith(b"kit-hostile")
    except OSError:
        return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
