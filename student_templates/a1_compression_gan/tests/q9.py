"""q9: the dense generator and discriminator (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, rng, shape, value

OK_FORMAT = False
name = "q9"
points = None


@test_case(points=1, hidden=False)
def test_generator_output(build_dense_generator):
    """The dense generator turns 5 noise vectors into 5 images of 28x28x1 within [-1, 1]"""
    noise = rng("noise").standard_normal((5, 100)).astype(np.float32)
    images = build_dense_generator()(1000 * noise)
    shape(images, (5, 28, 28, 1), "the images")
    dtype(images, "float32", "the images")
    clipped = np.clip(value(images), -1, 1)
    close(images, clipped, rtol=0, what="the images, clipped to [-1, 1],")


@test_case(points=1, hidden=False)
def test_discriminator_output(build_dense_discriminator):
    """The dense discriminator turns 5 images into one number each"""
    images = rng("images").uniform(-1, 1, (5, 28, 28, 1)).astype(np.float32)
    shape(build_dense_discriminator()(images), (5, 1), "the logits")
