"""q8: the digit classifier and its training (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, that, trusts, value

OK_FORMAT = False
name = "q8"
points = None

PARTS = """
import keras
import numpy as np
import tensorflow as tf

def eagerly(function, *arguments):
    # Without compiling: for three steps that takes longer than the steps.
    tf.config.run_functions_eagerly(True)
    try:
        return function(*arguments)
    finally:
        tf.config.run_functions_eagerly(False)

def two_layers():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(4)])
    model.set_weights([np.ones((2, 3)), np.arange(3.0), np.ones((3, 4)), np.zeros(4)])
    return model

def losses(make_step, images, labels, turns):
    def loss(logits, labels):
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(labels, tf.int64), logits))

    step = make_step(two_layers(), keras.optimizers.SGD(0.01), loss)
    answers = [step(images, labels) for _ in range(turns)]
    return [(float(loss), float(accuracy)) for loss, accuracy in answers]

def trained(train_classifier, epochs):
    batch = np.zeros((4, 1)), np.zeros(4, int)
    return train_classifier(lambda images, labels: (2.0, 0.25), lambda epoch: [batch, batch],
                            lambda: 0.75, epochs)
"""
# The label of the second row has a logit of 1 and two others have 0; so the loss is known.
LOGITS = np.array([[0, 0, 0], [0, 1, 0]], np.float32)
LOSS = (float(np.log(3)) + float(np.log(1 + 2 / np.e))) / 2


@test_case(points=0.25, hidden=False)
@trusts("the weights of a network are read from the network")
def test_classifier(build_classifier):
    """The classifier has 213,046 trainable parameters of 213,550 and ten logits an image"""
    model = build_classifier()
    sizes = [
        sum(value(weight).size for weight in weights)
        for weights in (model.trainable_weights, model.weights)
    ]
    equal(sizes, [213_046, 213_550], "the number of trainable and of all parameters")
    images = rng("images").uniform(-1, 1, (2, 28, 28, 1)).astype(np.float32)
    shape(model(images), (2, 10), "the logits")


@test_case(points=0.25, hidden=False)
def test_embedding(embedding_network):
    """The embedding of (1, 2) is what the last layer of our network gets: 3, 4, 5"""
    model = embedding_network(remote.define(PARTS).two_layers())
    embedded = model(np.array([[1, 2]], np.float32))
    close(embedded, [[3.0, 4.0, 5.0]], rtol=1e-5, what="the embedding")


@test_case(points=0.25, hidden=False)
def test_confidences(confidences, classification_loss):
    """Logits of 0, 1 and 0 are class 1 with a confidence of e / (e + 2)"""
    predictions, sure = value(confidences(LOGITS[1:]))
    equal(predictions, [1], "the predictions")
    close(sure, [np.e / (np.e + 2)], rtol=1e-5, what="the confidences")  # float32
    close(classification_loss(LOGITS, np.array([2, 1])), LOSS, rtol=1e-5, what="the loss")


@test_case(points=0.25, hidden=False)
def test_training(make_classifier_step, train_classifier):
    """Three steps on one batch lower the loss; an epoch's row has the means of its steps"""
    images = rng("images").standard_normal((6, 2)).astype(np.float32)
    parts = remote.define(PARTS)
    labels = np.array([0, 1, 2, 3, 0, 1])
    answers = value(parts.eagerly(parts.losses, make_classifier_step, images, labels, 3))
    losses = [loss for loss, _ in answers]
    that(losses[0] > losses[1] > losses[2], f"the losses of three steps were {losses}")
    rows = value(parts.trained(train_classifier, 2))
    equal(len(rows), 2, "the number of rows")
    expected = {"loss": 2.0, "accuracy": 0.25, "held_out_accuracy": 0.75}
    for epoch, row in enumerate(rows, start=1):
        for key, number in {"epoch": epoch, **expected}.items():
            close(row[key], number, rtol=1e-6, what=f"{key} of epoch {epoch}")
