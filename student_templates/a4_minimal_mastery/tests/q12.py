"""q12: from one sample to another (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, remote, shape

OK_FORMAT = False
name = "q12"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def between(slerp, first, second, weights):
    return slerp(torch.tensor(first), torch.tensor(second), weights)
"""


@test_case(points=0.75, hidden=False)
def test_right_angle(slerp):
    """Between two unit vectors at a right angle: both ends, and the middle of the arc"""
    first, second = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    found = remote.define(PROBE).between(slerp, first, second, [0.0, 0.5, 1.0])
    shape(found, (3, 1, 2), "the points")
    middle = np.sqrt([[0.5, 0.5]])
    close(found, [first, middle, second], rtol=1e-6, atol=1e-9, what="the points")
