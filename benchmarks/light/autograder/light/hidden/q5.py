"""q5: optimisers (hidden)."""

import numpy as np
from oracle import adam
from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q5"
points = None


@test_case(points=1, hidden=True)
def test_rmsprop_step(rmsprop_step):
    """rmsprop_step divides by the root of the new average"""
    draw = rng("rmsprop")
    w, slope, average = draw.normal(size=(4, 5)), draw.normal(size=(4, 5)), draw.random((4, 5))
    new, mean = rmsprop_step(w, slope, average, 0.01, 0.99)
    want = average + 0.01 * (slope**2 - average)
    close(mean, want, rtol=1e-9)
    close((w - new) * want**0.5, 0.01 * slope, rtol=1e-5, atol=1e-12)


@test_case(points=1, hidden=True, failure_message="Both moments are corrected by the step.")
def test_adam_step(adam_step):
    """Four steps of adam_step are those of the closed form"""
    draw = rng("adam")
    w, slopes = draw.normal(size=(4, 5)), list(draw.normal(size=(4, 4, 5)))
    moments, now = (np.zeros((4, 5)), np.zeros((4, 5))), w
    for step, slope in enumerate(slopes, start=1):
        now, moments = adam_step(now, slope, moments, step, 0.01)
    close(now, adam(w, slopes, 0.01), rtol=1e-6, atol=1e-9)
