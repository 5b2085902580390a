# T37: sends lists nested 10,000 deep.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import os
import struct

import numpy as np


def attack():
    """Speak on the connection in the bridge's place."""
    header = b'{"b":[],"v":' + b"[" * 10_000 + b"]" * 10_000 + b"}"
    os.write(3, struct.pack("<4sIQ", b"KIT1", len(header), 0) + header)
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
