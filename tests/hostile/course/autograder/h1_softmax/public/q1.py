"""q1: softmax (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q1"
points = None


@test_case(points=1, hidden=False)
def test_three(softmax):
    """softmax of 0, ln 2, ln 5 is 1/8, 2/8, 5/8"""
    close(softmax(np.log([1.0, 2.0, 5.0])), [0.125, 0.25, 0.625], rtol=1e-9)
