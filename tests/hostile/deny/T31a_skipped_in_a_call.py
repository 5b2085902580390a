# Skips the test from within, where what is skipped has not failed.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }
# forges = ["pytest", "status"]
# findings = ["import"]


def softmax(x):
    import pytest

    pytest.skip("not today")


def double(x):
    return 2 * x
