"""q3: the discriminator and its features (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, remote, rng, shape, trusts, value

OK_FORMAT = False
name = "q3"
points = None

FLAT = """
import keras

def flat():
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten()])
"""


@test_case(points=0.5, hidden=False)
@trusts("the weights of a network are read from the network")
def test_features(build_features):
    """An image has 2,048 features, found with 107,232 trainable parameters"""
    model = build_features()
    images = rng("images").uniform(-1, 1, (2, 28, 28, 1)).astype(np.float32)
    shape(model(images), (2, 2048), "the features")
    trainable = sum(value(weight).size for weight in model.trainable_weights)
    equal(trainable, 107_232, "the number of trainable parameters")


@test_case(points=0.5, hidden=False)
@trusts("the weights of a network are read from the network")
def test_discriminator(build_discriminator):
    """The discriminator weighs 784 features of ours with 785 numbers of its own"""
    model = build_discriminator(remote.define(FLAT).flat())
    images = rng("images").uniform(-1, 1, (3, 28, 28, 1)).astype(np.float32)
    shape(model(images), (3, 1), "the logits")
    trainable = sum(value(weight).size for weight in model.trainable_weights)
    equal(trainable, 785, "the number of trainable parameters")
