# Raises an exception that, unpickled in a grader, writes the results and ends it.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }

import builtins


class Poisoned(Exception):
    def __reduce__(self):
        return builtins.exec, ("import os; os._exit(0)",)


def softmax(x):
    raise Poisoned("unpickle me")


def double(x):
    return 2 * x
