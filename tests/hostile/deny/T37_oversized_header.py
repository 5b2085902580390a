# T37: announces a header of four gigabytes.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import os
import struct
import time

import numpy as np


def attack():
    """Speak on the connection in the bridge's place."""
    os.write(3, struct.pack("<4sIQ", b"KIT1", 0xFFFFFFFF, 0))
    time.sleep(30)
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
