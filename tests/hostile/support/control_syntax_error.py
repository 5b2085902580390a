# Does not compile.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 0 }
# findings = ["syntax"]
# build = true


def submission():
    return {"answers.py": b"def softmax(x):\n    return x /\n"}
