"""q2: its training, and its weights as images (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, shape, that, value

OK_FORMAT = False
name = "q2"
points = None

# Runs beside the student's code: networks whose weights the test knows.
PROBE = """
import torch
from torch import nn

class Coder(nn.Module):
    def __init__(self, weight):
        super().__init__()
        units, pixels = weight.shape
        self.fc1, self.fc2 = nn.Linear(pixels, units), nn.Linear(units, pixels)
        with torch.no_grad():
            self.fc1.weight.copy_(torch.tensor(weight))

def images(weight_images, weight):
    return weight_images(Coder(weight))

def losses_of_zero(train_autoencoder, faces, epochs):
    model = nn.Linear(faces.shape[1], faces.shape[1])
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    return train_autoencoder(model, optimizer, lambda epoch: [torch.tensor(faces)], epochs)
"""


@test_case(points=0.5, hidden=False)
def test_images(weight_images):
    """The weights of each of two hidden units are a 64x64 image"""
    weight = np.arange(2 * 4096, dtype=np.float32).reshape(2, 4096)
    images = remote.define(PROBE).images(weight_images, weight)
    shape(images, (2, 64, 64), "the images")
    equal(np.asarray(value(images))[1, 0], np.arange(4096, 4160), "row 0 of the second image")


@test_case(points=0.5, hidden=False)
def test_snapshots(snapshot_epochs):
    """Of 25 epochs 0, 10, 20 and the last are kept"""
    equal(snapshot_epochs(25, 10), [0, 10, 20, 25], "the epochs")


@test_case(points=0.5, hidden=False)
def test_rows(train_autoencoder):
    """Two epochs give three rows, of epochs 0, 1 and 2, with the mean squared error"""
    faces = np.array([[1, 0, 0, 0], [0, 2, 0, 1]], np.float32)  # squares sum to 6, of 8 numbers
    rows = value(remote.define(PROBE).losses_of_zero(train_autoencoder, faces, 2))
    that(isinstance(rows, list) and len(rows) == 3, "expected a list of three rows")
    for epoch, row in enumerate(rows):
        that(isinstance(row, dict) and {"epoch", "loss"} <= set(row), "a row lacks epoch or loss")
        equal(row["epoch"], epoch, "epoch")
        close(row["loss"], 0.75, rtol=1e-5, what=f"the loss of epoch {epoch}")  # float32
