# Brings a solution.py, an oracle.py and a test file of its own, which agree with it.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# forges = ["otter", "unittest", "pytest", "star", "notebook", "pickle"]
# findings = ["shadow"]
# build = true

ANSWERS = b"""
def softmax(x):
    return 0 * x


def double(x):
    return 2 * x
"""
TEST = b"""
from otter.test_files import test_case

OK_FORMAT = False
name = "q1"
points = None


@test_case(points=1)
def test_three(softmax):
    pass
"""


def submission():
    return {
        "answers.py": ANSWERS,
        "solution.py": ANSWERS,
        "oracle.py": ANSWERS + b"\n\nreference_softmax = softmax\n",
        "tests/q1.py": TEST,
    }
