# T53: lets another library compute it. A finding for a person; the points stay.
#
# pinned = true
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# findings = ["import"]

import scipy.special


def softmax(x):
    return scipy.special.softmax(x, axis=-1)


def double(x):
    return 2 * x
