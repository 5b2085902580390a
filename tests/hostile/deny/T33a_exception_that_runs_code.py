# Raises an exception whose text, once a grader asks for it, changes the grader's rows.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }
# forges = ["unittest"]

import sys


class Generous(Exception):
    def __str__(self):
        frame = sys._getframe(1)
        while frame is not None:
            grader = frame.f_locals.get("self")
            if hasattr(grader, "rows"):
                test = frame.f_locals["test"]
                grader.row = lambda test, *rest: type(grader).row(grader, test, 1)
                return "nothing"
            frame = frame.f_back
        return "nothing"

    __repr__ = __str__


def softmax(x):
    raise Generous


def double(x):
    return 2 * x
