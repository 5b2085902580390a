# T46: opens sockets into the kernel: netlink, vsock, crypto, packets.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["seccomp"]]

import socket

import numpy as np

FAMILIES = {"netlink": 16, "packet": 17, "rds": 21, "can": 29, "alg": 38, "vsock": 40, "xdp": 44}


def attack():
    """Whether one of them could be opened."""
    return any(opens(family) for family in FAMILIES.values())


def opens(family):
    for kind in (socket.SOCK_STREAM, socket.SOCK_RAW, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            socket.socket(family, kind).close()
        except OSError:
            continue
        return True
    return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
