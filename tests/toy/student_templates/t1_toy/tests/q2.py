"""q2: the moving average (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q2"
points = None


@test_case(points=1, hidden=False)
def test_small(moving_average):
    """the moving average of 1, 2, 3, 4 with width 2 is 1.5, 2.5, 3.5"""
    close(moving_average(np.array([1.0, 2.0, 3.0, 4.0]), 2), [1.5, 2.5, 3.5], rtol=1e-9)
