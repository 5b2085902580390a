"""q11: two models on the same test images (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, that, value

OK_FORMAT = False
name = "q11"
points = None


@test_case(points=1, hidden=False)
def test_eight_images(accuracy_difference):
    """Of 8 images the second model alone gets 3 right, the first alone 1"""
    first = np.array([1, 1, 1, 0, 0, 0, 1, 0], bool)
    second = np.array([1, 1, 0, 1, 1, 1, 1, 0], bool)
    found = value(accuracy_difference(first, second))
    that(isinstance(found, tuple | list) and len(found) == 2, "expected two numbers")
    close(found[0], 0.25, rtol=1e-9, what="the difference")
    # sqrt(4 - 2²/8) / 8
    close(found[1], np.sqrt(3.5) / 8, rtol=1e-9, what="the standard error")
