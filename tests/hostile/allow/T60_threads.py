# Uses threads, a process pool's cousin, for no good reason.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# findings = ["import"]

from concurrent.futures import ThreadPoolExecutor

import numpy as np


def row_softmax(row):
    powers = np.exp(row - row.max())
    return powers / powers.sum()


def softmax(x):
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(row_softmax, np.atleast_2d(x)))
    return np.stack(rows).reshape(x.shape)


def double(x):
    return 2 * x
