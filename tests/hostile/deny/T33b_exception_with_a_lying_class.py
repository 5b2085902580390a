# Raises an exception whose class, name, text and hash are all made up on demand.
#
# verdict = ["ERROR", "CRASH"]
# points = { q1 = 0, q2 = 1 }


class Meta(type):
    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, other):
        return True

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return 0

    @property
    def __name__(cls):
        return ["no", "string"]


class Liar(Exception, metaclass=Meta):
    @property
    def __class__(self):
        return AssertionError

    def __str__(self):
        raise SystemExit("PASS")

    __repr__ = __str__

    @property
    def __traceback__(self):
        raise KeyboardInterrupt


def softmax(x):
    raise Liar


def double(x):
    return 2 * x
