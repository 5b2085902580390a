"""q13: principal components as a generator; a classifier in the loss (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import (
    averages,
    close,
    dtype,
    equal,
    grad,
    remote,
    rng,
    shape,
    statistical,
    that,
    value,
)

OK_FORMAT = False
name = "q13"
points = None

HELPERS = """
import tensorflow as tf

def squares(logits):
    return tf.reduce_mean(logits**2)

def weighed(logits, labels):
    return tf.reduce_sum(logits**3 * tf.cast(labels, tf.float32)[:, None])

def guided(class_guided_loss, weight, more):
    def total(fake_logits, class_logits, labels):
        return class_guided_loss(fake_logits, class_logits, labels, squares, weighed, **more)
    return total
"""


def _images(label, kind):
    """Images of three classes whose classes have spreads of their own, in random order."""
    draw = rng(label)
    labels = draw.permutation(np.repeat([0, 1, 2], [12, 9, 15]))
    size = int(np.prod(kind))
    factors = draw.normal(size=(3, size, size)) * np.geomspace(1, 0.01, size)[:, None]
    rows = np.einsum("nd,nde->ne", draw.normal(size=(36, size)), factors[labels])
    return (rows + 3 * draw.normal(size=(3, size))[labels]).reshape(36, *kind), labels


@test_case(
    points=0.75,
    hidden=True,
    failure_message="per class: centre, SVD; axes as orthonormal rows; singular values over "
    "sqrt(n - 1) are the deviations",
)
def test_covariance_of_each_class(fit_class_pca):
    """Every class has its own mean, and the axes and deviations of its own covariance"""
    images, labels = _images("classes", (2, 3, 1))
    for kind in ("float64", "float32"):
        model = value(fit_class_pca(images.astype(kind), labels, 4, 3))
        means, axes, deviations = model
        shape(means, (3, 6), "the means")
        shape(axes, (3, 4, 6), "the axes")
        shape(deviations, (3, 4), "the deviations")
        for label in range(3):
            own = images[labels == label].reshape(-1, 6)
            close(means[label], own.mean(axis=0), rtol=1e-4, atol=1e-5, what="a mean")
            values, vectors = np.linalg.eigh(np.cov(own.T))
            values, vectors = values[::-1][:4], vectors[:, ::-1][:, :4]
            expected = (vectors * values) @ vectors.T
            found = (axes[label].T * deviations[label] ** 2) @ axes[label]
            close(found, expected, rtol=1e-3, atol=1e-3, what="a covariance")
            close(axes[label] @ axes[label].T, np.eye(4), rtol=0, atol=1e-4, what="the products")
            that(bool(np.all(np.diff(deviations[label]) <= 0)), "the deviations do not fall")


def _model(draw):
    """A mean and three orthonormal axes for each of two classes; small enough not to be clipped."""
    axes = np.stack([np.linalg.qr(draw.normal(size=(784, 3)))[0].T for _ in range(2)])
    means = draw.uniform(-0.1, 0.1, (2, 784))
    return means, axes, np.array([[0.3, 0.2, 0.0], [0.1, 0.0, 0.4]])


@test_case(
    points=0.5,
    hidden=True,
    failure_message="mean + sum of deviation * standard normal * axis, all of the image's class, "
    "each coordinate drawn by itself",
)
@statistical(2e-9, "the bounds of its two checks, 1e-9 each; pixels far beyond 1 in no draw")
def test_coordinates_are_normal(sample_class_pca):
    """The coordinates of samples along the axes are independent, normal, with the deviations"""
    draw = rng("normal")
    means, axes, deviations = _model(draw)
    labels = draw.integers(0, 2, 3000)
    generator = remote.numpy.random.default_rng(int(draw.integers(2**31)))
    images = value(sample_class_pca((means, axes, deviations), labels, generator))
    rows = images.reshape(3000, 784).astype(np.float64) - means[labels]
    for label, kept in ((0, [0, 1]), (1, [0, 2])):
        coordinates = rows[labels == label] @ axes[label].T
        rest = rows[labels == label] - coordinates @ axes[label]
        close(rest, np.zeros_like(rest), rtol=0, atol=1e-5, what="what no axis explains")  # float32
        scaled = coordinates[:, kept] / deviations[label, kept]
        both = np.stack([scaled[:, 0] ** 2, scaled[:, 1] ** 2], axis=1)
        averages(both, 1.0, variance=2, tail=2, false_fail=5e-10, what="a scaled variance")
        product = scaled[:, 0] * scaled[:, 1]
        averages(product, 0.0, variance=1, tail=1, false_fail=2.5e-10, what="a covariance")
        averages(scaled, 0.0, variance=1, false_fail=2.5e-10, what="a mean")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="clip to [-1, 1], float32, from `rng` alone, and leave the model as it is",
)
def test_clipped_samples(sample_class_pca):
    """Pixels stay within [-1, 1], in float32; one seed gives one set, two calls give two"""
    draw = rng("clipped")
    means, axes, deviations = _model(draw)
    model, labels = (means * 12, axes, 100 * deviations), np.array([0, 1, 1, 0, 1])
    generator = remote.numpy.random.default_rng(9)
    images = value(sample_class_pca(model, labels, generator))
    dtype(images, "float32", "the images")
    equal([images.min(), images.max()], [-1, 1], "the least and the largest pixel")
    that(float(np.mean(np.abs(images) < 1)) > 0.1, "no pixel is between -1 and 1")
    again = value(sample_class_pca(model, labels, generator))
    that(not np.array_equal(again, images), "two calls drew the same images")
    equal(
        sample_class_pca(model, labels, remote.numpy.random.default_rng(9)),
        images,
        "the images of one seed",
    )


@test_case(
    points=0.5,
    hidden=True,
    failure_message="adversarial(fake_logits) + weight * classification(class_logits, labels)",
)
def test_guided_gradients(class_guided_loss):
    """The loss and its gradients by both kinds of logits are those of the sum, at any weight"""
    draw = rng("guided")
    fakes = draw.normal(size=(4, 1)).astype(np.float32)
    classes, labels = draw.normal(size=(4, 3)).astype(np.float32), np.array([1, 0, 2, 1])
    helper = remote.define(HELPERS)
    for weight in (0.0, 0.3, None):
        more = {} if weight is None else {"weight": weight}
        total, factor = (
            helper.guided(class_guided_loss, weight, more),
            1.0 if weight is None else weight,
        )
        loss, slopes = grad(total, fakes, classes, labels)
        pulled = (classes.astype(np.float64) ** 3 * labels[:, None]).sum()
        expected = (fakes**2).mean(dtype=np.float64) + factor * pulled
        close(loss, expected, rtol=1e-4, atol=1e-5, what=f"the loss at weight {weight}")  # float32
        close(slopes, fakes / 2, rtol=1e-4, atol=1e-5, what="its gradient by the answers")
        _, slopes = grad(total, fakes, classes, labels, wrt=1)
        expected = factor * 3 * classes.astype(np.float64) ** 2 * labels[:, None]
        close(slopes, expected, rtol=1e-4, atol=1e-5, what="that by the class logits")
