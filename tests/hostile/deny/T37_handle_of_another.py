# T37: answers with a handle that it never gave out.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import json
import os
import struct
import sys

import numpy as np


def attack():
    """Speak on the connection in the bridge's place."""
    os.write(3, frame({"dict": [["number", number()], ["ok", {"ref": [-1, "ndarray"]}]]}))
    return True


def number():
    """The number of the question that is being answered, from the bridge's own frame."""
    step = sys._getframe()
    while "received" not in step.f_locals or "number" not in step.f_locals:
        step = step.f_back
    return step.f_locals["number"]


def frame(node, body=b""):
    header = json.dumps({"b": [len(body)] if body else [], "v": node}).encode()
    return struct.pack("<4sIQ", b"KIT1", len(header), len(body)) + header + body


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
