"""q12: images as tensors, the DataLoader, augmentation (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, shape, that, trusts, value

OK_FORMAT = False
name = "q12"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def passes(make_loader, images, labels, count, **named):
    loader = make_loader(torch.tensor(images), torch.tensor(labels), **named)
    return [list(map(tuple, loader)) for _ in range(count)]

def kind(make_loader):
    loader = make_loader(torch.zeros(4, 1), torch.zeros(4, dtype=torch.int64), 2)
    return isinstance(loader, torch.utils.data.DataLoader), len(loader)

def augmented(flip_and_shift, images, most):
    return flip_and_shift(torch.tensor(images), torch.Generator().manual_seed(0), most)
"""
ROUNDING = 1e-4  # float32, in which the deviation of many equal numbers is only near 0


@test_case(points=0.5, hidden=False)
def test_statistics_and_tensor(channel_statistics, to_tensor):
    """A red, a green and a blue level give three means; images become float32, channels first"""
    images = np.zeros((2, 32, 32, 3), np.uint8)
    images[..., 0], images[1, ..., 1], images[..., 2] = 51, 255, 102
    mean, deviation = value(channel_statistics(images))
    close(mean, [0.2, 0.5, 0.4], rtol=0, atol=ROUNDING, what="the means")
    close(deviation, [0.0, 0.5, 0.0], rtol=0, atol=ROUNDING, what="the deviations")
    found = to_tensor(images, np.array([0.2, 0.5, 0.0]), np.array([0.1, 0.5, 0.2]))
    shape(found, (2, 3, 32, 32), "the tensor")
    dtype(found, "float32", "the tensor")
    expected = np.repeat([0.0, -1.0, 2.0, 0.0, 1.0, 2.0], 32 * 32).reshape(2, 3, 32, 32)
    close(found, expected, rtol=0, atol=ROUNDING, what="the tensor")


@test_case(points=0.75, hidden=False)
@trusts("what the loader is, the loader says")
def test_batches(make_loader):
    """Unshuffled, a DataLoader gives 5 images in batches of 2, in order, the last one short"""
    probe = remote.define(PROBE)
    is_loader, count = value(probe.kind(make_loader))
    that(is_loader is True, "expected a torch.utils.data.DataLoader")
    equal(count, 2, "the length of a loader of 4 images in batches of 2")
    images = np.arange(10, dtype=np.float32).reshape(5, 2)
    (batches,) = value(probe.passes(make_loader, images, np.arange(5), 1, batch_size=2))
    equal([len(labels) for _, labels in batches], [2, 2, 1], "the sizes of the batches")
    equal(np.concatenate([part for part, _ in batches]), images, "the images of all batches")
    equal(np.concatenate([part for _, part in batches]), np.arange(5), "the labels of all batches")


@test_case(points=0.5, hidden=False)
def test_flips(flip_and_shift):
    """Without shifts an image is as it was, or mirrored left to right"""
    images = np.arange(48, dtype=np.float32).reshape(8, 1, 2, 3)
    found = value(remote.define(PROBE).augmented(flip_and_shift, images, 0))
    shape(found, (8, 1, 2, 3), "the batch")
    for before, after in zip(images, found, strict=True):
        same = np.array_equal(after, before) or np.array_equal(after, before[..., ::-1])
        that(same, "an image is neither as it was nor mirrored left to right")
