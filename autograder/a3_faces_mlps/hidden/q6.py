"""q6: the parts of the data, and an epoch of training (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, dtype, equal, raises, remote, rng, shape, that, trusts, value

OK_FORMAT = False
name = "q6"
points = None

# Runs beside the student's code.
PROBE = """
import torch
from torch import nn

def linear(weight, bias):
    model = nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        model.weight.copy_(torch.tensor(weight))
        model.bias.copy_(torch.tensor(bias))
    return model

def epoch(train_epoch, weight, bias, rate, batches):
    model = linear(weight, bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    tensors = ((torch.tensor(images), torch.tensor(labels)) for images, labels in batches)
    return train_epoch(model, optimizer, nn.functional.cross_entropy, tensors)

def epoch_of_evaluated(train_epoch, weight, bias, images, labels):
    model = nn.Sequential(nn.BatchNorm1d(images.shape[1], affine=False), linear(weight, bias))
    model.eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    batches = [(torch.tensor(images), torch.tensor(labels))]
    return train_epoch(model, optimizer, nn.functional.cross_entropy, batches)

def epoch_of_weights(train_epoch, weight, bias, images, labels):
    model = linear(weight, bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    batches = [(torch.tensor(images), torch.tensor(labels))]
    doubled = lambda logits, labels: 2 * nn.functional.cross_entropy(logits, labels)
    return train_epoch(model, optimizer, doubled, batches)

def contiguous(parse_splits, stored):
    return all(images.flags.c_contiguous for images, _ in parse_splits(stored).values())
"""

CLEAR = 1e-3  # nearer to each other, and rounding may decide which logit is the largest


def archive(label, counts, shapes=((-1,), (1, -1), (-1, 1)), kinds=("u1", "i4", "i8")):
    """The arrays of a file, and the images and labels of each part as they should come out."""
    draw = rng(label)
    stored, parts = {}, []
    for part, count in enumerate(counts):
        images = draw.integers(0, 200, (count, 28, 28)).astype(np.uint8)
        labels = draw.integers(0, 10, count)
        stored[f"arr_{2 * part}"] = images.reshape(count, 784).T
        stored[f"arr_{2 * part + 1}"] = labels.astype(kinds[part]).reshape(shapes[part])
        parts.append((oracle.scaled_rows(images), labels))
    return stored, parts


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Four arrays have no validation part. Labels come in several shapes and types. "
    "After .T an image is a row, but not yet one in memory.",
)
@trusts("how an array lies in memory, only the array can say")
def test_layouts(parse_splits):
    """Six and four arrays, labels as rows, columns and bytes; images pixel for pixel"""
    cases = {("train", "validation", "test"): (4, 3, 2), ("train", "test"): (3, 5)}
    for names, counts in cases.items():
        stored, parts = archive(f"layout {len(names)}", counts)
        found = value(parse_splits(stored))
        that(isinstance(found, dict), "expected a dict of parts")
        that(sorted(found) == sorted(names), f"of {len(stored)} arrays the names are not {names}")
        for key, (images, labels) in zip(names, parts, strict=True):
            dtype(found[key][0], "float32", f"the images of {key}")
            close(found[key][0], images, rtol=1e-5, atol=1e-7, what=f"the images of {key}")
            shape(found[key][1], labels.shape, f"the labels of {key}")
            dtype(found[key][1], "int64", f"the labels of {key}")
            equal(found[key][1], labels, f"the labels of {key}")
        whole = remote.define(PROBE).contiguous(parse_splits, stored)
        equal(whole, True, "whether each image is in one piece in memory")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Another number of arrays, or of labels, is a ValueError.",
)
def test_other_files(parse_splits):
    """Files with two or five arrays, and one with a label too few, are refused"""
    stored, _ = archive("other files", (4, 3, 2))
    raises(ValueError, parse_splits, {key: stored[key] for key in ("arr_0", "arr_1")})
    raises(ValueError, parse_splits, {key: stored[key] for key in list(stored)[:5]})
    short = {**stored, "arr_3": stored["arr_3"].reshape(-1)[:2]}
    raises(ValueError, parse_splits, short)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="One update per batch, by the gradient of that batch alone. Weigh a short last "
    "batch by its images.",
)
def test_updates(train_epoch):
    """Updates by plain gradient descent, and means over images with a short last batch"""
    draw = rng("updates")
    while True:
        weight, bias = draw.normal(size=(4, 6)), draw.normal(size=4)
        images = draw.normal(size=(33, 6))
        labels = draw.integers(0, 4, size=33)
        images[30:] *= 4
        weight, bias, images = (a.astype(np.float32) for a in (weight, bias, images))
        batches = [(images[i : i + 10], labels[i : i + 10]) for i in (0, 10, 20, 30)]
        loss, accuracy, closest = oracle.sgd_on_linear_model(weight, bias, batches, 0.5)
        if closest > CLEAR:
            break
    found = value(remote.define(PROBE).epoch(train_epoch, weight, bias, 0.5, batches))
    that(isinstance(found, tuple | list) and len(found) == 2, "expected loss and accuracy")
    close(found[0], loss, rtol=1e-4, what="the loss")  # float32, four updates
    close(found[1], accuracy, rtol=1e-6, what="the accuracy")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="model.train() comes before the first batch: an evaluation has called "
    "model.eval(). The loss is the one that was passed.",
)
def test_training_mode(train_epoch):
    """A network that comes from an evaluation is trained in training mode, by the loss given"""
    draw = rng("training mode")
    weight, bias = (draw.normal(size=s).astype(np.float32) for s in ((4, 6), (4,)))
    images = draw.normal(loc=5, scale=3, size=(20, 6)).astype(np.float32)
    labels = draw.integers(0, 4, size=20)
    wide = images.astype(np.float64)
    normal = (wide - wide.mean(axis=0)) / np.sqrt(wide.var(axis=0) + 1e-5)
    expected = oracle.cross_entropies(normal @ weight.T + bias, labels).mean()
    run = remote.define(PROBE)
    found = value(run.epoch_of_evaluated(train_epoch, weight, bias, images, labels))
    close(found[0], expected, rtol=1e-3, what="the loss")  # float32, and a variance
    found = value(run.epoch_of_weights(train_epoch, weight, bias, images, labels))
    expected = 2 * oracle.cross_entropies(wide @ weight.T + bias, labels).mean()
    close(found[0], expected, rtol=1e-4, what="the loss that was passed")  # float32
