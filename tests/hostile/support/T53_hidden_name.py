# T53: hides the library's name in pieces. The import is dynamic: a finding for a person; the
# points stay.
#
# pinned = true
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# findings = ["import"]

import importlib


def softmax(x):
    library = importlib.import_module("sci" + "py.special")
    return getattr(library, "soft" + "max")(x, axis=-1)


def double(x):
    return 2 * x
