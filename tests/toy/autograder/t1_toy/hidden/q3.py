"""q3: the running mean (hidden)."""

from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q3"
points = None


@test_case(points=1, hidden=True, failure_message="Feed it ten values, one after the other.")
def test_ten_values(make_running_mean):
    """the mean of ten random values, one at a time"""
    values = [float(v) for v in rng("ten").normal(size=10)]
    add = make_running_mean()
    for count, item in enumerate(values, start=1):
        close(add(item), sum(values[:count]) / count, rtol=1e-7, atol=1e-12)


@test_case(points=1, hidden=True, failure_message="Where does the state of each mean live?")
def test_two_means_are_apart(make_running_mean):
    """two running means do not share their state"""
    first, second = make_running_mean(), make_running_mean()
    first(10.0)
    close(second(2.0), 2.0, rtol=1e-9)
    close(first(20.0), 15.0, rtol=1e-9)
