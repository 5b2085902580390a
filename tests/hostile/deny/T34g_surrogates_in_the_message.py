# Raises an exception whose text is no text that can be written.
#
# verdict = ["ERROR", "CRASH"]
# points = { q1 = 0, q2 = 1 }


def softmax(x):
    raise ValueError("\ud800\udfff\x00\u202e]]></failure><testcase/>" * 10)


def double(x):
    return 2 * x
