# T36: finds the connection among its descriptors and writes an answer to the question to come.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import json
import os
import socket
import struct

import numpy as np


def attack():
    """Forge the answers to the next questions, on every descriptor that is a socket."""
    for number in range(200):
        header = json.dumps({"b": [], "v": {"dict": [["number", number], ["ok", True]]}}).encode()
        for descriptor in range(3, 64):
            send(descriptor, struct.pack("<4sIQ", b"KIT1", len(header), 0) + header)
    return True


def send(descriptor, data):
    try:
        os.write(descriptor, data)
    except OSError:
        return


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
