"""q11: images from noise alone (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, that, trusts, value

OK_FORMAT = False
name = "q11"
points = None

# Runs beside the student's code. The model says something else for every point, time and label.
PROBE = """
import torch
from torch import nn

class Field(nn.Module):
    def __init__(self, pull):
        super().__init__()
        self.pull = nn.Parameter(torch.tensor(pull))
        self.dropout = nn.Dropout(0.5)
        self.seen = []

    def forward(self, points, times, labels):
        self.seen.append((times.shape, labels.tolist(), torch.is_grad_enabled()))
        push = (times * labels).reshape(-1, *[1] * (points.ndim - 1))
        return self.dropout(self.pull * points + push)

def guided(guided_velocity, pull, points, times, labels, guidance, classes):
    model = Field(pull).eval()
    arrays = [torch.tensor(a) for a in (points, times, labels)]
    found = guided_velocity(model, *arrays, guidance, classes)
    return found, arrays[2], len(model.seen)

def followed(heun, start, steps, a, b):
    times = []

    def velocity(x, time):
        times.append(float(time))
        return a * x * time + b

    start = torch.tensor(start)
    return heun(velocity, start, steps), start, times

def sampled(sample, pull, noise, labels, steps, guidance, classes, training):
    model = Field(pull).train(training)
    noise, labels = torch.tensor(noise), torch.tensor(labels)
    images = sample(model, noise, labels, steps, guidance, classes)
    shapes = sorted({tuple(shape) for shape, _, _ in model.seen})
    kinds = any(grad for _, _, grad in model.seen) or images.requires_grad
    return images, noise, shapes, kinds, (model.training, model.dropout.training), len(model.seen)
"""


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Without a label, plus guidance times the difference; every label becomes "
    "`classes` in the call without; one call at guidance 1.",
)
@trusts("the calls of the model are counted beside the student's code")
def test_strengths(guided_velocity):
    """Strengths below, at and above 1, with a model that sees point, time and label"""
    draw = rng("guided")
    points = draw.normal(size=(6, 3, 2, 2)).astype(np.float32)
    times, labels = draw.uniform(0.1, 1, 6).astype(np.float32), draw.integers(0, 9, 6)
    for guidance, calls in ((0.0, 2), (0.4, 2), (1.0, 1), (1, 1), (3.5, 2)):
        run = remote.define(PROBE).guided
        found, after, count = value(run(guided_velocity, -0.3, points, times, labels, guidance, 12))
        label = 12 + guidance * (labels - 12.0)
        expected = -0.3 * points + (times * label).reshape(-1, 1, 1, 1)
        what = f"the velocity at guidance {guidance:g}"
        close(found, expected, rtol=1e-4, atol=1e-4, what=what)  # float32
        equal(after, labels, "the labels that were given")
        if calls == 1:
            equal(count, 1, "the number of calls at guidance 1")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The second velocity is taken where the first one leads, at the end of the "
    "step; then the mean of the two, from where the step began.",
)
@trusts("the times are recorded beside the student's code")
def test_against_tableau(heun):
    """A velocity that depends on place and time, in one step, in three and in eight"""
    start = rng("heun").normal(size=(3, 2, 2))
    for steps in (1, 3, 8):
        run = remote.define(PROBE).followed
        found, after, times = value(run(heun, start, steps, 1.4, -0.6))
        expected = oracle.two_stage(lambda x, t: 1.4 * x * t - 0.6, start, steps)
        close(found, expected, rtol=1e-5, atol=1e-6, what=f"the end of {steps} steps")
        equal(after, start, "the start that was given")
        equal(len(times), 2 * steps, "how often the velocity was asked for")
        that(abs(min(times)) < 1e-9 and abs(max(times) - 1) < 1e-6, "times do not go from 0 to 1")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Inference mode without gradients, and back to the mode as it was; times (n,); "
    "labels and guidance are used; the noise given stays.",
)
@trusts("the mode of a network, and its calls, are read from the network")
def test_from_noise(sample):
    """A network with dropout: images against NumPy, twice the same, in both modes"""
    draw = rng("sample")
    noise = draw.normal(0, 0.4, (5, 3, 2, 2)).astype(np.float32)
    labels = draw.integers(0, 4, 5)
    for guidance, training, calls in ((1.0, True, (8,)), (0.4, False, (8, 16))):
        run = remote.define(PROBE).sampled
        found = value(run(sample, -0.8, noise, labels, 4, guidance, 4, training))
        images, after, shapes, graph, modes, count = found
        label = (4 + guidance * (labels - 4.0)).reshape(-1, 1, 1, 1)
        end = oracle.two_stage(lambda x, t: -0.8 * x + t * label, noise, 4)  # noqa: B023
        close(images, np.clip(end, -1, 1), rtol=1e-4, atol=1e-4, what="the images")  # float32
        equal(after, noise, "the noise that was given")
        # Both velocities may come from one call, with twice as many times.
        that({tuple(shape) for shape in shapes} <= {(5,), (10,)}, "the times are not (n,)")
        that(graph is False, "gradients were recorded")
        equal(modes, (training, training), "the mode of the network afterwards")
        that(count in calls, f"the network was called {count} times")
