# Warns, sets warning filters and divides by zero on the way.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

import warnings

import numpy as np

warnings.simplefilter("error", DeprecationWarning)


def softmax(x):
    warnings.warn("this is slow", stacklevel=1)
    np.log(np.zeros(1))  # a RuntimeWarning
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def double(x):
    warnings.warn("that is old", FutureWarning, stacklevel=2)
    return 2 * x
