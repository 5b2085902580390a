# Returns a generator in place of an array.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def softmax(x):
    powers = np.exp(x)
    return (row / row.sum() for row in np.atleast_2d(powers))


def double(x):
    return 2 * x
