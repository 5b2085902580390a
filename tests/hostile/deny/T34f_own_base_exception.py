# Raises an exception of its own that no "except Exception" catches, wherever it is touched.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }


class Escape(BaseException):
    def __str__(self):
        raise Escape

    def __getattribute__(self, name):
        raise Escape


def softmax(x):
    raise Escape


def double(x):
    return 2 * x
