# Hands in megabytes of code, which the grader would take minutes to look through.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# limits = { submission_mb = 8 }
# findings = ["size"]
# build = true

ANSWERS = b"""
def softmax(x):
    return 0 * x


def double(x):
    return 2 * x
"""
DATA = b"x = {\n" + b"# 1: 1, 1: 1, 1: 1, 1: 1\n" * 5_000 + b"}\n"


def submission():
    helpers = {f"data_{number}.py": DATA for number in range(40)}
    return {"answers.py": ANSWERS, **helpers}
