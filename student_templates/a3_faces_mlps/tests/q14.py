"""q14: wrong labels, what they cost, and a network of your own (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, shape, that, value

OK_FORMAT = False
name = "q14"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def logits(design_mlp, images):
    return design_mlp()(torch.tensor(images))
"""


@test_case(points=0.5, hidden=False)
def test_how_many(flip_labels):
    """Of 50 labels 20 are wrong at a share of 0.4, and all are classes"""
    labels = np.arange(50) % 10
    wrong = flip_labels(labels, 0.4, 10, remote.numpy.random.default_rng(0))
    shape(wrong, (50,), "the labels")
    wrong = np.asarray(value(wrong))
    equal(int(np.sum(wrong != labels)), 20, "the number of wrong labels")
    that(bool(np.all((wrong >= 0) & (wrong < 10))), "there are labels outside 0..9")


@test_case(points=0.25, hidden=False)
def test_coin(noise_entropy):
    """Of two classes, with every second label wrong, nothing is known: log 2"""
    close(noise_entropy(0.5, 2), np.log(2), rtol=1e-9)


@test_case(points=0.25, hidden=False)
def test_memorised(memorised_share):
    """Of four wrong labels one is predicted"""
    given, true = np.array([1, 2, 3, 4, 5]), np.array([0, 0, 0, 0, 5])
    close(memorised_share(np.array([1, 0, 0, 0, 5]), given, true), 0.25, rtol=1e-9)


@test_case(points=0.5, hidden=False)
def test_shapes(design_mlp):
    """Your network turns images (3, 784) into logits (3, 10)"""
    images = np.zeros((3, 784), np.float32)
    shape(remote.define(PROBE).logits(design_mlp, images), (3, 10), "the logits")
