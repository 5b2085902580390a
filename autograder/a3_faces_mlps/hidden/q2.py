"""q2: its training, and its weights as images (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, that, trusts, value

OK_FORMAT = False
name = "q2"
points = None

# Runs beside the student's code. The first kept image is looked at after the weights have changed.
PROBE = """
import torch
from torch import nn

class Coder(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.fc1 = nn.Linear(weight.shape[1], weight.shape[0])
        self.fc2 = nn.Linear(weight.shape[0], weight.shape[1])
        with torch.no_grad():
            self.fc1.weight.copy_(torch.tensor(weight))

def kept_images(weight_images, weight):
    model = Coder(weight)
    images = weight_images(model)
    with torch.no_grad():
        model.fc1.weight.zero_()
    return images

def trained(train_autoencoder, weight, bias, epochs, rate, last, first_epoch=0, damage=None):
    model = nn.Linear(*weight.shape)
    with torch.no_grad():
        model.weight.copy_(torch.tensor(weight))
        model.bias.copy_(torch.tensor(bias))
    reports = []

    def batches(epoch):
        for faces in epochs[epoch]:
            yield torch.tensor(faces)

    def report(row):
        reports.append((row["epoch"], row["loss"], float(model.bias.detach().sum())))

    rows = train_autoencoder(
        model, torch.optim.SGD(model.parameters(), lr=rate), batches, last,
        on_epoch=report, first_epoch=first_epoch,
        corrupt=None if damage is None else lambda faces: faces * torch.tensor(damage),
    )
    return rows, reports, float(model.bias.detach().sum())
"""

PIXELS, RATE = 6, 0.4


def drawn_faces(label, sizes=(5, 5, 2), epochs=4):
    """A linear model, and faces in batches for every epoch."""
    draw = rng(label)
    weight = 0.3 * draw.normal(size=(PIXELS, PIXELS)).astype(np.float32)
    bias = draw.normal(size=PIXELS).astype(np.float32)
    faces = [
        [draw.normal(loc=number, size=(size, PIXELS)).astype(np.float32)
         for number, size in enumerate(sizes)]
        for _ in range(epochs)
    ]  # fmt: skip
    return weight, bias, faces


def losses_of(rows, first=0):
    """The losses in the rows, whose epochs are checked."""
    that(isinstance(rows, list | tuple), "expected a list of rows")
    for epoch, row in enumerate(rows, start=first):
        that(isinstance(row, dict) and {"epoch", "loss"} <= set(row), "a row lacks epoch or loss")
        equal(row["epoch"], epoch, "epoch")
    return [row["loss"] for row in rows]


@test_case(
    points=0.5,
    hidden=True,
    failure_message="detach().numpy() shares its memory with the parameter: copy it.",
)
def test_images_stay(weight_images):
    """Images that were kept stay what they were when the weights change"""
    weight = rng("images").normal(size=(3, 4096)).astype(np.float32)
    images = remote.define(PROBE).kept_images(weight_images, weight)
    close(images, weight.reshape(3, 64, 64), rtol=1e-6, what="the images")  # float32


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Epoch 0 and the last one are always kept, and none twice.",
)
def test_snapshots_at_the_ends(snapshot_epochs):
    """A last epoch that is a multiple, few epochs, and none at all"""
    cases = {
        (30, 10): [0, 10, 20, 30],
        (3, 10): [0, 3],
        (7, 3): [0, 3, 6, 7],
        (0, 10): [0],
        (9, 10): [0, 9],
    }
    for (epochs, every), expected in cases.items():
        equal(snapshot_epochs(epochs, every), expected, f"of {epochs} epochs every {every}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="One plain update per batch; the loss of an epoch is a mean over faces, not "
    "over batches, of the squared error per pixel.",
)
def test_updates(train_autoencoder):
    """Three epochs of gradient descent lose what NumPy computes, short batches and all"""
    weight, bias, faces = drawn_faces("updates")
    pairs = [[(batch, batch) for batch in epoch] for epoch in faces]
    expected = oracle.linear_autoencoding(weight, bias, pairs, RATE)
    run = remote.define(PROBE).trained
    rows, _, _ = value(run(train_autoencoder, weight, bias, faces, RATE, 3))
    # float32 over nine updates
    close(losses_of(rows), expected, rtol=1e-4, what="the losses")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Epoch 0 measures and changes nothing. on_epoch comes at the end of each "
    "epoch, and first_epoch says where to go on.",
)
@trusts("the reports are recorded beside the student's code")
def test_epochs(train_autoencoder):
    """Epoch 0 changes no weight; each row is reported before the next epoch begins"""
    weight, bias, faces = drawn_faces("epochs")
    run = remote.define(PROBE).trained
    rows, reports, last = value(run(train_autoencoder, weight, bias, faces, RATE, 3))
    losses = losses_of(rows)
    equal(len(reports), 4, "the number of calls of on_epoch")
    equal([epoch for epoch, _, _ in reports], [0, 1, 2, 3], "the epochs reported")
    close([loss for _, loss, _ in reports], losses, rtol=1e-9, what="the losses reported")
    sums = [biases for _, _, biases in reports]
    close(sums[0], float(bias.astype(np.float64).sum()), rtol=1e-5, atol=1e-5,
          what="the sum of the biases after epoch 0")  # fmt: skip
    that(len(set(sums)) == 4, "on_epoch was not called between the epochs")
    close(sums[3], last, rtol=1e-9, what="the sum of the biases at the last report")
    rows, _, _ = value(run(train_autoencoder, weight, bias, faces, RATE, 3, 2))
    equal(len(losses_of(rows, first=2)), 2, "the number of rows from epoch 2 to 3")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The network sees the damaged faces; its output is compared with the whole "
    "ones, in epoch 0 too.",
)
def test_damage(train_autoencoder):
    """A training on damaged faces learns the faces as they were"""
    weight, bias, faces = drawn_faces("damage")
    damage = np.array([0, 1, 0.5, 0, 2, 1], np.float32)
    pairs = [[(batch * damage, batch) for batch in epoch] for epoch in faces]
    expected = oracle.linear_autoencoding(weight, bias, pairs, 0.5 * RATE)
    run = remote.define(PROBE).trained
    rows, _, _ = value(run(train_autoencoder, weight, bias, faces, 0.5 * RATE, 3, damage=damage))
    # float32 over nine updates
    close(losses_of(rows), expected, rtol=1e-4, what="the losses")
