"""q11: training and evaluation with Keras (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, that, value

OK_FORMAT = False
name = "q11"
points = None

# Runs beside the student's code: a linear network whose logits are its inputs.
PROBE = """
import keras
import numpy as np

def identity(size):
    model = keras.Sequential([keras.Input((size,)), keras.layers.Dense(size)])
    model.set_weights([np.eye(size, dtype="float32"), np.zeros(size, "float32")])
    return model

def evaluated(evaluate_mlp, rows, labels):
    return evaluate_mlp(identity(rows.shape[1]), rows, labels)

def trained(train_mlp, rows, labels, epochs):
    model = identity(rows.shape[1])
    data = rows, labels
    return train_mlp(model, keras.optimizers.SGD(0.0), data, data, epochs, batch_size=3)
"""

# Logits and labels whose loss is known: log(1 + 2/e) where the label has the 1, and 1 more where
# it has not. Three of the four are correct.
ROWS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], np.float32)
LABELS = np.array([0, 1, 2, 1])
LOSS = float(np.log(1 + 2 / np.e)) + 0.25


@test_case(points=0.5, hidden=False)
def test_evaluate_example(evaluate_mlp):
    """evaluate_mlp() returns the mean loss and the share of correct predictions"""
    loss, accuracy = value(remote.define(PROBE).evaluated(evaluate_mlp, ROWS, LABELS))
    close(loss, LOSS, rtol=1e-4, what="the loss")  # float32
    close(accuracy, 0.75, rtol=1e-5, what="the accuracy")


@test_case(points=0.5, hidden=False)
def test_rows(train_mlp):
    """Two epochs at learning rate 0 give two rows, in which nothing has changed"""
    rows = value(remote.define(PROBE).trained(train_mlp, ROWS, LABELS, 2))
    that(isinstance(rows, list), "expected a list of rows")
    equal(len(rows), 2, "the number of rows")
    expected = {
        "train_loss": LOSS, "train_accuracy": 0.75,
        "validation_loss": LOSS, "validation_accuracy": 0.75,
    }  # fmt: skip
    for epoch, row in enumerate(rows, start=1):
        for key, number in {"epoch": epoch, **expected}.items():
            that(key in row, f"the row of epoch {epoch} has no {key!r}")
            close(row[key], number, rtol=1e-4, what=f"{key} of epoch {epoch}")  # float32
