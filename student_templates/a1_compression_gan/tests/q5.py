"""q5: pre-processing and the 784-100-50-10 network (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, rng, shape, trusts, value

OK_FORMAT = False
name = "q5"
points = None

# Runs where the network lives: beside the student's code.
PROBE = """
def parameters(model):
    return sum(weight.size for weight in model.get_weights())

def logits(model, images):
    return model(images)
"""


@test_case(points=1, hidden=False)
def test_preprocess(preprocess_images):
    """Images become float32 rows of 784 numbers: black is 0.0 and white is 1.0"""
    images = np.zeros((3, 28, 28), np.uint8)
    images[1] = 255
    rows = preprocess_images(images)
    shape(rows, (3, 784), "the rows")
    dtype(rows, "float32", "the rows")
    close(rows, [[0.0] * 784, [1.0] * 784, [0.0] * 784], rtol=0, atol=1e-7, what="the rows")


@test_case(points=1, hidden=False)
@trusts("how many weights a network has, only the network can say")
def test_size(build_mlp):
    """The network has 84,060 parameters and answers 5 images with (5, 10) logits"""
    probe, model = remote.define(PROBE), build_mlp()
    equal(probe.parameters(model), 84_060, "the number of parameters")
    images = rng("size").random((5, 784), dtype=np.float32)
    shape(value(probe.logits(model, images)), (5, 10), "the logits")
