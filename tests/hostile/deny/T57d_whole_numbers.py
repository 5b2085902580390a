# Returns whole numbers where fractions are asked for.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def softmax(x):
    return np.rint(np.exp(x)).astype(np.int64)


def double(x):
    return 2 * x
