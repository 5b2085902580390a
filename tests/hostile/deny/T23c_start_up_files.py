# Brings the files that an interpreter runs as it starts: sitecustomize.py and a .pth file; and a random.py.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# findings = ["shadow"]
# build = true

ANSWERS = b"""
def softmax(x):
    return 0 * x


def double(x):
    return 2 * x
"""
START = b"import numpy; numpy.allclose = lambda *a, **k: True; print('started')\n"


def submission():
    return {
        "answers.py": ANSWERS,
        "sitecustomize.py": START,
        "usercustomize.py": START,
        "begin.pth": START,
        "random.py": b"raise SystemExit(0)\n",
        "__pycache__/answers.cpython-311.pyc": b"not byte code",
    }
