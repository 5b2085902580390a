"""q6: the parts of the data, and an epoch of training (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, shape, that, value

OK_FORMAT = False
name = "q6"
points = None

# Runs beside the student's code: a network whose logits are its inputs, and one batch.
PROBE = """
import torch
from torch import nn

def epoch(train_epoch, images, labels):
    model = nn.Linear(images.shape[1], images.shape[1])
    nn.init.eye_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    batches = [(torch.tensor(images), torch.tensor(labels))]
    return train_epoch(model, optimizer, nn.functional.cross_entropy, batches)
"""

# Logits and labels whose loss is known: log(1 + 2/e) where the label has the 1, and 1 more where
# it has not. Three of the four are correct.
LOGITS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], np.float32)
LABELS = np.array([0, 1, 2, 1])
LOSS = float(np.log(1 + 2 / np.e)) + 0.25


@test_case(points=0.5, hidden=False)
def test_six_arrays(parse_splits):
    """Six arrays are train, validation and test; an image is a column of the file, a row after"""
    stored = {}
    for part, count in enumerate((3, 2, 4)):
        stored[f"arr_{2 * part}"] = np.full((784, count), 51 * (part + 1), np.uint8)
        stored[f"arr_{2 * part + 1}"] = np.arange(count)
    parts = value(parse_splits(stored))
    that(isinstance(parts, dict), "expected a dict of parts")
    equal(sorted(parts) == ["test", "train", "validation"], True, "whether the names are right")
    for part, (key, count) in enumerate({"train": 3, "validation": 2, "test": 4}.items()):
        images, labels = parts[key]
        shape(images, (count, 784), f"the images of {key}")
        dtype(images, "float32", f"the images of {key}")
        close(images[0, 0], 0.2 * (part + 1), rtol=1e-6, what=f"a pixel of {key}")  # float32
        equal(labels, np.arange(count), f"the labels of {key}")


@test_case(points=0.5, hidden=False)
def test_one_batch(train_epoch):
    """An epoch of one batch returns its loss and accuracy from before the update"""
    found = value(remote.define(PROBE).epoch(train_epoch, LOGITS, LABELS))
    that(isinstance(found, tuple | list) and len(found) == 2, "expected loss and accuracy")
    close(found[0], LOSS, rtol=1e-5, what="the loss")  # float32
    close(found[1], 0.75, rtol=1e-6, what="the accuracy")
