# Raises what closes a generator.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }


def softmax(x):
    raise GeneratorExit


def double(x):
    return 2 * x
