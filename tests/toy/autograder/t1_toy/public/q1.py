"""q1: unit vectors and projections (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, raises, rng, shape

OK_FORMAT = False
name = "q1"
points = None


@test_case(points=1, hidden=False)
def test_unit_of_3_4(unit):
    """unit of (3, 4) is (0.6, 0.8)"""
    close(unit(np.array([3.0, 4.0])), [0.6, 0.8], rtol=1e-9, what="unit([3, 4])")


@test_case(points=0.5, hidden=False)
def test_project_shape(project):
    """project keeps the shape of its argument"""
    draw = rng("shape")
    shape(project(draw.normal(size=5), draw.normal(size=5)), (5,))


@test_case(points=0.5, hidden=False)
def test_unit_of_zero(unit):
    """unit of the zero vector raises ValueError"""
    raises(ValueError, unit, np.zeros(3))
