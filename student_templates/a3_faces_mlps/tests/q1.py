"""q1: faces as rows, and the autoencoder (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, shape, trusts, value

OK_FORMAT = False
name = "q1"
points = None

# Runs beside the student's code.
PROBE = """
def sizes(build_autoencoder, units):
    model = build_autoencoder(units)
    count = sum(parameter.numel() for parameter in model.parameters())
    return count, tuple(model.fc1.weight.shape), tuple(model.fc2.weight.shape)
"""


@test_case(points=0.5, hidden=False)
def test_faces_become_rows(parse_faces):
    """Two faces (2, 64, 64) of bytes become float32 rows (2, 4096) between 0 and 1"""
    faces = np.zeros((2, 64, 64), np.uint8)
    faces[0, 0, 1], faces[1, 1, 0] = 255, 51
    rows = parse_faces(faces)
    shape(rows, (2, 4096), "the rows")
    dtype(rows, "float32", "the rows")
    expected = np.zeros((2, 4096))
    expected[0, 1], expected[1, 64] = 1.0, 0.2
    close(rows, expected, rtol=1e-6, atol=1e-7, what="the rows")  # float32


@test_case(points=0.5, hidden=False)
@trusts("how many weights a network has, only the network can say")
def test_sizes(build_autoencoder):
    """With 16 hidden units there are 135,184 parameters, with 64 there are 528,448"""
    for units, expected in ((16, 135_184), (64, 528_448)):
        count, first, second = value(remote.define(PROBE).sizes(build_autoencoder, units))
        equal(first, (units, 4096), "the shape of fc1.weight")
        equal(second, (4096, units), "the shape of fc2.weight")
        equal(count, expected, "the number of parameters")
