"""q13: principal components as a generator; a classifier in the loss (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, remote, rng, shape, value

OK_FORMAT = False
name = "q13"
points = None

LOSSES = """
import tensorflow as tf

def mean(logits):
    return tf.reduce_mean(logits)

def weighed(logits, labels):
    return tf.reduce_sum(logits * tf.cast(labels, tf.float32)[:, None])
"""


@test_case(points=0.5, hidden=False)
def test_fit(fit_class_pca):
    """Images along one line have its direction as first axis, and their spread as deviation"""
    steps = np.array([-1.0, 0.0, 1.0])
    direction = np.zeros((28, 28, 1))
    direction[3, 4], direction[5, 6] = 0.6, 0.8
    images = np.concatenate([steps[:, None, None, None] * direction, np.ones((3, 28, 28, 1))])
    means, axes, deviations = value(fit_class_pca(images, np.repeat([0, 1], 3), 2, 2))
    shape(axes, (2, 2, 784), "the axes")
    close(means, [np.zeros(784), np.ones(784)], rtol=0, atol=1e-6, what="the means")
    close(np.abs(axes[0, 0] @ direction.ravel()), 1.0, rtol=1e-5, what="the first axis")
    close(deviations, [[1, 0], [0, 0]], rtol=0, atol=1e-6, what="the deviations")


@test_case(points=0.25, hidden=False)
def test_sample(sample_class_pca):
    """Without deviations every sample is the mean of its class"""
    means = np.stack([np.zeros(784), np.full(784, 0.5)])
    model = means, rng("axes").normal(size=(2, 3, 784)), np.zeros((2, 3))
    images = sample_class_pca(model, np.array([1, 0, 1]), remote.numpy.random.default_rng(1))
    shape(images, (3, 28, 28, 1), "the images")
    close(value(images)[:, 9, 9, 0], [0.5, 0.0, 0.5], rtol=0, atol=1e-6, what="a pixel")


@test_case(points=0.25, hidden=False)
def test_guided(class_guided_loss):
    """An adversarial loss of 2 and a classification loss of 6, weighed by half, are 5"""
    losses = remote.define(LOSSES)
    arguments = np.full((2, 1), 2, np.float32), np.full((2, 3), 1, np.float32), np.array([0, 2])
    loss = class_guided_loss(*arguments, losses.mean, losses.weighed, 0.5)
    close(loss, 5.0, rtol=1e-6, what="the loss")
