"""q2: an affine layer (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, remote

OK_FORMAT = False
name = "q2"
points = None


@test_case(points=1, hidden=False)
def test_one_row(Affine):
    """x w^T + b for one row"""
    weight, bias = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 20.0])
    layer = Affine(remote.torch.from_numpy(weight), remote.torch.from_numpy(bias))
    close(layer(remote.torch.from_numpy(np.array([[1.0, 1.0]]))), [[13.0, 27.0]], rtol=1e-6)
