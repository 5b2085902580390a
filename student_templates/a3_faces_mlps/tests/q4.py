"""q4: a bound for every autoencoder, and the angles between subspaces (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q4"
points = None

# Four faces of three pixels, a face per column. Without their mean the squared singular values are
# 8 and 2.
FACES = np.array([[3.0, -1.0, 1.0, 1.0], [2.0, 2.0, 2.0, 2.0], [3.0, 3.0, 4.0, 2.0]])


@test_case(points=0.5, hidden=False)
def test_bound(mse_bound):
    """One hidden unit leaves 2 of the sum of squares of 12 numbers"""
    close(mse_bound(FACES, 1), 2 / 12, rtol=1e-9)  # float64


@test_case(points=0.5, hidden=False)
def test_angle(principal_angles):
    """A line in the xy-plane is at 30 degrees to the x-axis"""
    axis = np.array([[2.0], [0.0], [0.0]])
    line = np.array([[np.sqrt(3)], [1.0], [0.0]])
    close(principal_angles(axis, line), [np.pi / 6], rtol=1e-9)  # float64
