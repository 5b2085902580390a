# Ends the process with status 0 when it is called.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }
# forges = ["status"]

import os


def softmax(x):
    os._exit(0)


def double(x):
    return 2 * x
