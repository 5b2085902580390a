"""q10: the convolutional generator and discriminator (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, rng, shape, trusts, value

OK_FORMAT = False
name = "q10"
points = None


@test_case(points=1, hidden=False)
def test_generator_output(build_conv_generator):
    """The convolutional generator turns 3 noise vectors of 6,272 numbers into 3 images"""
    noise = rng("noise").standard_normal((3, 6272)).astype(np.float32)
    shape(build_conv_generator()(noise), (3, 28, 28, 1), "the images")


@test_case(points=1, hidden=False)
def test_discriminator_output(build_conv_discriminator):
    """The convolutional discriminator turns 3 images into one number each"""
    images = rng("images").uniform(-1, 1, (3, 28, 28, 1)).astype(np.float32)
    shape(build_conv_discriminator()(images), (3, 1), "the logits")


@test_case(points=0.5, hidden=False)
@trusts("the weights of a network are read from the network")
def test_discriminator_parameters(build_conv_discriminator):
    """The convolutional discriminator has 212,865 parameters, all of them trainable"""
    weights = [value(weight) for weight in build_conv_discriminator().trainable_weights]
    equal(sum(weight.size for weight in weights), 212_865, "the number of trainable parameters")
