# T45: exceptions whose text would break a page, a table or a terminal; it is quoted, and
# harmless.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }

import numpy as np

NASTY = "\x00\x1b[2J]]></script><script>alert(1)</script>&lt;\ud800=HYPERLINK(1)\r\n\u202e"


def softmax(x):
    raise ValueError('=HYPERLINK("http://example.org")' + NASTY)


def double(x):
    print(NASTY.encode("utf-8", "surrogatepass"))
    return 2 * x
