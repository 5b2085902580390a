"""q2: the generator, and virtual batch normalisation (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, trusts, value

OK_FORMAT = False
name = "q2"
points = None

SUMMING = """
import keras
import numpy as np

def summing(size):
    model = keras.Sequential([keras.Input((size,)), keras.layers.Dense(1, use_bias=False)])
    model.set_weights([np.ones((size, 1), "float32")])
    return model
"""


@test_case(points=0.5, hidden=False)
@trusts("the weights of a network are read from the network")
def test_generator(build_generator):
    """The generator has 404,785 trainable parameters of 405,137 and makes 28x28 images"""
    model = build_generator()
    sizes = [
        sum(value(weight).size for weight in weights)
        for weights in (model.trainable_weights, model.weights)
    ]
    equal(sizes, [404_785, 405_137], "the number of trainable and of all parameters")
    noise = rng("noise").standard_normal((2, 64)).astype(np.float32)
    shape(model(noise), (2, 28, 28, 1), "the images")


@test_case(points=0.5, hidden=False)
def test_reference_batch(VirtualBatchNormalization):
    """A reference batch of -3 and 1 becomes -1 and 1, and its mean as a further example 0"""
    layer = VirtualBatchNormalization(2, epsilon=0.0)
    answers = layer(np.array([[-3.0], [1.0], [-1.0]], np.float32))
    close(answers, [[-1.0], [1.0], [0.0]], rtol=0, atol=1e-5, what="the normalised examples")


@test_case(points=0.5, hidden=False)
def test_with_reference(with_reference):
    """Shown a reference batch of three, a network answers for its two inputs alone"""
    network = remote.define(SUMMING).summing(2)
    model = with_reference(network, np.full((3, 2), 7, np.float32))
    answers = model(np.array([[1, 2], [3, 4]], np.float32))
    close(answers, [[3.0], [7.0]], rtol=0, atol=1e-5, what="the answers")
