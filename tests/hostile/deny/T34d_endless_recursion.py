# Calls itself until Python's stack ends.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }


def softmax(x):
    return softmax(x)


def double(x):
    return 2 * x
