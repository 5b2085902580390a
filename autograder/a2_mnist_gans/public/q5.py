"""q5: networks that know the class (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, remote, rng, shape, trusts, value

OK_FORMAT = False
name = "q5"
points = None

PARTS = """
import keras

def decoder(inputs):
    layers = [keras.layers.Dense(784), keras.layers.Reshape((28, 28, 1))]
    return keras.Sequential([keras.Input((inputs,)), *layers])

def features(planes):
    return keras.Sequential([keras.Input((28, 28, planes)), keras.layers.Flatten()])
"""
LABELS = np.array([3, 0, 3], np.int64)


def _trainable(model):
    return sum(value(weight).size for weight in model.trainable_weights)


@test_case(points=0.5, hidden=False)
@trusts("the weights of a network are read from the network")
def test_generator(build_conditional_generator):
    """Two numbers of a decoder's twelve stand for one of four classes"""
    model = build_conditional_generator(remote.define(PARTS).decoder(12), 10, 4)
    noise = rng("noise").standard_normal((3, 10)).astype(np.float32)
    shape(model([noise, LABELS]), (3, 28, 28, 1), "the images")
    equal(_trainable(model), 13 * 784 + 4 * 2, "the number of trainable parameters")


@test_case(points=0.25, hidden=False)
@trusts("the weights of a network are read from the network")
def test_projection(build_projection_discriminator):
    """A projection has a vector of 784 numbers for each of four classes, beside one neuron"""
    model = build_projection_discriminator(remote.define(PARTS).features(1), 4)
    images = rng("images").uniform(-1, 1, (3, 28, 28, 1)).astype(np.float32)
    shape(model([images, LABELS]), (3, 1), "the logits")
    equal(_trainable(model), 785 + 4 * 784, "the number of trainable parameters")


@test_case(points=0.25, hidden=False)
@trusts("the weights of a network are read from the network")
def test_plane(build_plane_discriminator):
    """A plane has 784 numbers for each of four classes, and one neuron weighs both planes"""
    model = build_plane_discriminator(remote.define(PARTS).features(2), 4)
    images = rng("images").uniform(-1, 1, (3, 28, 28, 1)).astype(np.float32)
    shape(model([images, LABELS]), (3, 1), "the logits")
    equal(_trainable(model), 2 * 784 + 1 + 4 * 784, "the number of trainable parameters")
