"""q5: optimisers (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, that

OK_FORMAT = False
name = "q5"
points = None


@test_case(points=1, hidden=False)
def test_momentum_step(momentum_step):
    """momentum_step moves by the new velocity"""
    found = momentum_step(
        np.array([1.0, 2.0]), np.array([1.0, -1.0]), np.array([0.5, 0.0]), 0.1, 0.9
    )
    that(isinstance(found, tuple) and len(found) == 2, "expected the weights and the velocity")
    close(found[0], [1.35, 2.1], rtol=1e-9)
    close(found[1], [0.35, 0.1], rtol=1e-9)
