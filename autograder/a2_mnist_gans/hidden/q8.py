"""q8: the digit classifier and its training (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, dtype, equal, grad, remote, rng, that, trusts, value

OK_FORMAT = False
name = "q8"
points = None

PARTS = """
import keras
import numpy as np
import tensorflow as tf

def normalising(weight, bias):
    first = keras.layers.BatchNormalization(center=False, scale=False)
    model = keras.Sequential([keras.Input((len(weight),)), first, keras.layers.Dense(len(bias))])
    model.layers[-1].set_weights([weight, bias])
    return model

def squares(logits, labels):
    wanted = tf.one_hot(tf.cast(labels, tf.int32), logits.shape[-1])
    return tf.reduce_mean((logits - wanted) ** 2)

def steps(make_step, weight, bias, rate, batches):
    model = normalising(weight, bias)
    step = make_step(model, keras.optimizers.SGD(rate), squares)
    seen = [[float(answer) for answer in step(*batch)] for batch in batches]
    return seen, model.layers[-1].get_weights()

def trained(train_classifier, losses, sizes, first_epoch):
    seen = {"steps": 0, "evaluations": 0}
    reports = []

    def batches(epoch):
        for loss, size in zip(losses[epoch - 1], sizes):
            yield np.full((size, 1), loss), np.arange(size)

    def step(images, labels):
        seen["steps"] += 1
        return tf.constant(images[0, 0]), tf.constant(images[0, 0] / 10)

    def evaluate():
        answer = seen["steps"] + 100.0 * seen["evaluations"] + 10_000.0 * len(reports)
        seen["evaluations"] += 1
        return answer

    rows = train_classifier(step, batches, evaluate, len(losses),
                            on_epoch=lambda row: reports.append(dict(row)), first_epoch=first_epoch)
    return rows, reports
"""


def _classifier(build_classifier):
    """A small classifier with weights of ours, two convolutions and two hidden layers."""
    model = build_classifier((2, 3), (5, 4), 3)
    kinds, inputs = [], 1
    for kind in ((5, 5, 1, 2), (5, 5, 2, 3), (147, 5), (5, 4)):
        kinds += [kind, *[kind[-1:]] * 5]
    kinds += [(4, 3), (3,)]
    found = [np.shape(weight) for weight in value(model.get_weights())]
    that(found == kinds, f"the weights have shapes {found}; expected {kinds}")
    draw = rng("classifier")
    weights = [draw.normal(0, inputs / 3, kind).astype(np.float32) for kind in kinds]
    for at in range(5, len(weights), 6):
        weights[at] = np.abs(weights[at]) + 0.5  # variances
    model.set_weights(weights)
    return model, weights


@test_case(
    points=0.5,
    hidden=True,
    failure_message="5x5 convolutions, batch normalisation, ReLU, 2x2 maxima; dense layers with "
    "batch normalisation and ReLU; logits at the end",
)
@trusts("the weights of a network are read from the network")
def test_classifier_forward(build_classifier):
    """With two and three channels and layers of five and four the logits are those of NumPy"""
    model, weights = _classifier(build_classifier)
    equal(list(value(model.input_shape))[1:], [28, 28, 1], "the shape of an image")
    images = rng("images").uniform(-1, 1, (3, 28, 28, 1)).astype(np.float32)
    _, logits = oracle.classifier_activations(images, weights, 2, 2)
    close(model(images, training=False), logits, rtol=1e-3, atol=1e-3, what="the logits")  # float32
    deeper = build_classifier((2, 2, 2), ())
    kinds = [np.shape(weight) for weight in value(deeper.get_weights())]
    that(kinds[-2:] == [(18, 10), (10,)], f"with no hidden layer the last weights are {kinds[-2:]}")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="the input of the last layer, after its activation, by the same weights",
)
@trusts("the weights of a network are set beside the student's code")
def test_embedding_shares_weights(embedding_network):
    """The embedding comes after the activation, and follows the weights of the network"""
    layers, build = remote.keras.layers, remote.keras.Sequential
    model = build([remote.keras.Input((2,)), layers.Dense(3), layers.ReLU(), layers.Dense(4)])
    draw = rng("embedding")
    network = embedding_network(model)
    inputs = draw.normal(size=(5, 2)).astype(np.float32)
    for _ in range(2):
        shapes = (2, 3), (3,), (3, 4), (4,)
        weights = [draw.normal(size=kind).astype(np.float32) for kind in shapes]
        model.set_weights(weights)
        expected = np.maximum(inputs @ weights[0] + weights[1], 0)
        close(network(inputs), expected, rtol=1e-4, atol=1e-4, what="the embeddings")  # float32


@test_case(
    points=0.25,
    hidden=True,
    failure_message="the largest softmax probability, with the largest logit subtracted first",
)
def test_sure_confidences(confidences):
    """Confidences and predictions are right for logits of 10,000 too"""
    logits = 3 * rng("logits").standard_normal((20, 7))
    for scale, offset in ((1, 0), (1, -1e4), (3000, 0)):
        found, sure = value(confidences(scale * logits + offset))
        equal(found, logits.argmax(axis=1), "the predictions")
        expected = oracle.softmax(scale * logits).max(axis=1)
        close(sure, expected, rtol=1e-6, what=f"the confidences at scale {scale}")
    that(np.asarray(found).dtype.kind in "iu", "the predictions are no integers")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="the mean over the batch of -log softmax[label], from logits, any integers",
)
def test_classification_loss(classification_loss):
    """The cross-entropy and its gradient are right, for labels of one byte and sure logits"""
    draw = rng("loss")
    logits = (3 * draw.standard_normal((9, 5))).astype(np.float32)
    logits[0, :2] = 1e4, -1e4
    for kind in ("int64", "int32", "uint8"):
        labels = draw.integers(0, 5, 9).astype(kind)
        labels[0] = 1
        loss, slopes = grad(classification_loss, logits, labels)
        close(loss, oracle.cross_entropy(logits, labels), rtol=1e-5, what=f"the loss of {kind}")
        hot = np.eye(5)[labels]
        expected = (oracle.softmax(logits.astype(np.float64)) - hot) / 9
        close(slopes, expected, rtol=1e-3, atol=1e-5, what="the gradient")  # float32


@test_case(
    points=0.5,
    hidden=True,
    failure_message="training mode; loss and accuracy from before the update; one step of the "
    "optimizer on all trainable weights",
)
@trusts("the weights of a network are read beside the student's code")
def test_steps_are_exact(make_classifier_step):
    """Three steps of gradient descent after a batch normalisation are those of NumPy"""
    draw = rng("steps")
    weight, bias = draw.normal(size=(3, 4)).astype(np.float32), draw.normal(size=4)
    bias = bias.astype(np.float32)
    batches = [
        ((3 * draw.normal(size=(count, 3)) + 5).astype(np.float32), draw.integers(0, 4, count))
        for count in (8, 8, 5)
    ]
    run = remote.define(PARTS).steps
    seen, after = value(run(make_classifier_step, weight, bias, 0.3, batches))
    weight, bias = weight.astype(np.float64), bias.astype(np.float64)
    for turn, (images, labels) in enumerate(batches):
        rows = (images - images.mean(axis=0, dtype=np.float64)) / np.sqrt(
            images.var(axis=0, dtype=np.float64) + 1e-3
        )
        logits = rows @ weight + bias
        gaps = logits - np.eye(4)[labels]
        close(seen[turn][0], np.mean(gaps**2), rtol=1e-3, what=f"the loss of step {turn + 1}")
        ordered = np.sort(logits, axis=1)
        if np.min(ordered[:, -1] - ordered[:, -2]) > 1e-3:  # else rounding may decide
            right = np.mean(logits.argmax(axis=1) == labels)
            close(seen[turn][1], right, rtol=1e-5, what=f"the accuracy of step {turn + 1}")
        slopes = 2 * gaps / gaps.size
        weight, bias = weight - 0.3 * rows.T @ slopes, bias - 0.3 * slopes.sum(axis=0)
    close(after[0], weight, rtol=1e-3, atol=1e-3, what="the weight after three steps")  # float32
    close(after[1], bias, rtol=1e-3, atol=1e-3, what="the bias after three steps")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="means over images, not batches; in each epoch train, evaluate once, report",
)
def test_epochs(train_classifier):
    """Resumed at epoch 2 of 3, rows have means over images, and are reported one by one"""
    sizes = (6, 6, 1)
    losses = rng("epochs").uniform(0.1, 3.0, (3, 3))
    run = remote.define(PARTS).trained
    rows, reports = value(run(train_classifier, losses, sizes, 2))
    equal([row["epoch"] for row in rows], [2, 3], "the epochs")
    for turn, row in enumerate(rows):
        mean = np.average(losses[turn + 1], weights=sizes)
        close(row["loss"], mean, rtol=1e-6, what="the loss")
        close(row["accuracy"], mean / 10, rtol=1e-6, what="the accuracy")
        expected = 3.0 * (turn + 1) + 10_100.0 * turn
        equal(row["held_out_accuracy"], expected, "what evaluate answered, and when")
        for key, number in row.items():
            that(type(number) in (int, float), f"{key} is no plain number")
    that(reports == rows, "on_epoch was not called with the rows returned")
    dtype(np.array([row["epoch"] for row in rows]), "int64", "the epochs")
