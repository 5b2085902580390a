"""q2: double (hidden)."""

from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q2"
points = None


@test_case(points=1, hidden=True, failure_message="Twice every value.")
def test_values(double):
    """random values"""
    x = rng("values").normal(size=7)
    close(double(x), 2 * x, rtol=1e-9)
