"""q4: augmentation that keeps the class (hidden)."""

import itertools

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import averages, close, equal, remote, rng, shape, statistical, that, value

OK_FORMAT = False
name = "q4"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def augmented(function, images, seed, **ranges):
    return function(torch.tensor(images), torch.Generator().manual_seed(seed), **ranges)
"""

COUNT = 200  # images of three channels, so 600 draws of each number


def blobs(random_affine, label, picture, **ranges):
    """Planes (600, 41, 41): `picture` on a background of -2, moved at random, background off."""
    images = np.tile(picture.astype(np.float32) - 2, (COUNT, 3, 1, 1))
    seed = int(rng(label).integers(2**31))
    found = remote.define(PROBE).augmented(random_affine, images, seed, **ranges)
    shape(found, images.shape, "the images")
    return np.asarray(value(found), np.float64).reshape(-1, 41, 41) + 2


def fills(numbers, most, what):
    """Check that numbers reach `most` on both sides, nearly, and go no further."""
    for side in (-1, 1):
        far = float((side * numbers).max()) / most
        # Of 600 uniform numbers none near an end: 0.95^600 < 1e-13. Pixels blur by 2 %.
        that(0.88 < far < 1.04, f"{what} go to {side * far:.2f} of the range")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="An order for each image, not one for the batch; all six equally likely.",
)
@statistical(1e-9, "that of its check of means")
def test_orders(shuffle_channels):
    """All six orders, each equally often, and from the generator"""
    images = np.tile(np.arange(3, dtype=np.float32).reshape(1, 3, 1, 1), (6000, 1, 1, 1))
    seed = int(rng("orders").integers(2**31))
    run = remote.define(PROBE).augmented
    found = np.asarray(value(run(shuffle_channels, images, seed)))[:, :, 0, 0]
    orders = np.array(list(itertools.permutations(range(3))))
    hits = (found[:, None] == orders).all(axis=2).astype(float)
    equal(hits.sum(axis=1), np.ones(6000), "in how many of the six orders an image is")
    averages(
        hits, 1 / 6, variance=5 / 36, tail=1, false_fail=1e-9, what="how often each order comes"
    )
    again = np.asarray(value(run(shuffle_channels, images, seed)))[:, :, 0, 0]
    equal(again, found, "what the same seed gives")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="`shift` is a share of the whole side, to both sides, in both directions; "
    "every channel moves on its own.",
)
@statistical(1e-9, "of 600 uniform draws none near an end: below 1e-12 each, over eight ends")
def test_moves(random_affine):
    """Only moves: as far as allowed and no further, each channel by itself"""
    planes = blobs(
        random_affine, "moves", oracle.blob(41, 3, 3), rotation=0.0, scale=0.0, shift=0.12
    )
    moved = oracle.centre(planes)
    for axis, what in enumerate(("moves to the side", "moves up and down")):
        fills(moved[:, axis], 0.12, what)
    channels = moved.reshape(-1, 3, 2)
    that(
        bool(np.abs(channels[:, 0] - channels[:, 1]).min(axis=0).max() < 0.05)
        and bool(np.abs(channels[:, 0] - channels[:, 1]).max() > 0.12),
        "channels of an image move together",
    )
    that(float(np.abs(moved[:, 0] - moved[:, 1]).max()) > 0.12, "both directions move by the same")
    again = blobs(
        random_affine, "moves", oracle.blob(41, 3, 3), rotation=0.0, scale=0.0, shift=0.12
    )
    equal(again, planes, "what the same seed gives")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Angles in radians to both sides, about the centre; a digit stays as large if "
    "it is only turned, and as upright when it is only scaled.",
)
@statistical(
    1e-9, "of 600 uniform draws none near an end, or a correlation of 0.35: below 1e-11 each"
)
def test_turns_and_sizes(random_affine):
    """Only turns, then only sizes, measured on a blob that is longer than wide"""
    picture = oracle.blob(41, 3, 6)
    own = oracle.spread(picture[None])[0]
    turned = oracle.spread(
        blobs(random_affine, "turns", picture, rotation=0.3, scale=0.0, shift=0.0)
    )
    angles = np.arctan2(2 * turned[:, 0, 1], turned[:, 1, 1] - turned[:, 0, 0]) / 2
    fills(angles, 0.3, "angles")
    close(
        turned.trace(axis1=1, axis2=2),
        np.full(3 * COUNT, own.trace()),
        rtol=0.1,
        what="the extent of what is only turned",
    )  # interpolation widens a blob by up to a quarter of a pixel squared
    sized = oracle.spread(
        blobs(random_affine, "sizes", picture, rotation=0.0, scale=0.2, shift=0.0)
    )
    sizes = np.sqrt(sized[:, 1, 1] / own[1, 1]) - 1
    fills(sizes, 0.2, "sizes")
    close(
        sized[:, 0, 1] / own[1, 1], np.zeros(3 * COUNT), rtol=0, atol=0.01,
        what="the slant of what is only scaled",
    )  # fmt: skip
    both = oracle.spread(blobs(random_affine, "both", picture, rotation=0.3, scale=0.2, shift=0.0))
    angles = np.arctan2(2 * both[:, 0, 1], both[:, 1, 1] - both[:, 0, 0])
    related = float(np.corrcoef(angles, both.trace(axis1=1, axis2=2))[0, 1])
    that(abs(related) < 0.35, f"angles and sizes are drawn together: correlation {related:.2f}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="What comes in from outside is the least value of that channel, not 0; the "
    "images given stay as they are.",
)
def test_background(random_affine):
    """Black is far below 0 here, and another number in every channel"""
    ground = -rng("ground").uniform(1, 9, (50, 3, 1, 1))
    images = (ground + oracle.blob(20, 2, 2)).astype(np.float32)
    low = images.min(axis=(2, 3))
    found = remote.define(PROBE).augmented(
        random_affine, images, 5, rotation=0.3, scale=0.3, shift=0.2
    )
    found = np.asarray(value(found))
    close(found.min(axis=(2, 3)), low, rtol=1e-3, what="the least values")  # float32
    that(bool(np.all(found.max(axis=(2, 3)) < low + 1.01)), "there are pixels brighter than before")
