# Returns a list that holds itself.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }


def softmax(x):
    result = [0.125, 0.25]
    result.append(result)
    return result


def double(x):
    return 2 * x
