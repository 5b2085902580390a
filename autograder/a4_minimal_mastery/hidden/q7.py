"""q7: images and labels in, images out (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import averages, close, dtype, equal, remote, rng, shape, statistical, that, value

OK_FORMAT = False
name = "q7"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def out(to_uint8, images):
    return to_uint8(torch.tensor(images, requires_grad=True))

def dropped(drop_labels, labels, share, classes, seed):
    labels = torch.tensor(labels)
    generator = torch.Generator().manual_seed(seed)
    return drop_labels(labels, share, classes, generator), labels
"""


@test_case(points=0.25, hidden=True, failure_message="Any shape; float32.")
def test_every_byte(scale_images):
    """All bytes, and an image alone"""
    images = rng("bytes").permutation(256).astype(np.uint8).reshape(4, 1, 8, 8)
    for part in (images, images[0]):
        found = scale_images(part)
        dtype(found, "float32", "the images")
        expected = -1 + 2 * part.astype(np.float64) / 255
        close(found, expected, rtol=1e-5, atol=1e-6, what="the images")  # float32


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Round to the nearest byte before the cast, which cuts decimals off; the cast "
    "of a number above 255 wraps round, so cut those off first.",
)
def test_nearest_bytes(to_uint8):
    """Numbers at random, some outside, of a tensor with a gradient"""
    draw = rng("nearest")
    offsets = draw.uniform(-0.45, 0.45, 300)  # in bytes: none is halfway between two
    images = (draw.integers(-40, 296, 300) + offsets) / 127.5 - 1
    found = remote.define(PROBE).out(to_uint8, images.reshape(4, 3, 5, 5).astype(np.float32))
    dtype(found, "uint8", "the images")
    expected = [oracle.nearest_byte(x) for x in images]
    equal(found, np.reshape(expected, (4, 3, 5, 5)), "the bytes")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Exactly `count` labels; where the classes do not divide it, some come once "
    "more.",
)
def test_remainders(balanced_labels):
    """Numbers that the classes do not divide, and fewer labels than classes"""
    for count, classes in ((11, 4), (3, 10), (200, 100), (64, 100)):
        labels = balanced_labels(count, classes)
        shape(labels, (count,), "the labels")
        dtype(labels, "int64", "the labels")
        counts = np.bincount(value(labels), minlength=classes)
        equal(len(counts), classes, "the number of classes")
        that(int(np.ptp(counts)) <= 1, f"classes come {counts.min()} to {counts.max()} times")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Each label is dropped on its own, with that probability; those that stay are "
    "as they were, and so are the labels given.",
)
@statistical(2e-9, "its two checks of means, 1e-9 each")
def test_share(drop_labels):
    """A fifth of 20,000 labels, whatever their class, and from the generator"""
    labels = rng("labels").permutation(np.arange(20_000) % 4)
    seed = int(rng("share").integers(2**31))
    run = remote.define(PROBE).dropped
    found, given = value(run(drop_labels, labels, 0.2, 4, seed))
    equal(given, labels, "the labels that were given")
    dtype(found, "int64", "the labels")
    gone = found == 4
    equal(found[~gone], labels[~gone], "the labels that stay")
    by_class = np.stack([gone[labels == label] for label in range(4)], axis=1).astype(float)
    averages(
        by_class, 0.2, variance=0.16, tail=1, false_fail=1e-9, what="how often a label is dropped"
    )
    parts = gone.reshape(4, -1).T.astype(float)
    averages(
        parts, 0.2, variance=0.16, tail=1, false_fail=1e-9,
        what="how often one is dropped in a quarter of the batch",
    )  # fmt: skip
    again, _ = value(run(drop_labels, labels, 0.2, 4, seed))
    equal(again, found, "what the same seed gives")
