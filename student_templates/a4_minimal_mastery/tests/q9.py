"""q9: a network within its budget (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import finite, remote, shape

OK_FORMAT = False
name = "q9"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def velocities(build_unet, points):
    model = build_unet().eval()
    with torch.no_grad():
        return model(torch.tensor(points), torch.tensor([0.2, 0.9]), torch.tensor([3, 100]))
"""


@test_case(points=0.75, hidden=False)
def test_velocities(build_unet):
    """Your network gives points (2, 3, 16, 16), one with a label and one without, velocities"""
    points = np.linspace(-1, 1, 2 * 3 * 16 * 16, dtype=np.float32).reshape(2, 3, 16, 16)
    found = remote.define(PROBE).velocities(build_unet, points)
    shape(found, (2, 3, 16, 16), "the velocities")
    finite(found, "the velocities")
