"""q4: convolution and pooling (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q4"
points = None


@test_case(points=1, hidden=False)
def test_max_pool(max_pool):
    """max_pool takes the largest of each window"""
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    close(max_pool(x, 2), [[[[5, 7], [13, 15]]]], rtol=1e-9)
