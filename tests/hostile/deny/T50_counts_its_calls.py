# T50: is right once, for the public test, and gives the same answer ever after.
#
# verdict = "FAIL"
# points = { q1 = 1, q2 = 1 }

import numpy as np

KEPT = []


def softmax(x):
    """The first answer, kept for whatever comes."""
    if not KEPT:
        powers = np.exp(x - x.max(axis=-1, keepdims=True))
        KEPT.append(powers / powers.sum(axis=-1, keepdims=True))
    return KEPT[0]


def double(x):
    return 2 * x
