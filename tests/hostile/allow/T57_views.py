# Returns views: transposed twice, reversed twice, with gaps in memory.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

import numpy as np


def softmax(x):
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    result = powers / np.sum(powers, axis=-1, keepdims=True)
    return np.asfortranarray(result)[..., ::-1][..., ::-1]


def double(x):
    wide = np.zeros((x.size, 5))
    wide[:, 3] = 2 * x
    return wide[:, 3]
