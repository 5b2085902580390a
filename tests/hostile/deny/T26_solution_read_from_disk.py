# Looks for the solution and the tests in every folder that it can reach, and runs what it finds.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["mounts", "landlock"]]
# forges = ["otter", "unittest", "pytest", "status", "star", "stdout", "notebook", "pickle"]
# findings = ["dynamic"]

import glob

import numpy as np

PLACES = (".", "..", "/proc/*/cwd", "/autograder/source", "/var/tmp/kit-course-*/course")
NAMES = ("solution.py", "solutions/h1_softmax/answers.py", "autograder/h1_softmax/oracle.py")


def stolen():
    for place in PLACES:
        for name in NAMES:
            for path in glob.glob(f"{place}/{name}"):
                try:
                    with open(path) as stream:
                        names = {}
                        exec(stream.read(), names)
                except OSError:
                    continue
                return names.get("softmax") or names["reference_softmax"]
    return np.zeros_like


def softmax(x):
    return stolen()(x)


def double(x):
    return 2 * x
