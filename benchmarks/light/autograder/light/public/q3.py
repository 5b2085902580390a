"""q3: normalisation (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q3"
points = None


@test_case(points=1, hidden=False)
def test_batch_norm(batch_norm):
    """batch_norm gives each feature the mean and the deviation asked for"""
    x = 3.0 + 2.0 * rng("batch").normal(size=(200, 3))
    out = batch_norm(x, np.array([1.0, 2.0, 0.5]), np.array([0.0, 1.0, -1.0]))
    close(np.mean(out, axis=0), [0.0, 1.0, -1.0], rtol=1e-6, atol=1e-9)
    close(np.std(out, axis=0), [1.0, 2.0, 0.5], rtol=1e-4)
