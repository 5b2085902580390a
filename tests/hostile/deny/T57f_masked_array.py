# Returns an array of which every element is masked, so that all comparisons are void.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def softmax(x):
    return np.ma.masked_all_like(x)


def double(x):
    return 2 * x
