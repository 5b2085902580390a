"""A grader that runs the hand-in in a process of its own, and unpickles what that returns."""

import json
import pickle
import subprocess
import sys

from cases_softmax import PUBLIC, alike, hidden_input
from solution import softmax as reference

CHILD = """
import pickle, sys
out = sys.stdout.buffer
sys.stdout = sys.stderr
from answers import softmax
out.write(pickle.dumps(softmax(pickle.load(sys.stdin.buffer))))
"""


def softmax(x):
    """The hand-in's answer."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=pickle.dumps(x), capture_output=True, check=True
    )
    return pickle.loads(done.stdout)


def test_public():
    x, expected = PUBLIC
    assert alike(softmax(x), expected)


def test_hidden():
    x = hidden_input()
    assert alike(softmax(x), reference(x))


if __name__ == "__main__":
    rows = []
    for test in (test_public, test_hidden):
        try:
            test()
        except Exception:
            rows.append({"name": test.__name__, "score": 0})
        else:
            rows.append({"name": test.__name__, "score": 1})
    with open("results.json", "w") as stream:
        json.dump({"tests": rows}, stream)
