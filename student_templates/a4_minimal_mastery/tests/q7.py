"""q7: images and labels in, images out (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, that, value

OK_FORMAT = False
name = "q7"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def out(to_uint8, images):
    return to_uint8(torch.tensor(images))

def dropped(drop_labels, labels, share, classes):
    generator = torch.Generator().manual_seed(0)
    return drop_labels(torch.tensor(labels), share, classes, generator)
"""


@test_case(points=0.25, hidden=False)
def test_ends(scale_images):
    """0 becomes -1, 255 becomes 1, and 51 is a fifth of the way"""
    found = scale_images(np.array([[0, 51, 255]], dtype=np.uint8))
    close(found, [[-1, -0.6, 1]], rtol=1e-5, what="the images")  # float32


@test_case(points=0.5, hidden=False)
def test_bytes(to_uint8):
    """The ends, the middle, and what lies outside"""
    images = np.array([[[[-1.0, 1.0], [-3.0, 1.5]]]], np.float32)
    found = remote.define(PROBE).out(to_uint8, images)
    dtype(found, "uint8", "the images")
    equal(found, [[[[0, 255], [0, 255]]]], "the bytes")


@test_case(points=0.25, hidden=False)
def test_one_each(balanced_labels):
    """Six labels of three classes are two of each"""
    equal(np.bincount(value(balanced_labels(6, 3)), minlength=3), [2, 2, 2], "how often each comes")


@test_case(points=0.25, hidden=False)
def test_all_or_none(drop_labels):
    """A share of 0 drops none, a share of 1 drops all"""
    labels = np.arange(50) % 7
    run = remote.define(PROBE).dropped
    equal(run(drop_labels, labels, 0.0, 7), labels, "the labels at a share of 0")
    found = value(run(drop_labels, labels, 1.0, 7))
    that(bool(np.all(found == 7)), "labels are left at a share of 1")
