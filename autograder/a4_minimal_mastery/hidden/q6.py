"""q6: training for a number of steps, and the evaluation (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, that, trusts, value

OK_FORMAT = False
name = "q6"
points = None

# Runs beside the student's code.
PROBE = """
import torch
from torch import nn

def linear(weight, bias):
    model = nn.Sequential(nn.Linear(weight.shape[1], weight.shape[0]), nn.LogSoftmax(dim=1))
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor(weight))
        model[0].bias.copy_(torch.tensor(bias))
    return model

def trained(train_classifier, weight, bias, images, labels, steps, first_step, rates):
    model = linear(weight, bias)
    model.add_module("dropout", nn.Dropout(0.0))
    layer = model[0]
    optimizer = torch.optim.SGD([{"params": [layer.weight]}, {"params": [layer.bias]}], lr=9.0)
    drawn, calls, taken, modes = [], [], [], []

    def batches():
        while True:
            k = len(drawn) % len(images)
            drawn.append(k)
            yield torch.tensor(images[k]), torch.tensor(labels[k])

    def on_step(step):
        calls.append((step, len(taken)))
        model.eval()

    optimizer.register_step_pre_hook(lambda *_: modes.append(model[-1].training))
    optimizer.register_step_post_hook(lambda *_: taken.append(1))
    losses = train_classifier(
        model, optimizer, batches(), steps, first_step=first_step,
        rate=None if rates is None else lambda step: rates[step], on_step=on_step,
    )
    graph = losses.requires_grad
    return losses, layer.weight, layer.bias, len(drawn), calls, len(taken), all(modes), graph

def evaluated(evaluate, weight, bias, images, labels, batch_size):
    model = linear(weight, bias)
    return evaluate(model, torch.tensor(images), torch.tensor(labels), batch_size)

def modes(evaluate, weight, bias, images, labels):
    graphs = []
    layer = linear(weight, bias)
    layer.register_forward_hook(lambda module, inputs, output: graphs.append(output.requires_grad))
    model = nn.Sequential(nn.Dropout(0.5), layer)
    found = []
    for training in (True, False):
        model.train(training)
        images_, labels_ = torch.tensor(images), torch.tensor(labels)
        numbers = evaluate(model, images_, labels_, 8)
        found.append((*numbers, model.training, model[0].training))
    return found, any(graphs)
"""

CLEAR = 1e-3  # nearer to each other, and rounding may decide which logit is the largest


def regression(label, count):
    """A linear model, images and labels, in which no prediction is a close call."""
    draw = rng(label)
    while True:
        weight, bias = draw.normal(size=(4, 6)), draw.normal(size=4)
        images, labels = draw.normal(size=(count, 6)), draw.integers(0, 4, size=count)
        images[-3:] *= 4
        weight, bias, images = (a.astype(np.float32) for a in (weight, bias, images))
        logits = images.astype(np.float64) @ weight.T + bias
        top = np.sort(logits, axis=1)
        if np.min(top[:, -1] - top[:, -2]) > CLEAR:
            return weight, bias, images, labels, logits


def check_training(train_classifier, label, steps, first_step, rates):
    """A training of a linear model, against NumPy; what else was seen of it."""
    weight, bias, images, labels, _ = regression(label, 48)
    images, labels = images.reshape(4, 12, 6), labels.reshape(4, 12)
    run = remote.define(PROBE).trained
    losses, new_weight, new_bias, *seen = value(
        run(train_classifier, weight, bias, images, labels, steps, first_step, rates)
    )
    count = steps - first_step
    batches = [(images[k % 4], labels[k % 4]) for k in range(count)]
    used = [9.0] * count if rates is None else rates[first_step:steps]
    expected, *weights = oracle.softmax_regression(weight, bias, batches, used)
    shape(losses, (count,), "the losses")
    close(losses, expected, rtol=1e-3, atol=1e-4, what="the losses")  # float32, several steps
    close(new_weight, weights[0], rtol=1e-3, atol=1e-3, what="the weights")
    close(new_bias, weights[1], rtol=1e-3, atol=1e-3, what="the biases")
    return seen


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The rise ends with the peak at step warmup - 1; half a cosine goes over what "
    "remains; no rise where warmup is 0.",
)
def test_every_step(learning_rate):
    """The rate of every step of three schedules"""
    for steps, peak, warmup in ((20, 0.3, 5), (7, 2.0, 0), (10, 0.01, 1)):
        found = [value(learning_rate(step, steps, peak, warmup)) for step in range(steps)]
        expected = [oracle.rate(step, steps, peak, warmup) for step in range(steps)]
        close(found, expected, rtol=1e-6, what=f"the rates of {steps} steps, {warmup} of rise")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Minus the log-probability of the label, the mean over the batch; the rate of "
    "the step in every group, before the update.",
)
def test_weights(train_classifier):
    """Nine steps with a rate for each: losses and weights, against NumPy"""
    rates = rng("rates").uniform(0.05, 0.4, 9).tolist()
    check_training(train_classifier, "weights", 9, 0, rates)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Steps go on at first_step and end before `steps`: no update, no batch more; "
    "`on_step` comes after each update.",
)
@trusts("updates, batches and calls are recorded beside the student's code")
def test_budget(train_classifier):
    """A training that goes on at step 4 of 10: six updates, six batches, six calls"""
    rates = rng("more rates").uniform(0.05, 0.4, 10).tolist()
    drawn, calls, taken, _, _ = check_training(train_classifier, "budget", 10, 4, rates)
    equal(taken, 6, "the number of updates")
    equal(drawn, 6, "the number of batches drawn")
    equal(calls, [(step, step - 3) for step in range(4, 10)], "steps, and the updates before each")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Training mode at each step, whatever `on_step` does; losses without a graph; "
    "no rate given, none changed; no step to make, no losses.",
)
@trusts("the mode of a network is read from the network")
def test_modes_and_no_rate(train_classifier):
    """`on_step` leaves the network in inference mode; no rate is given; nothing is left to do"""
    *_, training, graph = check_training(train_classifier, "modes", 3, 0, None)
    equal(training, True, "whether the network was in training mode at each step")
    equal(graph, False, "whether the losses have a graph")
    weight, bias, images, labels, _ = regression("none left", 12)
    run = remote.define(PROBE).trained
    found = value(run(train_classifier, weight, bias, images[None], labels[None], 5, 5, None))
    shape(found[0], (0,), "the losses when no step is left")
    equal(found[5], 0, "the number of updates when no step is left")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Loss and accuracy over the images, whatever the batches; the spread over the "
    "batches, the short last one included.",
)
def test_short_batch(evaluate):
    """Batches that do not divide the images, that do, and one that holds them all"""
    weight, bias, images, labels, logits = regression("short batch", 23)
    hits = logits.argmax(axis=1) == labels
    losses = oracle.logsumexp(logits) - logits[np.arange(23), labels]
    for size in (5, 23, 100):
        run = remote.define(PROBE).evaluated
        found = value(run(evaluate, weight, bias, images, labels, size))
        what = f"loss, accuracy and spread with batches of {size}"
        expected = [losses.mean(), hits.mean(), np.std(oracle.accuracies(hits, size))]
        close(found, expected, rtol=1e-4, atol=1e-5, what=what)  # float32


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Nothing is dropped in an evaluation, no gradient is recorded, and the network "
    "goes on in the mode in which it came.",
)
@trusts("the mode of a network is read from the network")
def test_modes(evaluate):
    """Dropout drops nothing, no graph is built, and the mode is as it was"""
    weight, bias, images, labels, logits = regression("eval modes", 30)
    expected = (oracle.logsumexp(logits) - logits[np.arange(30), labels]).mean()
    found, graphs = value(remote.define(PROBE).modes(evaluate, weight, bias, images, labels))
    for (loss, _, _, mode, dropout), training in zip(found, (True, False), strict=True):
        close(loss, expected, rtol=1e-4, what="the loss")  # float32
        equal((mode, dropout), (training, training), "the mode after the evaluation")
    that(graphs is False, "gradients were recorded")
