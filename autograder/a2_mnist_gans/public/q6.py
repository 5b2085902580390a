"""q6: one step of the discriminator, one of the generator (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, remote, rng, that, trusts, value

OK_FORMAT = False
name = "q6"
points = None

TRIAL = """
import keras
import tensorflow as tf

def eagerly(function, *arguments):
    # Without compiling: for three steps that takes longer than the steps.
    tf.config.run_functions_eagerly(True)
    try:
        return function(*arguments)
    finally:
        tf.config.run_functions_eagerly(False)

def linear(inputs, outputs):
    return keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(outputs)])

def squares(real, fake):
    return tf.reduce_mean((real - 1.0) ** 2) + tf.reduce_mean((fake + 1.0) ** 2)

def discriminator_losses(make_step, images, noise, turns):
    step = make_step(linear(2, 3), linear(3, 1), keras.optimizers.SGD(0.02), squares)
    answers = [step(images, None, noise, None) for _ in range(turns)]
    return [(float(loss), float(accuracy)) for loss, accuracy in answers]

def generator_trial(make_step, noise, turns):
    generator, discriminator = linear(2, 3), linear(3, 1)
    loss = lambda fakes, logits, labels: tf.reduce_mean((logits - 5.0) ** 2)
    step = make_step(generator, discriminator, keras.optimizers.SGD(0.001), loss)
    before = discriminator.get_weights()
    losses = [float(step(noise, None)) for _ in range(turns)]
    moved = [abs(a - b).max() for a, b in zip(discriminator.get_weights(), before)]
    return losses, float(max(moved))
"""


@test_case(points=0.75, hidden=False)
def test_discriminator_learns(make_discriminator_step):
    """Three steps of the discriminator on one batch lower its loss each time"""
    images = rng("images").standard_normal((8, 3)).astype(np.float32)
    noise = rng("noise").standard_normal((8, 2)).astype(np.float32)
    trial = remote.define(TRIAL)
    answers = value(
        trial.eagerly(trial.discriminator_losses, make_discriminator_step, images, noise, 3)
    )
    losses = [loss for loss, _ in answers]
    that(losses[0] > losses[1] > losses[2], f"the losses of three steps were {losses}")
    accuracies = [accuracy for _, accuracy in answers]
    that(all(0 <= a <= 1 for a in accuracies), f"the accuracies were {accuracies}")


@test_case(points=0.75, hidden=False)
@trusts("the weights of a network are read beside the student's code")
def test_generator_learns(make_generator_step):
    """Three steps of the generator lower its loss each time and leave the discriminator alone"""
    noise = rng("noise").standard_normal((8, 2)).astype(np.float32)
    trial = remote.define(TRIAL)
    losses, moved = value(trial.eagerly(trial.generator_trial, make_generator_step, noise, 3))
    that(losses[0] > losses[1] > losses[2], f"the losses of three steps were {losses}")
    close(moved, 0.0, rtol=0, what="the largest change of the discriminator's weights")
