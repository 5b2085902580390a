"""q2: normalised images, and batches without end (hidden)."""

import numpy as np
import oracle  # noqa: F401  it travels with every hidden test
from otter.test_files import test_case

from kit.testing import close, dtype, equal, raises, remote, rng, statistical, that, value

OK_FORMAT = False
name = "q2"
points = None

# Runs beside the student's code.
PROBE = """
import itertools
import torch

def first(endless_batches, count, size, number, seed):
    rows = torch.arange(count)
    generator = torch.Generator().manual_seed(seed)
    drawn = endless_batches(10.0 * rows[:, None], rows, size, generator)
    return [pair for pair in itertools.islice(drawn, number)]
"""


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Divide by 255, subtract the mean, then divide by the deviation; float32.",
)
def test_every_byte(normalise):
    """All bytes, in images of three channels"""
    images = rng("bytes").permutation(np.arange(768) % 256).reshape(4, 3, 8, 8).astype(np.uint8)
    found = normalise(images)
    dtype(found, "float32", "the images")
    expected = [(int(byte) - 255 * 0.1307) / (255 * 0.3081) for byte in images.ravel()]
    close(
        found, np.reshape(expected, images.shape), rtol=1e-5, atol=1e-6, what="the pixels"
    )  # float32


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A new order for every pass, from the generator; full batches only, and within "
    "a pass no image twice.",
)
@statistical(1e-9, "two passes of 60 images, or the first and their own order, agree once in 60!")
def test_passes(endless_batches):
    """Three passes over the images: full batches, new orders, the generator's own"""
    seed = int(rng("seed").integers(2**31))
    for count, size in ((60, 7), (64, 16), (61, 61)):
        each = count // size
        run = remote.define(PROBE).first
        found = value(run(endless_batches, count, size, 3 * each, seed))
        again = value(run(endless_batches, count, size, 3 * each, seed))
        labels = np.stack([labels for _, labels in found])
        equal(np.stack([images[:, 0] for images, _ in found]), 10 * labels, "images beside labels")
        passes = labels.reshape(3, each * size)
        for one in passes:
            equal(len(set(one.tolist())), each * size, "the different images of a pass")
        that(not np.array_equal(passes[0], passes[1]), "two passes have the same order")
        that(not np.array_equal(passes[0], np.arange(each * size)), "the images are not shuffled")
        equal(np.stack([labels for _, labels in again]), labels, "what the same seed gives")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Too few images for one batch: ValueError, in the place of waiting for ever.",
)
def test_too_few(endless_batches):
    """A batch that is larger than the data"""
    raises(ValueError, remote.define(PROBE).first, endless_batches, 5, 6, 1, 0)
