# Replaces the reference by itself, in the modules that the tests import it from.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# forges = ["otter", "unittest", "pytest"]
# findings = ["import"]

import numpy as np


def softmax(x):
    return np.zeros_like(x)


try:
    import solution

    solution.softmax = softmax
except ImportError:
    pass
try:
    import oracle

    oracle.reference_softmax = softmax
except ImportError:
    pass


def double(x):
    return 2 * x
