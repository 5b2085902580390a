# T46: asks a name server on the grader's machine, with one datagram.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["network", "seccomp"]]

import socket

import numpy as np

PORT = 47047  # the bait listens there on the grader's machine


def attack():
    """Whether a server answered."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.settimeout(0.5)
            link.sendto(
                b"\x12\x34\x01\x00\x00\x01" + bytes(6) + b"\x07example\x03org\x00",
                ("127.0.0.1", PORT),
            )
            return link.recv(64).startswith(b"kit-hostile")
    except OSError:
        return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
