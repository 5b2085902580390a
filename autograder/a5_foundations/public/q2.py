"""q2: softmax and cross-entropy (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q2"
points = None

# exp gives 1, 2, 5 and 4, 4, 2: the sums are 8 and 10.
LOGITS = np.log([[1.0, 2.0, 5.0], [4.0, 4.0, 2.0]])
SHARES = np.array([[0.125, 0.25, 0.625], [0.4, 0.4, 0.2]])
LABELS = np.array([1, 0])
ROUNDING = 1e-5  # lets float32 pass


@test_case(points=0.5, hidden=False)
def test_softmax(softmax):
    """The softmax of each row sums to 1"""
    close(softmax(LOGITS), SHARES, rtol=0, atol=ROUNDING, what="the softmax")


@test_case(points=0.5, hidden=False)
def test_cross_entropy(cross_entropy, cross_entropy_backward):
    """The mean cross-entropy of two examples and its gradient"""
    expected = -(np.log(0.25) + np.log(0.4)) / 2
    close(cross_entropy(LOGITS, LABELS), expected, rtol=0, atol=ROUNDING, what="the loss")
    grad = cross_entropy_backward(LOGITS, LABELS)
    expected = [[0.0625, -0.375, 0.3125], [-0.3, 0.2, 0.1]]
    close(grad, expected, rtol=0, atol=ROUNDING, what="the gradient")
