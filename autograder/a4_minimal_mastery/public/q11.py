"""q11: images from noise alone (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, remote, shape, that, value

OK_FORMAT = False
name = "q11"
points = None

# Runs beside the student's code.
PROBE = """
import torch
from torch import nn

def guided(guided_velocity, labels, guidance, classes):
    model = lambda x, t, y: torch.where(y == classes, 1.0, 2.0)[:, None]
    labels = torch.tensor(labels)
    rows = torch.zeros(len(labels))
    return guided_velocity(model, rows[:, None], rows, labels, guidance, classes)

def followed(heun, start, steps):
    return heun(lambda x, t: x, torch.tensor(start), steps)

class Still(nn.Module):
    def forward(self, points, times, labels):
        return torch.zeros_like(points)

def sampled(sample, noise):
    return sample(Still(), torch.tensor(noise), torch.tensor([0, 1]), 3)
"""


@test_case(points=0.5, hidden=False)
def test_three_strengths(guided_velocity):
    """A label that adds 1: none of it at 0, once at 1, twice at 2"""
    for guidance, expected in ((0.0, 1.0), (1.0, 2.0), (2.0, 3.0)):
        found = remote.define(PROBE).guided(guided_velocity, [0, 3], guidance, 5)
        close(found, [[expected], [expected]], rtol=1e-6, what=f"at guidance {guidance:g}")


@test_case(points=0.5, hidden=False)
def test_growth(heun):
    """x' = x: one step from 1 leads to 2.5, and many lead near to e"""
    start = np.ones((1, 2))
    run = remote.define(PROBE).followed
    close(run(heun, start, 1), [[2.5, 2.5]], rtol=1e-6, what="one step")
    error = np.abs(value(run(heun, start, 50)) - np.e).max()
    that(bool(error < 1e-3), f"after 50 steps it is off by {error:.3g}")


@test_case(points=0.25, hidden=False)
def test_nothing_moves(sample):
    """Where nothing moves, the noise is the image, cut off at -1 and 1"""
    noise = np.linspace(-2, 2, 24, dtype=np.float32).reshape(2, 3, 2, 2)
    found = remote.define(PROBE).sampled(sample, noise)
    shape(found, (2, 3, 2, 2), "the images")
    close(found, np.clip(noise, -1, 1), rtol=1e-6, atol=1e-6, what="the images")
