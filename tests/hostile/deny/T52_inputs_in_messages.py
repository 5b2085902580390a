# T52: raises exceptions that spell its inputs, in their text and in the name of their class, and
# prints them.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }

import sys

import numpy as np


def softmax(x):
    """The hidden input, on every way out that there is."""
    text = " ".join(repr(float(value)) for value in np.ravel(x))
    print(text)
    print(text, file=sys.stderr)
    name = "Error" + text.replace(".", "_").replace("-", "m").replace(" ", "_")
    raise type(name, (ValueError,), {})(text)


def double(x):
    return 2 * x
