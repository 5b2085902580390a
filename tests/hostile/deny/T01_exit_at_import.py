# Ends the interpreter with status 0 while it is imported.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 0 }

import sys

sys.exit(0)


def softmax(x):
    return x


def double(x):
    return 2 * x
