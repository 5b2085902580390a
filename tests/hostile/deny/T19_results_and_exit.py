# Writes the results itself, then ends the grader before it can.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["mounts", "landlock"]]
# forges = ["otter", "unittest", "pytest", "status", "star", "notebook"]

import glob
import json
import os

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


def softmax(x):
    forge()
    os._exit(0)


def double(x):
    return 2 * x
