"""q12: equally long trainings, shifts, fine-tuning (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, remote, value

OK_FORMAT = False
name = "q12"
points = None

CALLS = """
import numpy as np

def batches(index_batches, count, size, steps):
    return list(index_batches(count, size, steps, np.random.default_rng(2)))

def phases(pretrain_finetune, steps, share):
    calls = []
    answer = pretrain_finetune(lambda data, steps, rate: calls.append((data[0], steps, rate)),
                               ("synthetic", 0), ("real", 0), steps, share, (0.5, 0.25))
    return answer, calls
"""


@test_case(points=0.25, hidden=False)
def test_batches(index_batches):
    """Three steps of four rows go twice through six rows"""
    rows = value(remote.define(CALLS).batches(index_batches, 6, 4, 3))
    equal([len(batch) for batch in rows], [4, 4, 4], "the sizes of the batches")
    equal(np.bincount(np.concatenate(rows)), [2] * 6, "how often each row comes")


@test_case(points=0.25, hidden=False)
def test_shifts(shift_images):
    """A bright pixel in the middle stays one bright pixel, and no shift changes nothing"""
    images = np.full((4, 28, 28, 1), -1, np.float32)
    images[:, 14, 14] = 1
    shifted = value(shift_images(images, 2, remote.numpy.random.default_rng(1)))
    equal(np.sum(shifted[:, 12:17, 12:17] == 1, axis=(1, 2, 3)), [1] * 4, "the bright pixels")
    equal(
        shift_images(images, 0, remote.numpy.random.default_rng(1)),
        images,
        "the images without a shift",
    )


@test_case(points=0.25, hidden=False)
def test_phases(pretrain_finetune):
    """With a share of 0.3, ten steps are three on synthetic and seven on real images"""
    answer, calls = value(remote.define(CALLS).phases(pretrain_finetune, 10, 0.3))
    equal(answer, (3, 7), "the steps")
    equal([call[1:] for call in calls], [(3, 0.5), (7, 0.25)], "the steps and rates of the calls")
    for call, expected in zip(calls, ("synthetic", "real"), strict=True):
        equal(call[0], expected, "the set of the call")
