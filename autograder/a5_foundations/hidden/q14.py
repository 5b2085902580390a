"""q14: training step, evaluation, loop and diagnosis (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, that, value

OK_FORMAT = False
name = "q14"
points = None

# Runs beside the student's code. The stubs of `trained` count what is done to them, and answer
# with these counts, so that the rows tell in which order they were called.
PROBE = """
import numpy as np
import torch
from torch import nn

def linear(weight, bias, first=None):
    model = nn.Linear(*weight.shape)
    with torch.no_grad():
        model.weight.copy_(torch.tensor(weight).T)
        model.bias.copy_(torch.tensor(bias))
    return model if first is None else nn.Sequential(first, model)

def batch(images, labels):
    return torch.tensor(images), torch.tensor(labels)

def steps(make_train_step, weight, bias, rate, batches):
    model = linear(weight, bias)
    step = make_train_step(model, torch.optim.SGD(model.parameters(), rate))
    seen = []
    for images, labels in batches:
        loss, correct = step(*batch(images, labels))
        seen.append((float(loss), int(correct)))
    return seen

def step_in_training(make_train_step, weight, bias, images, labels):
    # The step finds a network in inference mode, and adds 1 to every image.
    norm = nn.BatchNorm1d(len(weight), affine=False)
    model = linear(weight, bias, norm).eval()
    calls = []
    def augment(one):
        calls.append(len(one))
        return one * torch.arange(1, len(one) + 1)[:, None]
    step = make_train_step(model, torch.optim.SGD(model.parameters(), 0.1), augment)
    loss, correct = step(*batch(images, labels))
    graph = any(torch.is_tensor(part) and part.requires_grad for part in (loss, correct))
    return float(loss), graph, calls

class Watched(nn.Module):
    # Notes whether a gradient would be recorded.
    def __init__(self, model):
        super().__init__()
        self.model, self.recorded = model, []

    def forward(self, images):
        self.recorded.append(torch.is_grad_enabled())
        return self.model(images)

def evaluated(evaluate_cnn, weight, bias, images, labels, size, training):
    model = Watched(linear(weight, bias, nn.Dropout(0.5))).train(training)
    cuts = [slice(start, start + size) for start in range(0, len(images), size)]
    loader = [batch(images[cut], labels[cut]) for cut in cuts]
    loss, accuracy = evaluate_cnn(model, loader)
    modes = [model.training, *(m.training for m in model.modules())]
    return loss, accuracy, all(mode == training for mode in modes), any(model.recorded)

def trained(train_cnn, losses, correct, sizes, first_epoch):
    seen = {"steps": 0, "evaluations": 0, "epoch": first_epoch - 2}
    reports = []

    class Loader:
        def __iter__(self):
            seen["epoch"] += 1
            rows = zip(losses[seen["epoch"]], correct[seen["epoch"]], sizes)
            for loss, right, size in rows:
                images = torch.full((size, 1), float(loss), dtype=torch.float64)
                yield images, (torch.arange(size) < right).to(torch.int64)

    def step(images, labels):
        seen["steps"] += 1
        return images[0, 0], labels.sum()

    def evaluate():
        loss = seen["steps"] + 1_000.0 * len(reports) + 1_000_000.0 * seen["evaluations"]
        seen["evaluations"] += 1
        return loss, 1 / max(seen["steps"], 1)

    rows = train_cnn(
        step, evaluate, Loader(), len(losses),
        on_epoch=lambda row: reports.append(dict(row)), first_epoch=first_epoch,
    )
    return rows, reports
"""

KEYS = ("epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
CLEAR = 1e-3  # nearer to each other, and rounding may decide which logit is the largest


def _problem(label, count, size=6, classes=4):
    """A linear model, and images with labels, in which no prediction is a close call."""
    draw = rng(label)
    while True:
        weight = draw.normal(size=(size, classes)).astype(np.float32)
        bias = draw.normal(size=classes).astype(np.float32)
        images = draw.normal(size=(count, size)).astype(np.float32)
        if oracle.closest_call(images.astype(np.float64) @ weight + bias) > CLEAR:
            return weight, bias, images, draw.integers(0, classes, size=count)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="One update per call, along the gradient of the batch's mean cross-entropy "
    "alone: gradients of the call before must be gone.",
)
def test_updates(make_train_step):
    """Steps of plain gradient descent lose what NumPy computes, step after step"""
    weight, bias, images, labels = _problem("updates", 42)
    batches = [(images[i : i + 14], labels[i : i + 14]) for i in (0, 14, 28)] * 2
    seen = value(remote.define(PROBE).steps(make_train_step, weight, bias, 0.5, batches))
    w, b = weight.astype(np.float64), bias.astype(np.float64)
    for turn, ((loss, correct), (x, y)) in enumerate(zip(seen, batches, strict=True), start=1):
        logits = x.astype(np.float64) @ w + b
        expected = oracle.cross_entropies(logits, y).mean()
        close(loss, expected, rtol=1e-3, what=f"the loss of step {turn}")  # float32, six updates
        if oracle.closest_call(logits) > CLEAR:
            equal(correct, oracle.hits(logits, y), f"the number correct of step {turn}")
        w, b = oracle.descended(w, b, x, y, 0.5)


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Set the model to training mode in every step, augment the images once, and "
    "return the loss without its graph.",
)
def test_step_in_training(make_train_step):
    """A step trains in training mode on augmented images, and returns numbers without a graph"""
    weight, bias, images, labels = _problem("training mode", 20)
    run = remote.define(PROBE).step_in_training
    loss, graph, calls = value(run(make_train_step, weight, bias, images, labels))
    equal(calls, [20], "the sizes of the batches that were augmented")
    x = images.astype(np.float64) * np.arange(1, 21)[:, None]
    normal = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)
    expected = oracle.cross_entropies(normal @ weight + bias, labels).mean()
    close(loss, expected, rtol=1e-3, what="the loss")  # float32, and a variance
    that(graph is False, "what the step returns still carries the graph of its gradient")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Sum over images, divide once; eval() and no_grad() while it runs, and the "
    "mode that the model came in afterwards.",
)
def test_evaluate(evaluate_cnn):
    """Every image counts the same; dropout is idle; the model's mode is restored"""
    weight, bias, images, labels = _problem("evaluate", 23)
    logits = images.astype(np.float64) @ weight + bias
    run = remote.define(PROBE).evaluated
    for size, training in ((5, True), (11, False), (100, True)):
        found = value(run(evaluate_cnn, weight, bias, images, labels, size, training))
        loss, accuracy, restored, recorded = found
        expected = oracle.cross_entropies(logits, labels).mean()
        close(loss, expected, rtol=1e-4, what=f"the loss with batches of {size}")  # float32
        expected = oracle.hits(logits, labels) / 23
        close(accuracy, expected, rtol=1e-5, what=f"the accuracy with batches of {size}")
        that(restored is True, "the model is not left in the mode in which it came")
        that(recorded is False, "the evaluation records a graph for gradients")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Means are over images; epochs run from first_epoch to epochs; in each, "
    "train on every batch, evaluate once, then report the row.",
)
def test_loop(train_cnn):
    """A training that goes on at epoch 2 of 4: weighted means, the order of calls, the reports"""
    draw = rng("loop")
    sizes = (8, 8, 8, 3)
    losses = draw.uniform(0.1, 3.0, size=(4, 4))
    correct = draw.integers(0, np.array(sizes) + 1, size=(4, 4))
    run = remote.define(PROBE).trained
    for first_epoch in (1, 2, 5):
        rows, reports = value(run(train_cnn, losses, correct, sizes, first_epoch))
        expected = oracle.training_rows(losses, correct, sizes, first_epoch)
        for found, what in ((rows, "row"), (reports, "report")):
            equal(len(found), len(expected), f"the number of {what}s")
            for number, (row, wanted) in enumerate(zip(found, expected, strict=True), start=1):
                for key in KEYS:
                    that(key in row, f"{what} {number} has no {key!r}")
                    close(row[key], wanted[key], rtol=1e-5, what=f"{key} of {what} {number}")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Compare training with validation accuracy in the last row; a gap of "
    "most_gap is not above it.",
)
def test_diagnosis(diagnose):
    """The last row alone decides, by whether the gap is above the bound"""
    rows = [
        {"epoch": 1, "train_accuracy": 0.9, "validation_accuracy": 0.5, "train_loss": 1.0},
        {"epoch": 2, "train_accuracy": 0.75, "validation_accuracy": 0.5, "train_loss": 0.9},
    ]
    equal(diagnose(rows, 0.2), "overfitting", "the diagnosis of a gap of 0.25 above 0.2")
    equal(diagnose(rows, 0.25), "underfitting", "that of a gap of exactly most_gap")
    equal(diagnose(rows, most_gap=0.3), "underfitting", "that of a gap of 0.25 below 0.3")
    behind = [{"epoch": 1, "train_accuracy": 0.5, "validation_accuracy": 0.9}]
    equal(diagnose(behind), "underfitting", "that of a validation above the training")
