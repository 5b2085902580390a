"""q10: its training, and the average of its weights (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, that, trusts, value

OK_FORMAT = False
name = "q10"
points = None

# Runs beside the student's code.
PROBE = """
import torch
from torch import nn

def network(weight, numbers, count):
    model = nn.Sequential(nn.Linear(3, 2, bias=False), nn.BatchNorm1d(2))
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor(weight))
        model[1].running_mean.copy_(torch.tensor(numbers))
        model[1].num_batches_tracked.fill_(count)
    return model

def averaged(ema_update, weights, numbers, decay, times):
    average, model = (network(*a, c) for a, c in zip(zip(weights, numbers), (3, 8)))
    for _ in range(times):
        ema_update(average, model, decay)
    state = lambda m: (m[0].weight, m[1].running_mean, m[1].num_batches_tracked)
    grad = average[0].weight.requires_grad and average[0].weight.is_leaf
    before = average[1].running_mean.clone()
    with torch.no_grad():
        model[1].running_mean.add_(1)
    alias = not torch.equal(before, average[1].running_mean)
    return state(average), model[0].weight, grad, alias

def trained(train_generator, weight, inputs, targets, steps, first_step, rates, **more):
    model = nn.Sequential(nn.Linear(weight.shape[1], weight.shape[0], bias=False), nn.Dropout(0.0))
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor(weight))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    drawn, calls, taken, modes = [], [], [], []

    def batches():
        while True:
            k = len(drawn)
            drawn.append(k)
            yield torch.tensor(inputs[k]), torch.tensor(targets[k])

    def loss(inputs, targets):
        modes.append(model.training)
        return (model(inputs) - targets).square().mean()

    def on_step(step):
        calls.append((step, len(taken)))
        model.eval()

    optimizer.register_step_post_hook(lambda *_: taken.append(1))
    losses = train_generator(
        model, optimizer, loss, batches(), steps, first_step=first_step,
        rate=None if rates is None else lambda step: rates[step], on_step=on_step, **more,
    )
    return losses, model[0].weight, len(drawn), calls, len(taken), all(modes), losses.requires_grad
"""


def regression(label, count):
    """Weights, inputs and targets of a linear regression, batch by batch."""
    draw = rng(label)
    weight, inputs = draw.normal(size=(2, 5)), draw.normal(size=(count + 2, 8, 5))
    targets = draw.normal(size=(count + 2, 8, 2))
    return tuple(a.astype(np.float32) for a in (weight, inputs, targets))


def check_training(train_generator, label, steps, first_step, rates, **more):
    """A training of a linear layer, against NumPy; the lengths of its gradients, what was seen."""
    count = steps - first_step
    weight, inputs, targets = regression(label, count)
    run = remote.define(PROBE).trained
    losses, found, *seen = value(
        run(train_generator, weight, inputs, targets, steps, first_step, rates, **more)
    )
    shape(losses, (count,), "the losses")
    used = [0.5] * count if rates is None else rates[first_step:steps]
    batches = [(inputs[k], targets[k]) for k in range(count)]
    expected, new, lengths = oracle.clipped_regression(weight, batches, used, more.get("most", 1.0))
    close(losses, expected, rtol=1e-3, atol=1e-4, what="the losses")  # float32, several steps
    close(found, new, rtol=1e-3, atol=1e-3, what="the weights")
    return lengths, seen


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Parameters are averaged, buffers (whole numbers among them) copied; in place, "
    "without a gradient, and the model stays.",
)
@trusts("the weights of networks are read from them")
def test_buffers_too(ema_update):
    """Three updates with batch normalisation: weights, running means and a count"""
    draw = rng("ema")
    weights = [draw.normal(size=(2, 3)).astype(np.float32) for _ in range(2)]
    numbers = [draw.normal(size=2).astype(np.float32) for _ in range(2)]
    for decay, times in ((0.9, 1), (0.8, 3), (0.0, 1)):
        run = remote.define(PROBE).averaged
        found, model, leaf, alias = value(run(ema_update, weights, numbers, decay, times))
        kept = decay**times
        expected = kept * weights[0] + (1 - kept) * weights[1]
        close(found[0], expected, rtol=1e-4, atol=1e-5, what="the weights")  # float32
        close(found[1], numbers[1], rtol=1e-6, what="the running means")
        equal(found[2], 8, "the number of batches in the normalisation")
        close(model, weights[1], rtol=1e-6, what="the weights of the model")
        that(leaf is True and alias is False, "the average shares tensors, or has a graph")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The gradient of all weights as one vector is made shorter where it is longer "
    "than `most`, and left alone where it is not; between backward and step.",
)
def test_clipped(train_generator):
    """Gradients longer than allowed and shorter ones, with a rate for each step"""
    rates = rng("rates").uniform(0.05, 0.2, 8).tolist()
    lengths, _ = check_training(train_generator, "clipped", 8, 0, rates, most=0.8)
    that(max(lengths) > 0.8, "no gradient was to be cut")
    check_training(train_generator, "long", 4, 0, rates, most=100.0)
    check_training(train_generator, "default", 4, 0, None)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Steps go on at first_step and end before `steps`: no update, no batch more; "
    "training mode at each, losses without a graph, `on_step` after each update.",
)
@trusts("updates, batches and calls are recorded beside the student's code")
def test_budget(train_generator):
    """A training that goes on at step 3 of 8, and one that has nothing left to do"""
    rates = rng("more rates").uniform(0.05, 0.2, 8).tolist()
    _, seen = check_training(train_generator, "budget", 8, 3, rates, most=2.0)
    drawn, calls, taken, training, graph = seen
    equal(taken, 5, "the number of updates")
    equal(drawn, 5, "the number of batches drawn")
    equal(calls, [(step, step - 2) for step in range(3, 8)], "steps, and the updates before each")
    equal((training, graph), (True, False), "training mode at each step, and a graph of the losses")
    run = remote.define(PROBE).trained
    found = value(run(train_generator, *regression("none", 2), 4, 4, None))
    shape(found[0], (0,), "the losses when no step is left")
    equal(found[4], 0, "the number of updates when no step is left")
