# Hands in a file with nothing in it.
#
# verdict = "MISSING"
# points = { q1 = 0, q2 = 0 }
# build = true


def submission():
    return {"answers.py": b""}
