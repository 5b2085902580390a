# One question right, the other not attempted.
#
# verdict = "NOT_ATTEMPTED"
# points = { q1 = 0, q2 = 1 }


def softmax(x):
    raise NotImplementedError("softmax is not written yet")


def double(x):
    return x + x
