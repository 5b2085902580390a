"""q14: training step, evaluation, loop and diagnosis (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, raises, remote, that, value

OK_FORMAT = False
name = "q14"
points = None

# Runs beside the student's code: a linear network whose logits are its inputs, and stubs for the
# loop, each step of which loses 2.0 with one correct.
PROBE = """
import numpy as np
import torch
from torch import nn

def identity(size):
    model = nn.Linear(size, size)
    with torch.no_grad():
        model.weight.copy_(torch.eye(size))
        model.bias.zero_()
    return model

def first_step(make_train_step, images, labels):
    model = identity(images.shape[1])
    step = make_train_step(model, torch.optim.SGD(model.parameters(), 0.1))
    loss, correct = step(torch.tensor(images), torch.tensor(labels))
    return float(loss), int(correct)

def evaluated(evaluate_cnn, images, labels):
    loader = [(torch.tensor(images), torch.tensor(labels))]
    return evaluate_cnn(identity(images.shape[1]), loader)

def trained(train_cnn, epochs):
    batch = torch.zeros(4, 2), torch.zeros(4, dtype=torch.int64)
    step = lambda images, labels: (torch.tensor(2.0), torch.tensor(1))
    return train_cnn(step, lambda: (0.5, 0.75), [batch, batch], epochs)
"""

# Logits and labels whose loss is known: log(1 + 2/e) where the label has the 1, and 1 more where
# it has not. Three of the four are correct.
LOGITS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], np.float32)
LABELS = np.array([0, 1, 2, 1])
LOSS = float(np.log(1 + 2 / np.e)) + 0.25


@test_case(points=0.25, hidden=False)
def test_first_step(make_train_step):
    """A step returns the mean loss and the number correct from before its update"""
    loss, correct = value(remote.define(PROBE).first_step(make_train_step, LOGITS, LABELS))
    close(loss, LOSS, rtol=1e-4, what="the loss")  # float32
    equal(correct, 3, "the number correct")


@test_case(points=0.25, hidden=False)
def test_evaluate_example(evaluate_cnn):
    """evaluate_cnn() returns the mean loss and the share of correct predictions"""
    loss, accuracy = value(remote.define(PROBE).evaluated(evaluate_cnn, LOGITS, LABELS))
    close(loss, LOSS, rtol=1e-4, what="the loss")  # float32
    close(accuracy, 0.75, rtol=1e-5, what="the accuracy")


@test_case(points=0.25, hidden=False)
def test_rows(train_cnn):
    """Two epochs give two rows, each with its number and the means of training and validation"""
    rows = value(remote.define(PROBE).trained(train_cnn, 2))
    that(isinstance(rows, list) and len(rows) == 2, "expected a list of two rows")
    expected = {
        "train_loss": 2.0, "train_accuracy": 0.25,
        "validation_loss": 0.5, "validation_accuracy": 0.75,
    }  # fmt: skip
    for epoch, row in enumerate(rows, start=1):
        that(isinstance(row, dict), "expected each row to be a dict")
        for key, number in {"epoch": epoch, **expected}.items():
            that(key in row, f"the row of epoch {epoch} has no {key!r}")
            close(row[key], number, rtol=1e-5, what=f"{key} of epoch {epoch}")


@test_case(points=0.25, hidden=False)
def test_diagnosis_example(diagnose):
    """A gap of 0.2 is overfitting, a gap of 0.01 underfitting; no rows have no diagnosis"""
    row = {"epoch": 1, "train_accuracy": 0.8, "validation_accuracy": 0.6}
    equal(diagnose([row]), "overfitting", "the diagnosis of 0.8 and 0.6")
    equal(diagnose([{**row, "train_accuracy": 0.61}]), "underfitting", "that of 0.61 and 0.6")
    raises(ValueError, diagnose, [])
