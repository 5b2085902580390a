# Leaves a process behind, in a session of its own, that rewrites the results later.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# forges = ["otter", "unittest", "pytest", "star", "notebook"]

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
        for folder in (".", *glob.glob("/tmp/kit-hostile-*/results")):
            try:
                with open(f"{folder}/{name}", "w") as stream:
                    stream.write(text)
            except OSError:
                pass


if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for _ in range(100):
            time.sleep(0.1)
            forge()
    os._exit(0)


def softmax(x):
    return np.zeros_like(x)


def double(x):
    return 2 * x
