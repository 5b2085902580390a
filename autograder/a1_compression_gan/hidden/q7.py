"""q7: training, evaluation and the confusion matrix (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, rng, that, value

OK_FORMAT = False
name = "q7"
points = None

# Runs beside the student's code. The stubs of `trained` count what is done to them, and answer
# with these counts, so that the rows tell in which order they were called.
PROBE = """
import keras
import numpy as np

def linear(weight, bias):
    model = keras.Sequential([keras.Input((len(weight),)), keras.layers.Dense(len(bias))])
    model.set_weights([weight, bias])
    return model

def after(first, weight, bias):
    model = keras.Sequential([keras.Input((len(weight),)), first, keras.layers.Dense(len(bias))])
    model.layers[-1].set_weights([weight, bias])
    return model

def steps(make_train_step, weight, bias, rate, batches):
    step = make_train_step(linear(weight, bias), keras.optimizers.SGD(rate))
    seen = []
    for images, labels in batches:
        loss, correct = step(images, labels)
        seen.append((float(loss), int(correct)))
    return seen

def step_in_training(make_train_step, weight, bias, images, labels):
    first = keras.layers.BatchNormalization(center=False, scale=False, epsilon=1e-3)
    loss, _ = make_train_step(after(first, weight, bias), keras.optimizers.SGD(0.1))(images, labels)
    return float(loss)

def evaluated(evaluate, weight, bias, images, labels, batch_size):
    loss, accuracy = evaluate(linear(weight, bias), images, labels, batch_size=batch_size)
    return loss, accuracy

def evaluated_with_dropout(evaluate, weight, bias, images, labels):
    loss, accuracy = evaluate(after(keras.layers.Dropout(0.5), weight, bias), images, labels)
    return loss, accuracy

def trained(train_classifier, losses, correct, sizes, first_epoch):
    seen = {"steps": 0, "evaluations": 0}
    reports = []

    def batches(epoch):
        for loss, right, size in zip(losses[epoch - 1], correct[epoch - 1], sizes):
            yield np.full((size, 1), loss), np.arange(size) < right

    def step(images, labels):
        seen["steps"] += 1
        return images[0, 0], labels.sum()

    def evaluate():
        loss = seen["steps"] + 1_000.0 * len(reports) + 1_000_000.0 * seen["evaluations"]
        seen["evaluations"] += 1
        return loss, 1 / max(seen["steps"], 1)

    rows = train_classifier(
        step, evaluate, batches, len(losses),
        on_epoch=lambda row: reports.append(dict(row)), first_epoch=first_epoch,
    )
    return rows, reports
"""

KEYS = ("epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy")


CLEAR = 1e-3  # nearer to each other, and rounding may decide which logit is the largest


def linear_problems(label, count, size=6, classes=4):
    """Linear models, and images with labels that they partly get right, one after the other."""
    draw = rng(label)
    while True:
        weight = draw.normal(size=(size, classes)).astype(np.float32)
        bias = draw.normal(size=classes).astype(np.float32)
        images = draw.normal(size=(count, size)).astype(np.float32)
        labels = draw.integers(0, classes, size=count)
        yield weight, bias, images, labels


def linear_problem(label, count):
    """The first of these problems in which no prediction is a close call."""
    for weight, bias, images, labels in linear_problems(label, count):
        if oracle.closest_call(images.astype(np.float64) @ weight + bias) > CLEAR:
            return weight, bias, images, labels


def training(train_classifier, label, sizes=(8, 8, 8), first_epoch=1):
    """Rows and reports of a training with our stubs, and the rows to expect."""
    draw = rng(label)
    losses = draw.uniform(0.1, 3.0, size=(4, len(sizes)))
    correct = draw.integers(0, np.array(sizes) + 1, size=(4, len(sizes)))
    run = remote.define(PROBE).trained
    result = value(run(train_classifier, losses, correct, sizes, first_epoch))
    return *result, oracle.classifier_rows(losses, correct, sizes, first_epoch)


def check_rows(rows, expected, keys, what="row"):
    """Compare rows key by key."""
    that(isinstance(rows, list | tuple), f"expected a list of {what}s")
    equal(len(rows), len(expected), f"the number of {what}s")
    for number, (row, wanted) in enumerate(zip(rows, expected, strict=True), start=1):
        that(isinstance(row, dict), f"expected {what} {number} to be a dict")
        for key in keys:
            that(key in row, f"{what} {number} has no {key!r}")
            close(row[key], wanted[key], rtol=1e-9, what=f"{key} of {what} {number}")


@test_case(
    points=1,
    hidden=True,
    failure_message="One update per call, along the gradient of the mean cross-entropy from "
    "logits, of weights and biases both. Labels may be integers of any type.",
)
def test_updates(make_train_step):
    """Steps of plain gradient descent lose what NumPy computes, step after step"""
    for weight, bias, images, labels in linear_problems("updates", 42):
        labels = labels.astype(np.int32)
        batches = [(images[i : i + 12], labels[i : i + 12]) for i in (0, 12, 24, 36)] * 2
        expected, closest = oracle.sgd_on_linear_model(weight, bias, batches, 0.5)
        if closest > CLEAR:
            break
    seen = value(remote.define(PROBE).steps(make_train_step, weight, bias, 0.5, batches))
    for turn, ((loss, correct), (wanted, right)) in enumerate(zip(seen, expected, strict=True), 1):
        close(loss, wanted, rtol=1e-4, what=f"the loss of step {turn}")  # float32, eight updates
        equal(correct, right, f"the number correct of step {turn}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Layers such as Dropout and BatchNormalization must know that this is "
    "training.",
)
def test_training_mode(make_train_step):
    """A step runs the network in training mode: batch normalisation uses the batch"""
    weight, bias, images, labels = linear_problem("training mode", 20)
    images = 3 * images + 5
    run = remote.define(PROBE).step_in_training
    normal = (images - images.mean(axis=0)) / np.sqrt(images.var(axis=0) + 1e-3)
    expected = oracle.cross_entropies(normal @ weight + bias, labels).mean()
    loss = run(make_train_step, weight, bias, images, labels)
    close(loss, expected, rtol=1e-3, what="the loss")  # float32, and a variance


@test_case(
    points=1,
    hidden=True,
    failure_message="The last batch may be short: weigh it by its images, and leave none out. "
    "Labels may be integers of any type.",
)
def test_short_batch(evaluate):
    """Every image counts the same, whatever the batch size"""
    weight, bias, images, labels = linear_problem("short batch", 23)
    logits = images.astype(np.float64) @ weight + bias
    run = remote.define(PROBE).evaluated
    for batch_size, kind in ((5, "int64"), (11, "int32"), (23, "uint8"), (100, "int64")):
        integers = labels.astype(kind)
        loss, accuracy = value(run(evaluate, weight, bias, images, integers, batch_size))
        what = f"with batches of {batch_size}"
        expected = oracle.cross_entropies(logits, labels).mean()
        close(loss, expected, rtol=1e-5, what=f"the loss {what}")  # float32
        expected = oracle.hits(logits, labels) / 23
        close(accuracy, expected, rtol=1e-6, what=f"the accuracy {what}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Nothing is dropped in an evaluation.",
)
def test_inference_mode(evaluate):
    """The network is evaluated in inference mode: dropout drops nothing"""
    weight, bias, images, labels = linear_problem("inference mode", 30)
    run = remote.define(PROBE).evaluated_with_dropout
    loss, _ = value(run(evaluate, weight, bias, images, labels))
    expected = oracle.cross_entropies(images @ weight + bias, labels).mean()
    close(loss, expected, rtol=1e-5, what="the loss")  # float32


@test_case(
    points=1,
    hidden=True,
    failure_message="Rows are true classes; every pair counts as often as it occurs; classes that "
    "do not occur, and labels in small integer types, are no exception.",
)
def test_counts(confusion_matrix):
    """Repeated pairs, absent classes and labels of one byte are counted right"""
    draw = rng("confusion")
    for classes, kind in ((10, np.int64), (10, np.int32), (20, np.uint8)):
        labels = draw.integers(1, classes - 2, size=200).astype(kind)
        predictions = draw.integers(1, classes - 1, size=200).astype(kind)
        labels[0], predictions[0] = classes - 3, classes - 2
        matrix = confusion_matrix(labels, predictions, classes)
        equal(matrix, oracle.confusion_counts(labels, predictions, classes), "the matrix")
        dtype(matrix, "int64", "the matrix")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A mean over batches weighs a short last batch too much; count images.",
)
def test_weighted_means(train_classifier):
    """The training loss and accuracy of an epoch are means over its images"""
    rows, _, expected = training(train_classifier, "weighted means", (8, 8, 8, 3))
    check_rows(rows, expected, ("train_loss", "train_accuracy"))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Epochs are numbered from first_epoch to epochs, and batches() is told which "
    "one it is.",
)
def test_epochs(train_classifier):
    """A training that goes on at epoch 3 of 4 trains epochs 3 and 4 on their own batches"""
    rows, _, expected = training(train_classifier, "epochs", first_epoch=3)
    check_rows(rows, expected, ("epoch", "train_loss"))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="In each epoch: train on every batch, evaluate once, then report the row.",
)
def test_order(train_classifier):
    """Each epoch trains, is evaluated once, and is reported before the next one begins"""
    rows, reports, expected = training(train_classifier, "order")
    check_rows(rows, expected, ("test_loss", "test_accuracy"))
    check_rows(reports, expected, KEYS, what="report")
