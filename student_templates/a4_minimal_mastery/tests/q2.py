"""q2: normalised images, and batches without end (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, that, value

OK_FORMAT = False
name = "q2"
points = None

# Runs beside the student's code.
PROBE = """
import itertools
import torch

def first(endless_batches, count, size, number):
    rows = torch.arange(count)
    generator = torch.Generator().manual_seed(0)
    drawn = endless_batches(10.0 * rows[:, None], rows, size, generator)
    return [pair for pair in itertools.islice(drawn, number)]
"""


@test_case(points=0.5, hidden=False)
def test_black_and_white(normalise):
    """Black becomes -0.4242, white 2.8215"""
    found = normalise(np.array([[[[0, 255]]]], dtype=np.uint8))
    close(found, [[[[-0.424213, 2.821487]]]], rtol=1e-4, what="the pixels")  # digits as printed


@test_case(points=0.5, hidden=False)
def test_full_batches(endless_batches):
    """Ten images give five batches of four and more, each image with its label"""
    found = value(remote.define(PROBE).first(endless_batches, 10, 4, 5))
    equal(len(found), 5, "the number of batches, when five are asked for")
    for images, labels in found:
        equal(len(labels), 4, "the size of a batch")
        equal(images[:, 0], 10 * labels, "the images beside their labels")
    passes = np.concatenate([found[0][1], found[1][1]])
    that(len(set(passes.tolist())) == 8, "an image comes twice in the first pass")
