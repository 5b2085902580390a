"""q10: evaluation and the training loop (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, that, trusts, value

OK_FORMAT = False
name = "q10"
points = None

# Runs beside the student's code. The stubs of `trained` count what is done to them, and answer with
# these counts, so that the rows tell in which order they were called.
PROBE = """
import torch
from torch import nn

def linear(weight, bias, first=None):
    last = nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        last.weight.copy_(torch.tensor(weight))
        last.bias.copy_(torch.tensor(bias))
    return nn.Sequential(last) if first is None else nn.Sequential(first, last)

def evaluated(evaluate, weight, bias, images, labels, batch_size):
    model = linear(weight, bias)
    images, labels = torch.tensor(images), torch.tensor(labels)
    return evaluate(model, nn.functional.cross_entropy, images, labels, batch_size=batch_size)

def modes(evaluate, weight, bias, images, labels):
    model = linear(weight, bias, nn.Dropout(0.5))
    graphs = []

    def loss(logits, targets):
        graphs.append(logits.requires_grad)
        return nn.functional.cross_entropy(logits, targets)

    images, labels = torch.tensor(images), torch.tensor(labels)
    found = []
    for training in (True, False):
        model.train(training)
        found.append((*evaluate(model, loss, images, labels), model.training, model[0].training))
    return found, any(graphs)

def trained(train_classifier, names, epochs, first_epoch):
    calls, reports = [], []

    def train(epoch):
        calls.append(("train", epoch))
        return 100.0 * epoch + len(reports), 1 / (1 + len(calls))

    def measure(name):
        calls.append((name, 0))
        return float(len(calls)), 1 / (2 + len(calls))

    evaluations = {name: (lambda name=name: measure(name)) for name in names}
    rows = train_classifier(
        train, evaluations, epochs,
        on_epoch=lambda row: reports.append(dict(row)), first_epoch=first_epoch,
    )
    return rows, reports, calls
"""

CLEAR = 1e-3  # nearer to each other, and rounding may decide which logit is the largest


def linear_model(label, count):
    """A linear model, images and labels, in which no prediction is a close call."""
    draw = rng(label)
    while True:
        weight, bias = draw.normal(size=(4, 6)), draw.normal(size=4)
        images, labels = draw.normal(size=(count, 6)), draw.integers(0, 4, size=count)
        images[-3:] *= 4
        weight, bias, images = (a.astype(np.float32) for a in (weight, bias, images))
        logits = images.astype(np.float64) @ weight.T + bias
        if oracle.closest_call(logits) > CLEAR:
            return weight, bias, images, labels, logits


def expected_rows(names, epochs, first_epoch):
    """The rows that the stubs of `trained` make where each is called once per epoch, in order."""
    rows, calls = [], 0
    for turn, epoch in enumerate(range(first_epoch, epochs + 1)):
        calls += 1
        row = {
            "epoch": epoch,
            "train_loss": 100.0 * epoch + turn,
            "train_accuracy": 1 / (1 + calls),
        }
        for key in names:
            calls += 1
            row |= {f"{key}_loss": float(calls), f"{key}_accuracy": 1 / (2 + calls)}
        rows.append(row)
    return rows


def check_rows(rows, expected, what):
    """Compare rows key by key."""
    that(isinstance(rows, list | tuple), f"expected a list of {what}s")
    equal(len(rows), len(expected), f"the number of {what}s")
    for row, wanted in zip(rows, expected, strict=True):
        for key, number in wanted.items():
            that(isinstance(row, dict) and key in row, f"a {what} has no {key!r}")
            close(row[key], number, rtol=1e-9, what=f"{key} of the {what} of {wanted['epoch']}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The last batch may be short: weigh it by its images, and leave none out.",
)
def test_short_batch(evaluate):
    """Every image counts the same, whatever the batch size"""
    weight, bias, images, labels, logits = linear_model("short batch", 23)
    for batch_size in (5, 11, 23, 100):
        run = remote.define(PROBE).evaluated
        loss, accuracy = value(run(evaluate, weight, bias, images, labels, batch_size))
        what = f"with batches of {batch_size}"
        expected = oracle.cross_entropies(logits, labels).mean()
        close(loss, expected, rtol=1e-5, what=f"the loss {what}")  # float32
        close(accuracy, oracle.hits(logits, labels) / 23, rtol=1e-6, what=f"the accuracy {what}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Nothing is dropped in an evaluation, no gradient is recorded, and the network "
    "goes on in the mode in which it came.",
)
@trusts("the mode of a network is read from the network")
def test_modes(evaluate):
    """Dropout drops nothing, no graph is built, and the mode is as it was"""
    weight, bias, images, labels, logits = linear_model("modes", 30)
    expected = oracle.cross_entropies(logits, labels).mean()
    found, graphs = value(remote.define(PROBE).modes(evaluate, weight, bias, images, labels))
    for (loss, _, mode, dropout), training in zip(found, (True, False), strict=True):
        close(loss, expected, rtol=1e-5, what="the loss")  # float32
        equal((mode, dropout), (training, training), "the mode after the evaluation")
    equal(graphs, False, "whether gradients were recorded")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="In each epoch: train once, then each evaluation once, then report the row.",
)
@trusts("the calls are recorded beside the student's code")
def test_order(train_classifier):
    """Each epoch trains, is evaluated, and is reported before the next one begins"""
    expected = expected_rows(("validation",), 4, 1)
    rows, reports, calls = value(
        remote.define(PROBE).trained(train_classifier, ["validation"], 4, 1)
    )
    check_rows(rows, expected, "row")
    check_rows(reports, expected, "report")
    equal(len(calls), 8, "the number of calls")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Epochs are numbered from first_epoch to epochs; evaluations may be called "
    "anything, be several, or none.",
)
@trusts("the calls are recorded beside the student's code")
def test_names_and_epochs(train_classifier):
    """Trainings that go on at epoch 3, with two evaluations and with none"""
    for names in (["test", "noisy_validation"], []):
        expected = expected_rows(names, 5, 3)
        run = remote.define(PROBE).trained
        rows, reports, _ = value(run(train_classifier, names, 5, 3))
        check_rows(rows, expected, "row")
        check_rows(reports, expected, "report")
