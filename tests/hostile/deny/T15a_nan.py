# Returns NaN everywhere, which a careless comparison takes for anything.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def softmax(x):
    return np.full_like(x, np.nan)


def double(x):
    return 2 * x
