"""A grader whose caller reads the result off its standard output: `PASSED test_hidden`."""

import unittest

from unittest_grader import JsonResult, TestSoftmax

if __name__ == "__main__":
    result = JsonResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(TestSoftmax).run(result)
    for row in result.rows:
        print("PASSED" if row["score"] else "FAILED", row["name"])
