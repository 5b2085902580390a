# Raises what Ctrl-C raises, which ends graders that let it through.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }


def softmax(x):
    raise KeyboardInterrupt


def double(x):
    return 2 * x
