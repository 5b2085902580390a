"""q2: the moving average (hidden)."""

import numpy as np
from oracle import window_means
from otter.test_files import test_case

from kit.testing import close, raises, rng

OK_FORMAT = False
name = "q2"
points = None


@test_case(points=1, hidden=True, failure_message="Try a width of 3 on values that are no line.")
def test_random_signal(moving_average):
    """a random signal of 20 values with width 3, and with the smallest and the largest width"""
    signal = rng("signal").normal(size=20)
    for width in (3, 1, 20):
        expected = window_means(signal, width)
        close(moving_average(signal, width), expected, rtol=1e-7, atol=1e-12)


@test_case(points=1, hidden=True, failure_message="What does the docstring say of widths?")
def test_widths_out_of_range(moving_average):
    """a width of 0 and a width above n raise ValueError"""
    raises(ValueError, moving_average, np.ones(3), 0)
    raises(ValueError, moving_average, np.ones(3), 4)
