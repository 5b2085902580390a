# T53: hides the whole source in base64. A finding for a person; the points stay.
#
# pinned = true
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# findings = ["import"]

import base64


def softmax(x):
    space = {}
    exec(base64.b64decode("ZnJvbSBzY2lweS5zcGVjaWFsIGltcG9ydCBzb2Z0bWF4"), space)
    return space["softmax"](x, axis=-1)


def double(x):
    return 2 * x
