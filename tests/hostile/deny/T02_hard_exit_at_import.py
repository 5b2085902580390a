# Ends the process with status 0 while it is imported, past every exception handler.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 0 }
# forges = ["status"]

import os

os._exit(0)


def softmax(x):
    return x


def double(x):
    return 2 * x
