"""q4: augmentation that keeps the class (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, value

OK_FORMAT = False
name = "q4"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def augmented(function, images, *arguments):
    return function(torch.tensor(images), torch.Generator().manual_seed(0), *arguments)
"""


@test_case(points=0.5, hidden=False)
def test_the_same_channels(shuffle_channels):
    """Every image has its own channels still, each once"""
    images = np.arange(8 * 3, dtype=np.float32).reshape(8, 3, 1, 1) * np.ones((1, 1, 2, 3), "f4")
    found = remote.define(PROBE).augmented(shuffle_channels, images)
    shape(found, (8, 3, 2, 3), "the images")
    equal(np.sort(value(found), axis=1), images, "the channels, sorted")


@test_case(points=0.5, hidden=False)
def test_no_change(random_affine):
    """With all three ranges 0 an image stays as it is"""
    images = rng("images").normal(size=(4, 3, 28, 28)).astype(np.float32)
    found = remote.define(PROBE).augmented(random_affine, images, 0.0, 0.0, 0.0)
    close(found, images, rtol=1e-3, atol=1e-3, what="the images")  # float32, places of pixels
