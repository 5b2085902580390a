# T38: rewrites the jailed half of the bridge in its own memory, with ctypes and by name.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import ctypes
import sys

import numpy as np


def attack():
    """Whatever the patched half says, the grader still compares the values."""
    server = sys.modules["kit.bridge.server"]
    server.wire.encode = lambda *_, **__: [b"PASS" * 8]
    ctypes.memset(id(np.allclose) + 64, 0, 1)
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
