# Replaces the generator of the hidden inputs by one that draws zeros only.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# forges = ["otter", "unittest", "pytest", "star"]

import numpy as np


class Zeros:
    def __init__(self, *seed):
        pass

    def normal(self, loc=0.0, scale=1.0, size=None):
        return np.zeros(size)


np.random.default_rng = Zeros


def softmax(x):
    return np.full(x.shape, 1 / x.shape[-1])


def double(x):
    return 2 * x
