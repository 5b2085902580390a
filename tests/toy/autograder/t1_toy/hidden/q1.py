"""q1: unit vectors and projections (hidden)."""

from oracle import foot_of_perpendicular
from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q1"
points = None


@test_case(points=1, hidden=True, failure_message="Which norm has your vector?")
def test_unit_has_length_one(unit):
    """unit returns a vector of Euclidean length one, in the same direction"""
    x = rng("length").normal(size=6)
    close(unit(x), x / (x @ x) ** 0.5, rtol=1e-9)


@test_case(points=1, hidden=True, failure_message="Is your direction of length one already?")
def test_project_by_least_squares(project):
    """project agrees with least squares for a direction of any length"""
    draw = rng("project")
    x, direction = draw.normal(size=4), 3.0 * draw.normal(size=4)
    close(project(x, direction), foot_of_perpendicular(x, direction), rtol=1e-9, atol=1e-12)
