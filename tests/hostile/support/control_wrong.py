# Everything wrong.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 0 }


def softmax(x):
    return x


def double(x):
    return x
