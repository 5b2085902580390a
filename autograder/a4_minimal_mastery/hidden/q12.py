"""q12: from one sample to another (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, finite, remote, rng, value

OK_FORMAT = False
name = "q12"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def between(slerp, first, second, weights):
    return slerp(torch.tensor(first), torch.tensor(second), weights)
"""

WEIGHTS = [0.0, 0.1, 0.45, 0.8, 1.0]


@test_case(
    points=0.75,
    hidden=True,
    failure_message="The angle is that between the whole vectors, whatever their shape, divided by "
    "both lengths.",
)
def test_any_two(slerp):
    """Noise of the shape of images, of different lengths, at small, acute and obtuse angles"""
    draw = rng("any")
    noise = [draw.normal(size=(3, 4, 5)) for _ in range(3)]
    for first, second in (
        (noise[0], noise[1]),
        (noise[0], 2.5 * noise[2] + noise[0]),
        (3 * noise[1], noise[2] - 0.6 * noise[1]),
        (noise[0], 2 * noise[0] + 0.6 * noise[2]),
    ):
        found = remote.define(PROBE).between(slerp, first, second, WEIGHTS)
        expected = oracle.arc(first, second, WEIGHTS)
        close(found, expected, rtol=1e-5, atol=1e-6, what="the points")  # float64


@test_case(
    points=0.5,
    hidden=True,
    failure_message="sin(a) is 0 where both have one direction: go along the line there.",
)
def test_one_direction(slerp):
    """Vectors twice, and twice as long: rounding makes the cosine of some larger than 1"""
    probe = remote.define(PROBE)
    for row, first in enumerate(rng("parallel").normal(size=(40, 3, 4)).astype(np.float32)):
        factor = 1 + row % 2
        found = probe.between(slerp, first, factor * first, WEIGHTS)
        finite(found, "the points")
        expected = [(1 + w * (factor - 1)) * first for w in WEIGHTS]
        close(value(found), np.stack(expected), rtol=1e-4, atol=1e-5, what="the points")
