"""q9: networks of any depth, and shuffled batches (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, remote, that, trusts, value

OK_FORMAT = False
name = "q9"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def shapes(build_mlp, hidden):
    model = build_mlp(hidden)
    weights = [tuple(p.shape) for p in model.parameters() if p.dim() == 2]
    return weights, tuple(model(torch.zeros(3, 784)).shape)

def batches(shuffled_batches, count, size):
    rows = torch.arange(count)
    drawn = shuffled_batches(rows[:, None].float(), rows, size, torch.Generator().manual_seed(0))
    return [(images.flatten(), labels) for images, labels in drawn]
"""


@test_case(points=0.5, hidden=False)
@trusts("the weights of a network are read from the network")
def test_deep(build_mlp):
    """The deep network of question 3.1 has the four weight matrices of the handout"""
    weights, logits = value(remote.define(PROBE).shapes(build_mlp, (32, 64, 32)))
    that(len(weights) == 4, f"there are {len(weights)} weight matrices; expected 4")
    equal(weights, [(32, 784), (64, 32), (32, 64), (10, 32)], "the shapes of the weights")
    equal(logits, (3, 10), "the shape of the logits of 3 images")


@test_case(points=0.5, hidden=False)
def test_every_image_once(shuffled_batches):
    """Ten images in batches of four: 4, 4 and 2, each image once, with its own label"""
    batches = value(remote.define(PROBE).batches(shuffled_batches, 10, 4))
    that(len(batches) == 3, f"there are {len(batches)} batches; expected 3")
    equal([len(labels) for _, labels in batches], [4, 4, 2], "the sizes of the batches")
    images, labels = (np.concatenate(part) for part in zip(*batches, strict=True))
    equal(np.sort(labels), np.arange(10), "the labels, sorted")
    equal(images, labels, "the images' numbers beside their labels")
