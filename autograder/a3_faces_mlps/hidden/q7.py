"""q7: choosing a model by three criteria (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, that, trusts, value

OK_FORMAT = False
name = "q7"
points = None

# Runs beside the student's code: a network whose weights are the number of the epoch.
PROBE = """
import torch
from torch import nn

def fill(model, number):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(number)

def remembered(remember_best, rows):
    model, kept = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)), {}
    for row in rows:
        fill(model, row["epoch"])
        model[1].running_mean.fill_(10 * row["epoch"])
        remember_best(kept, row, model)
    fill(model, -1)
    model[1].running_mean.fill_(-1)
    found = {}
    for name, entry in kept.items():
        model.load_state_dict(entry["weights"])
        numbers = float(model[0].weight.detach().mean()), float(model[1].running_mean.mean())
        found[name] = entry["epoch"], entry["value"], *numbers
    return found
"""

CRITERIA = {
    "lowest_train_loss": ("train_loss", min),
    "lowest_validation_loss": ("validation_loss", min),
    "highest_validation_accuracy": ("validation_accuracy", max),
}
NAN = float("nan")


def rows_of(train, validation, accuracy, first=1):
    """Rows of a training, from its three curves."""
    return [
        {"epoch": epoch, "train_loss": a, "validation_loss": b, "validation_accuracy": c,
         "train_accuracy": 0.5}
        for epoch, (a, b, c) in enumerate(zip(train, validation, accuracy, strict=True), first)
    ]  # fmt: skip


def check_epochs(picked, expected):
    """Compare the epochs of the three criteria."""
    that(isinstance(picked, dict), "expected a dict by criterion")
    for criterion, epoch in zip(CRITERIA, expected, strict=True):
        that(criterion in picked, f"there is no {criterion!r}")
        equal(picked[criterion], epoch, criterion)


TIES = ([0.5, 0.2, 0.2, 0.3], [0.9, 0.9, 0.8, 0.8], [0.7, 0.8, 0.8, 0.8])
DIVERGED = ([0.5, 0.4, NAN, 0.6], [NAN, 0.9, 0.7, NAN], [NAN, 0.1, 0.3, NAN])


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Of equal values the first epoch wins; return the row's epoch, not its place.",
)
def test_first_of_equals(pick_epochs):
    """Of equal values the first is picked, also of rows that begin at epoch 11"""
    check_epochs(value(pick_epochs(rows_of(*TIES))), (2, 3, 2))
    check_epochs(value(pick_epochs(rows_of(*TIES, first=11))), (12, 13, 12))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="NaN never wins, whether it comes first or later. Every row counts.",
)
def test_nan_and_many(pick_epochs):
    """A loss that is NaN never wins; a long training is searched from end to end"""
    check_epochs(value(pick_epochs(rows_of(*DIVERGED))), (2, 3, 3))
    curves = rng("curves").permuted(np.tile(np.arange(60.0), (3, 1)), axis=1)
    best = (int(curves[0].argmin()), int(curves[1].argmin()), int(curves[2].argmax()))
    check_epochs(value(pick_epochs(rows_of(*curves.tolist()))), [1 + epoch for epoch in best])


@test_case(
    points=0.5,
    hidden=True,
    failure_message="state_dict() holds the network's own tensors: copy.deepcopy it. What must be "
    "kept are the weights of the epoch that was better.",
)
@trusts("what is kept lies beside the student's code")
def test_weights_are_copies(remember_best):
    """The weights kept are those of their epoch, whatever was trained after it"""
    curves = ([0.9, 0.5, 0.7, 0.3], [0.9, 0.4, 0.6, 0.8], [0.2, 0.3, 0.6, 0.5])
    found = value(remote.define(PROBE).remembered(remember_best, rows_of(*curves)))
    for criterion, epoch in zip(CRITERIA, (4, 2, 3), strict=True):
        that(criterion in found, f"nothing is kept for {criterion!r}")
        equal(found[criterion][2], epoch, f"the weights of {criterion}")
        equal(found[criterion][3], 10 * epoch, f"the running mean of {criterion}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Strictly better, or the first that is no NaN; an accuracy is better when it "
    "is higher.",
)
@trusts("what is kept lies beside the student's code")
def test_equal_and_nan(remember_best):
    """Of equal values the first stays, and NaN is never kept"""
    run = remote.define(PROBE).remembered
    for curves, expected in ((TIES, (2, 3, 2)), (DIVERGED, (2, 3, 3))):
        found = value(run(remember_best, rows_of(*curves)))
        for index, (criterion, (_, best)) in enumerate(CRITERIA.items()):
            that(criterion in found, f"nothing is kept for {criterion!r}")
            equal(found[criterion][0], expected[index], f"the epoch of {criterion}")
            numbers = [number for number in curves[index] if number == number]
            close(found[criterion][1], best(numbers), rtol=1e-9, what=f"the value of {criterion}")
