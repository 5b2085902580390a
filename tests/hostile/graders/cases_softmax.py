"""What every grader here but otter's asks of `softmax`: a public and a hidden comparison."""

import numpy as np

PUBLIC = np.log([1.0, 2.0, 5.0]), [0.125, 0.25, 0.625]


def hidden_input():
    """The input that students do not know."""
    return np.random.default_rng(271828).normal(scale=3.0, size=(4, 5))


def alike(actual, expected):
    """Whether two results are close."""
    return np.allclose(actual, expected)


def check_alike(actual, expected):
    """Raise unless two results are close."""
    np.testing.assert_allclose(actual, expected, rtol=1e-6)
