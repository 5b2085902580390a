"""q10: evaluation and the training loop (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, remote, that, value

OK_FORMAT = False
name = "q10"
points = None

# Runs beside the student's code: a network whose logits are its inputs, and stubs for the loop.
PROBE = """
import torch
from torch import nn

def evaluated(evaluate, images, labels):
    model = nn.Linear(images.shape[1], images.shape[1])
    nn.init.eye_(model.weight)
    nn.init.zeros_(model.bias)
    images, labels = torch.tensor(images), torch.tensor(labels)
    return evaluate(model, nn.functional.cross_entropy, images, labels)

def trained(train_classifier, epochs):
    validation = {"validation": lambda: (0.5, 0.75)}
    return train_classifier(lambda epoch: (2.0 / epoch, 0.25), validation, epochs)
"""

# Logits and labels whose loss is known: log(1 + 2/e) where the label has the 1, and 1 more where
# it has not. Three of the four are correct.
LOGITS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], np.float32)
LABELS = np.array([0, 1, 2, 1])
LOSS = float(np.log(1 + 2 / np.e)) + 0.25


@test_case(points=0.5, hidden=False)
def test_evaluate(evaluate):
    """evaluate() returns the mean loss and the share of correct predictions"""
    found = value(remote.define(PROBE).evaluated(evaluate, LOGITS, LABELS))
    that(isinstance(found, tuple | list) and len(found) == 2, "expected loss and accuracy")
    close(found[0], LOSS, rtol=1e-5, what="the loss")  # float32
    close(found[1], 0.75, rtol=1e-6, what="the accuracy")


@test_case(points=0.5, hidden=False)
def test_rows(train_classifier):
    """Two epochs give two rows, each with its number and the values of training and validation"""
    rows = value(remote.define(PROBE).trained(train_classifier, 2))
    that(isinstance(rows, list) and len(rows) == 2, "expected a list of two rows")
    for epoch, row in enumerate(rows, start=1):
        expected = {
            "epoch": epoch,
            "train_loss": 2.0 / epoch,
            "train_accuracy": 0.25,
            "validation_loss": 0.5,
            "validation_accuracy": 0.75,
        }
        for key, number in expected.items():
            that(isinstance(row, dict) and key in row, f"the row of epoch {epoch} has no {key!r}")
            close(row[key], number, rtol=1e-9, what=f"{key} of epoch {epoch}")
