# Raises an exception with a message of forty million characters.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }


def softmax(x):
    raise ValueError("\n\x1b[31m" + "long " * 8_000_000)


def double(x):
    return 2 * x
