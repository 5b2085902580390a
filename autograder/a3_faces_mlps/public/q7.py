"""q7: choosing a model by three criteria (public)."""

from otter.test_files import test_case

from kit.testing import close, equal, remote, that, trusts, value

OK_FORMAT = False
name = "q7"
points = None

# Runs beside the student's code.
PROBE = """
from torch import nn

def remembered(remember_best, rows):
    model, kept = nn.Linear(2, 1), {}
    for row in rows:
        remember_best(kept, row, model)
    return {name: (entry["epoch"], entry["value"]) for name, entry in kept.items()}
"""

ROWS = [
    {"epoch": 1, "train_loss": 0.9, "validation_loss": 1.0, "validation_accuracy": 0.6},
    {"epoch": 2, "train_loss": 0.7, "validation_loss": 0.8, "validation_accuracy": 0.7},
    {"epoch": 3, "train_loss": 0.5, "validation_loss": 0.9, "validation_accuracy": 0.8},
    {"epoch": 4, "train_loss": 0.4, "validation_loss": 1.1, "validation_accuracy": 0.75},
]
PICKED = {
    "lowest_train_loss": (4, 0.4),
    "lowest_validation_loss": (2, 0.8),
    "highest_validation_accuracy": (3, 0.8),
}


@test_case(points=0.5, hidden=False)
def test_three_epochs(pick_epochs):
    """Each criterion picks its own epoch"""
    picked = value(pick_epochs(ROWS))
    for criterion, (epoch, _) in PICKED.items():
        that(isinstance(picked, dict) and criterion in picked, f"there is no {criterion!r}")
        equal(picked[criterion], epoch, criterion)


@test_case(points=0.5, hidden=False)
@trusts("what is kept lies beside the student's code")
def test_three_models(remember_best):
    """After four epochs each criterion holds the epoch and the value that it picked"""
    kept = value(remote.define(PROBE).remembered(remember_best, ROWS))
    for criterion, (epoch, best) in PICKED.items():
        that(criterion in kept, f"nothing is kept for {criterion!r}")
        equal(kept[criterion][0], epoch, f"the epoch of {criterion}")
        close(kept[criterion][1], best, rtol=1e-9, what=f"the value of {criterion}")
