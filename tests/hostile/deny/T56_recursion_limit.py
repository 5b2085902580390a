# T56: leaves Python no room to recurse; the bridge beside it cannot answer. It costs the
# submission itself.
#
# verdict = ["ERROR", "CRASH"]
# points = { q1 = 0, q2 = 1 }

import sys

import numpy as np


def softmax(x):
    sys.setrecursionlimit(20)
    return np.zeros_like(x)


def double(x):
    return 2 * x
