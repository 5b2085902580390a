"""q11: training and evaluation with Keras (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, statistical, that, value

OK_FORMAT = False
name = "q11"
points = None

# Runs beside the student's code.
PROBE = """
import keras
import numpy as np

def linear(weight, bias, l2=0.0, dropout=0.0):
    layers = [keras.layers.Dropout(dropout)] if dropout else []
    penalty = keras.regularizers.L2(l2) if l2 else None
    dense = keras.layers.Dense(len(bias), kernel_regularizer=penalty)
    model = keras.Sequential([keras.Input((len(weight),)), *layers, dense])
    dense.set_weights([weight, bias])
    return model

def evaluated(evaluate_mlp, weight, bias, rows, labels):
    return evaluate_mlp(linear(weight, bias, l2=0.5, dropout=0.5), rows, labels)

def trained(train_mlp, weight, bias, rate, train, validation, epochs, l2=0.0, dropout=0.0, **named):
    model = linear(weight, bias, l2, dropout)
    reports = []
    rows = train_mlp(
        model, keras.optimizers.SGD(rate), train, validation, epochs,
        on_epoch=lambda row: reports.append(dict(row)), **named,
    )
    return rows, reports, model.get_weights()
"""

KEYS = ("epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
CLEAR = 1e-3  # nearer to each other, and rounding may decide which logit is the largest


def _problem(label, count, size=6, classes=4):
    """A linear model, and images with labels, in which no prediction is a close call."""
    draw = rng(label)
    while True:
        weight = draw.normal(size=(size, classes)).astype(np.float32)
        bias = draw.normal(size=classes).astype(np.float32)
        images = draw.normal(size=(count, size)).astype(np.float32)
        if oracle.closest_call(images.astype(np.float64) @ weight + bias) > CLEAR:
            return weight, bias, images, draw.integers(0, classes, size=count)


def _state(weight, bias, images, labels):
    """Mean loss and accuracy of a linear model."""
    logits = images.astype(np.float64) @ weight + bias
    return oracle.cross_entropies(logits, labels).mean(), oracle.hits(logits, labels) / len(labels)


def _misled(label, count):
    """A linear model near 0, and images that show their labels; other labels to validate on.

    The more a training learns, the larger is the validation loss, from the first epoch on.
    """
    draw = rng(label)
    labels = np.arange(count) % 4
    images = 0.1 * draw.normal(size=(count, 6))
    images[np.arange(count), labels] += 2
    weight, bias = 0.01 * draw.normal(size=(6, 4)), 0.01 * draw.normal(size=4)
    arrays = (array.astype(np.float32) for array in (weight, bias, images))
    return *arrays, labels, (labels + 1) % 4


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The plain cross-entropy over all images: no penalty, no dropout, no mean "
    "over batches that weighs a short one too much. Logits may be in the thousands.",
)
def test_evaluate(evaluate_mlp):
    """Loss and accuracy of 2,300 images, without penalty and dropout, also for large logits"""
    weight, bias, images, labels = _problem("evaluate", 2300, classes=3)
    run = remote.define(PROBE).evaluated
    for kind, scale in (("int64", 1), ("uint8", 500)):
        w, b = weight * np.float32(scale), bias * np.float32(scale)
        loss, accuracy = value(run(evaluate_mlp, w, b, images, labels.astype(kind)))
        expected = _state(w, b, images, labels)
        close(loss, expected[0], rtol=1e-3, what="the loss")  # float32
        close(accuracy, expected[1], rtol=1e-5, what="the accuracy")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Descend the cross-entropy from logits plus the penalty, report the "
    "cross-entropy alone, and validate after the epoch's updates; without patience train every "
    "epoch and keep the last weights.",
)
def test_descent(train_mlp):
    """Full-batch descent with a penalty: rows and weights are what NumPy computes"""
    weight, bias, images, labels, wrong = _misled("descent", 20)
    run = remote.define(PROBE).trained
    rows, _, weights = value(
        run(train_mlp, weight, bias, 0.3, (images, labels), (images, wrong), 4, l2=0.05)
    )
    equal(len(rows), 4, "the number of rows")
    w, b = weight.astype(np.float64), bias.astype(np.float64)
    for epoch, row in enumerate(rows, start=1):
        before = _state(w, b, images, labels)[0]
        w, b = oracle.descended(w, b, images, labels, 0.3, l2=0.05)
        # float32 after a few updates.
        close(row["train_loss"], before, rtol=1e-3, what=f"train_loss of epoch {epoch}")
        after = _state(w, b, images, wrong)[0]
        close(row["validation_loss"], after, rtol=1e-3, what=f"validation_loss of epoch {epoch}")
    close(weights[0], w, rtol=0, atol=1e-3, what="the weights after four epochs")
    close(weights[1], b, rtol=0, atol=1e-3, what="the biases after four epochs")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Stop after `patience` epochs in a row without a new minimum of the "
    "validation loss, and take back the weights of the best epoch.",
)
def test_early_stopping(train_mlp):
    """A validation loss that only rises ends the training after 1 + patience epochs"""
    weight, bias, images, labels, wrong = _misled("stopping", 24)
    run = remote.define(PROBE).trained
    first = oracle.descended(weight, bias, images, labels, 0.5)
    data = (images, labels), (images, wrong)
    rows, reports, weights = value(run(train_mlp, weight, bias, 0.5, *data, 6, patience=2))
    equal(len(rows), 3, "the number of rows")
    equal(len(reports), 3, "the number of reports")
    close(weights[0], first[0], rtol=0, atol=1e-3, what="the weights")  # float32
    close(weights[1], first[1], rtol=0, atol=1e-3, what="the biases")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="`batch_size` reaches fit, only training drops activations, and on_epoch "
    "gets each row.",
)
@statistical(1e-9, "six losses under dropout of 66 inputs would all be within 1e-2 of that without")
def test_batches(train_mlp):
    """Dropout in training and not in validation, a report for each row, batches of one"""
    weight, bias, images, labels = _problem("batches", 11)
    data = images, labels
    run = remote.define(PROBE).trained
    rows, reports, _ = value(
        run(train_mlp, weight, bias, 0.0, data, data, 6, dropout=0.5, batch_size=4)
    )
    loss, accuracy = _state(weight, bias, images, labels)
    for epoch, row in enumerate(rows, start=1):
        close(row["epoch"], epoch, rtol=1e-9, what="epoch")
        # float32
        close(row["validation_loss"], loss, rtol=1e-3, what=f"validation_loss of epoch {epoch}")
        close(row["validation_accuracy"], accuracy, rtol=1e-3, what="validation_accuracy")
    that(max(abs(row["train_loss"] - loss) for row in rows) > 1e-2, "it trained without dropout")
    equal(len(reports), 6, "the number of reports")
    for row, report in zip(rows, reports, strict=True):
        close([report[k] for k in KEYS], [row[k] for k in KEYS], rtol=1e-9, what="a report")
    one = value(run(train_mlp, weight, bias, 0.05, data, data, 1, batch_size=1))[2]
    w, _ = oracle.descended(weight, bias, images, labels, 0.05)
    that(bool(np.abs(one[0] - w).max() > 0.02), "a batch size of 1 made one step for all images")
