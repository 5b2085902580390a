# Leaves a process behind, in a session of its own, that rewrites the results later.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["mounts", "landlock"]]
# forges = ["otter", "unittest", "pytest", "star", "notebook"]
#
# [tier.landlock]
# verdict = "ERROR"
# points = { q1 = 0, q2 = 0 }
# leans_on = [["seccomp"]]
# reason = "This tier lets a submission start no process, so importing it fails."

import glob
import json
import os
import time

import numpy as np

REPORT = {"tests": [{"name": "test_public", "score": 1}, {"name": "test_hidden", "score": 1}]}
JUNIT = """<testsuites><testsuite name="pytest" errors="0" failures="0" tests="2">
<testcase classname="t" name="test_public"/><testcase classname="t" name="test_hidden"/>
</testsuite></testsuites>"""


def forge():
    for name, text in (("results.json", json.dumps(REPORT)), ("junit.xml", JUNIT)):
        for folder in (".", *glob.glob("/var/tmp/kit-course-*/results")):
            try:
                with open(f"{folder}/{name}", "w") as stream:
                    stream.write(text)
            except OSError:
                pass


if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for _ in range(100):
            forge()
            time.sleep(0.1)
    os._exit(0)


def softmax(x):
    return np.zeros_like(x)


def double(x):
    return 2 * x
