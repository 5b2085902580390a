# Returns lists in lists that form no array.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }


def softmax(x):
    return [[1.0], [2.0, 3.0], [[[]]]]


def double(x):
    return 2 * x
