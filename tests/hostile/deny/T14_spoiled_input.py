# Overwrites its input, from which the expected value is computed only afterwards.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# forges = ["otter", "unittest", "pytest", "star", "stdout"]

import numpy as np


def softmax(x):
    x[...] = 0
    return np.full_like(x, 1 / x.shape[-1])


def double(x):
    return 2 * x
