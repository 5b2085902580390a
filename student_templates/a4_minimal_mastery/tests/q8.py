"""q8: flow matching (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, remote, shape, that, value

OK_FORMAT = False
name = "q8"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def times(sample_times, count):
    return sample_times(count, torch.Generator().manual_seed(0))

def way(noise_to_image, *arrays):
    return noise_to_image(*(torch.tensor(a) for a in arrays))

def loss(flow_matching_loss, images, noise, times, labels):
    arrays = [torch.tensor(a) for a in (images, noise, times, labels)]
    return flow_matching_loss(lambda points, times, labels: torch.zeros_like(points), *arrays)
"""

NOISE = np.array([[[[1.0, 2.0]]], [[[0.0, -1.0]]]], np.float32)
IMAGES = np.array([[[[-1.0, 0.0]]], [[[1.0, 1.0]]]], np.float32)
TIMES = np.array([0.5, 0.25], np.float32)


@test_case(points=0.25, hidden=False)
def test_between_the_ends(sample_times):
    """A thousand times between 0 and 1, some in each half"""
    found = remote.define(PROBE).times(sample_times, 1000)
    shape(found, (1000,), "the times")
    numbers = value(found)
    that(bool(np.all((numbers >= 0) & (numbers <= 1))), "there are times outside [0, 1]")
    that(bool(numbers.min() < 0.5 < numbers.max()), "all times are in one half")


@test_case(points=0.75, hidden=False)
def test_half_way(noise_to_image):
    """An image half of the way, and one a quarter"""
    points, velocities = value(remote.define(PROBE).way(noise_to_image, NOISE, IMAGES, TIMES))
    close(
        points, [[[[0, 1]]], [[[0.25, -0.5]]]], rtol=1e-5, atol=1e-6, what="the points"
    )  # float32
    close(velocities, [[[[-2, -2]]], [[[1, 2]]]], rtol=1e-5, what="the velocities")


@test_case(points=0.5, hidden=False)
def test_standing_still(flow_matching_loss):
    """A model that predicts 0 errs by the velocities themselves"""
    found = remote.define(PROBE).loss(flow_matching_loss, IMAGES, NOISE, TIMES, np.array([0, 1]))
    close(found, (4 + 4 + 1 + 4) / 4, rtol=1e-5, what="the loss")  # float32
