# Has only one of the two functions.
#
# verdict = "MISSING"
# points = { q1 = 0, q2 = 1 }


def double(x):
    return 2 * x
