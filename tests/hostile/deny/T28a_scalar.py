# Returns one number for a whole array.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def softmax(x):
    return np.float64(1 / x.shape[-1])


def double(x):
    return 2 * x
