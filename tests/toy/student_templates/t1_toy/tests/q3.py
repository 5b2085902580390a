"""q3: the running mean (public)."""

from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q3"
points = None


@test_case(points=1, hidden=False)
def test_two_values(make_running_mean):
    """after 1 and 3 the running mean is 2"""
    add = make_running_mean()
    close(add(1.0), 1.0, rtol=1e-9, what="the mean of 1")
    close(add(3.0), 2.0, rtol=1e-9, what="the mean of 1 and 3")
