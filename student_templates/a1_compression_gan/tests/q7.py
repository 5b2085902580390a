"""q7: training, evaluation and the confusion matrix (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, that, value

OK_FORMAT = False
name = "q7"
points = None

# Runs beside the student's code: a linear network whose logits are its inputs, and stubs for the
# loop, each step of which loses 2.0 with one correct.
PROBE = """
import keras
import numpy as np

def identity(size):
    model = keras.Sequential([keras.Input((size,)), keras.layers.Dense(size)])
    model.set_weights([np.eye(size, dtype="float32"), np.zeros(size, "float32")])
    return model

def first_step(make_train_step, images, labels):
    step = make_train_step(identity(images.shape[1]), keras.optimizers.SGD(0.1))
    loss, correct = step(images, labels)
    return float(loss), int(correct)

def evaluated(evaluate, images, labels):
    loss, accuracy = evaluate(identity(images.shape[1]), images, labels)
    return loss, accuracy

def trained(train_classifier, epochs):
    batch = np.zeros((4, 2), "float32"), np.zeros(4, "int64")
    return train_classifier(
        lambda images, labels: (2.0, 1), lambda: (0.5, 0.75), lambda epoch: [batch, batch], epochs
    )
"""

# Logits and labels whose loss is known: log(1 + 2/e) where the label has the 1, and 1 more where
# it has not. Three of the four are correct.
LOGITS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], np.float32)
LABELS = np.array([0, 1, 2, 1])
LOSS = float(np.log(1 + 2 / np.e)) + 0.25


@test_case(points=1, hidden=False)
def test_first_step(make_train_step):
    """A step returns the mean loss and the number correct from before its update"""
    loss, correct = value(remote.define(PROBE).first_step(make_train_step, LOGITS, LABELS))
    close(loss, LOSS, rtol=1e-5, what="the loss")  # float32
    equal(correct, 3, "the number correct")


@test_case(points=0.5, hidden=False)
def test_evaluate(evaluate):
    """evaluate() returns the mean loss and the share of correct predictions"""
    loss, accuracy = value(remote.define(PROBE).evaluated(evaluate, LOGITS, LABELS))
    close(loss, LOSS, rtol=1e-5, what="the loss")  # float32
    close(accuracy, 0.75, rtol=1e-6, what="the accuracy")


@test_case(points=0.5, hidden=False)
def test_confusion(confusion_matrix):
    """Rows of the confusion matrix are true classes, columns predicted ones, counts are int64"""
    matrix = confusion_matrix(np.array([0, 0, 0, 1, 2]), np.array([0, 1, 1, 1, 0]), 3)
    equal(matrix, [[1, 2, 0], [0, 1, 0], [1, 0, 0]], "the matrix")
    dtype(matrix, "int64", "the matrix")


@test_case(points=0.5, hidden=False)
def test_rows(train_classifier):
    """Two epochs give two rows, each with its number and the means of training and test"""
    rows = value(remote.define(PROBE).trained(train_classifier, 2))
    that(isinstance(rows, list) and len(rows) == 2, "expected a list of two rows")
    expected = {
        "train_loss": 2.0, "train_accuracy": 0.25, "test_loss": 0.5, "test_accuracy": 0.75,
    }  # fmt: skip
    for epoch, row in enumerate(rows, start=1):
        that(isinstance(row, dict), "expected each row to be a dict")
        for key, number in {"epoch": epoch, **expected}.items():
            that(key in row, f"the row of epoch {epoch} has no {key!r}")
            close(row[key], number, rtol=1e-6, what=f"{key} of epoch {epoch}")
