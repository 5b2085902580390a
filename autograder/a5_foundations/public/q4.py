"""q4: batch normalisation (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, value

OK_FORMAT = False
name = "q4"
points = None

# Two features with means 3 and 10, variances 4 and 25 (over 2), 8 and 50 (over 2 - 1).
X = np.array([[1.0, 5.0], [5.0, 15.0]])
GAMMA, BETA = np.array([2.0, 1.0]), np.array([0.0, 1.0])
ROUNDING = 1e-4  # eps takes 2e-6 of an output of 2; float32


@test_case(points=0.5, hidden=False)
def test_batch_of_two(batch_norm):
    """In training each feature is normalised by the batch, and the running ones move"""
    parts = batch_norm(X, GAMMA, BETA, np.zeros(2), np.ones(2), True)
    out, mean, var = value(parts)
    close(out, [[-2.0, 0.0], [2.0, 2.0]], rtol=0, atol=ROUNDING, what="the output")
    close(mean, [0.3, 1.0], rtol=0, atol=ROUNDING, what="the running mean")
    close(var, [1.7, 5.9], rtol=0, atol=ROUNDING, what="the running variance")


@test_case(points=0.5, hidden=False)
def test_running_statistics(batch_norm):
    """In inference the running mean and variance count, and stay as they are"""
    parts = batch_norm(X, GAMMA, BETA, np.array([1.0, 5.0]), np.array([4.0, 25.0]), False)
    out, mean, var = value(parts)
    close(out, [[0.0, 1.0], [4.0, 3.0]], rtol=0, atol=ROUNDING, what="the output")
    close(mean, [1.0, 5.0], rtol=0, atol=ROUNDING, what="the running mean")
    close(var, [4.0, 25.0], rtol=0, atol=ROUNDING, what="the running variance")


@test_case(points=0.5, hidden=False)
def test_backward(batch_norm_backward):
    """The gradients by gamma and beta of two examples"""
    grad = np.array([[1.0, 2.0], [3.0, 2.0]])
    _, dgamma, dbeta = value(batch_norm_backward(grad, X, GAMMA))
    close(dgamma, [2.0, 0.0], rtol=0, atol=ROUNDING, what="the gradient by gamma")
    close(dbeta, [4.0, 4.0], rtol=0, atol=ROUNDING, what="the gradient by beta")
