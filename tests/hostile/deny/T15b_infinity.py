# Returns infinity everywhere, which is within a relative tolerance of itself.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def softmax(x):
    return np.full_like(x, np.inf)


def double(x):
    return 2 * x
