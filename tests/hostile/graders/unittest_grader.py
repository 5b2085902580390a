"""A grader in the style of a JSON test runner: unittest in one process, rows into results.json."""

import json
import unittest

from answers import softmax
from cases_softmax import PUBLIC, alike, hidden_input
from solution import softmax as reference


class TestSoftmax(unittest.TestCase):
    def test_public(self):
        x, expected = PUBLIC
        self.assertTrue(alike(softmax(x), expected))

    def test_hidden(self):
        x = hidden_input()
        y = softmax(x)
        self.assertTrue(alike(y, reference(x)))


class JsonResult(unittest.TestResult):
    """Keeps a row for every test."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def row(self, test, score, output=""):
        name = test.id().rpartition(".")[2]
        self.rows.append({"name": name, "score": score, "max_score": 1, "output": output})

    def addSuccess(self, test):
        super().addSuccess(test)
        self.row(test, 1)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.row(test, 0, str(error[1]))

    def addError(self, test, error):
        super().addError(test, error)
        self.row(test, 0, str(error[1]))


if __name__ == "__main__":
    result = JsonResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(TestSoftmax).run(result)
    with open("results.json", "w") as stream:
        json.dump({"tests": result.rows}, stream)
