# Returns the right numbers as text.
#
# verdict = ["ERROR", "FAIL"]
# points = { q1 = 0, q2 = 1 }

import numpy as np


def softmax(x):
    powers = np.exp(x)
    return (powers / powers.sum(axis=-1, keepdims=True)).astype(str)


def double(x):
    return 2 * x
