"""q9: networks of any depth, and shuffled batches (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, statistical, that, value

OK_FORMAT = False
name = "q9"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def logits(build_mlp, images, hidden, classes, arrays):
    model = build_mlp(hidden, inputs=images.shape[1], classes=classes)
    parameters = list(model.parameters())
    if [tuple(p.shape) for p in parameters] != [a.shape for a in arrays]:
        return [tuple(p.shape) for p in parameters]
    with torch.no_grad():
        for parameter, array in zip(parameters, arrays):
            parameter.copy_(torch.tensor(array))
        return model(torch.tensor(images))

def epochs(shuffled_batches, count, size, number, seed):
    generator = torch.Generator().manual_seed(seed)
    images = torch.arange(2 * count).reshape(count, 2).float()
    labels = torch.arange(count)
    found = []
    for _ in range(number):
        drawn = shuffled_batches(images, labels, size, generator)
        found.append([(batch_images, batch_labels) for batch_images, batch_labels in drawn])
    return found
"""


def check_logits(build_mlp, label, hidden, classes):
    """The logits of a network with random weights, against NumPy."""
    draw = rng(label)
    widths = (7, *hidden, classes)
    weights = [
        draw.normal(size=(n, m)).astype(np.float32)
        for m, n in zip(widths, widths[1:], strict=False)
    ]
    biases = [draw.normal(size=n).astype(np.float32) for n in widths[1:]]
    images = draw.normal(size=(9, 7)).astype(np.float32)
    arrays = [array for pair in zip(weights, biases, strict=True) for array in pair]
    found = value(remote.define(PROBE).logits(build_mlp, images, hidden, classes, arrays))
    that(not isinstance(found, list), f"the parameters of widths {widths} have shapes {found}")
    shape(found, (9, classes), "the logits")
    expected = oracle.mlp_outputs(images, weights, biases)
    close(found, expected, rtol=1e-4, atol=1e-4, what="the logits")  # float32, a few layers


@test_case(
    points=0.5,
    hidden=True,
    failure_message="ReLU after each hidden layer, nothing after the last; the order of the widths "
    "matters.",
)
def test_deep_logits(build_mlp):
    """Three hidden layers of different widths give the logits that NumPy computes"""
    check_logits(build_mlp, "deep", (6, 5, 4), 3)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="`hidden` has any length; `inputs` and `classes` are used.",
)
def test_other_depths(build_mlp):
    """One hidden layer, five, and none"""
    for hidden in ((8,), (5, 5, 6, 5, 5), ()):
        check_logits(build_mlp, f"depth {len(hidden)}", hidden, 4)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="One order for images and labels; the last batch is what remains, and no batch "
    "is empty.",
)
def test_pairs_and_sizes(shuffled_batches):
    """Images keep their labels; sizes that divide, that do not, and that are too large"""
    for count, size, sizes in (
        (12, 4, [4, 4, 4]),
        (11, 4, [4, 4, 3]),
        (3, 8, [3]),
        (4, 1, [1] * 4),
    ):
        (drawn,) = value(remote.define(PROBE).epochs(shuffled_batches, count, size, 1, 7))
        found = [len(labels) for _, labels in drawn]
        that(found == sizes, f"{count} images in batches of {size} came in batches of {found}")
        images, labels = (np.concatenate(part) for part in zip(*drawn, strict=True))
        equal(np.sort(labels), np.arange(count), "the labels, sorted")
        equal(images, 2 * labels[:, None] + np.arange(2), "the images beside their labels")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Draw the order with torch.randperm(..., generator=generator), once per epoch.",
)
@statistical(1e-30, "an order of 40 images that is as it was, or the same twice: 1 / 40!")
def test_order(shuffled_batches):
    """Each epoch has an order of its own, and the same generator gives the same again"""
    seed = int(rng("order").integers(2**31))
    orders = []
    for _ in range(2):
        drawn = value(remote.define(PROBE).epochs(shuffled_batches, 40, 16, 2, seed))
        orders.append([np.concatenate([labels for _, labels in epoch]) for epoch in drawn])
    (first, second), again = orders[0], orders[1]
    that(list(first) != list(range(40)), "the order is that of the arguments")
    that(sorted(first[:16]) != list(range(16)), "batches are cut before the shuffle")
    that(list(first) != list(second), "two epochs have the same order")
    equal(again, [first, second], "the orders from a generator with the same seed")
