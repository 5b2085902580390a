"""q8: flow matching (hidden)."""

import math

import numpy as np
import oracle  # noqa: F401  it travels with every hidden test
from otter.test_files import test_case

from kit.testing import close, equal, normal, remote, rng, statistical, that, trusts, value

OK_FORMAT = False
name = "q8"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def times(sample_times, count, seed):
    return sample_times(count, torch.Generator().manual_seed(seed))

def way(noise_to_image, *arrays):
    return noise_to_image(*(torch.tensor(a) for a in arrays))

def loss(flow_matching_loss, images, noise, times, labels, weight):
    calls = []
    weight = torch.tensor(weight, requires_grad=True)

    def model(points, times, labels):
        calls.append((points.detach(), times, labels))
        return weight * points + times.reshape(-1, 1, 1, 1) * labels.reshape(-1, 1, 1, 1)

    arrays = [torch.tensor(a) for a in (images, noise, times, labels)]
    found = flow_matching_loss(model, *arrays)
    found.backward()
    return found, weight.grad, calls
"""


def batch(label, shape=(5, 3, 4, 6)):
    """Images, noise, times and labels of a batch."""
    draw = rng(label)
    images, noise = (draw.normal(size=shape).astype(np.float32) for _ in range(2))
    times = draw.uniform(0.05, 0.95, shape[0]).astype(np.float32)
    return images, noise, times, draw.integers(0, 7, shape[0])


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Standard normal numbers through a sigmoid, all from the generator.",
)
@statistical(1e-9, "that of its check of a normal sample")
def test_logit_normal(sample_times):
    """The logarithms of t / (1 - t) are standard normal"""
    seed = int(rng("times").integers(2**31))
    run = remote.define(PROBE).times
    found = np.asarray(value(run(sample_times, 20_000, seed)), np.float64)
    that(bool(np.all((found > 0) & (found < 1))), "there are times outside (0, 1)")
    normal(np.log(found / (1 - found)), false_fail=1e-9, what="log(t / (1 - t))")
    equal(value(run(sample_times, 20_000, seed)), found.astype(np.float32), "what the seed gives")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Each image has its own time; at 0 it is noise, at 1 the image; the "
    "velocity leads from one to the other and does not depend on the time.",
)
def test_ways(noise_to_image):
    """Images of four axes and vectors of two, with a time each, the ends among them"""
    for label, shape in (("images", (5, 3, 4, 6)), ("vectors", (4, 7))):
        images, noise, times, _ = batch(label, shape)
        times[0], times[-1] = 0, 1
        points, velocities = value(remote.define(PROBE).way(noise_to_image, noise, images, times))
        for row, time in enumerate(times.astype(np.float64)):
            expected = noise[row] + time * (images[row].astype(np.float64) - noise[row])
            what = f"the point at time {time:.2f}"
            close(points[row], expected, rtol=1e-4, atol=1e-5, what=what)  # float32
        expected = images.astype(np.float64) - noise
        close(velocities, expected, rtol=1e-4, atol=1e-5, what="the velocities")


@test_case(
    points=1,
    hidden=True,
    failure_message="The model sees points, times and labels, once; errors of velocities squared, "
    "the mean of all of them; the gradient reaches the model.",
)
@trusts("the call of the model is recorded beside the student's code")
def test_loss(flow_matching_loss):
    """A model with one weight: the loss, its gradient, what the model was called with"""
    images, noise, times, labels = batch("loss")
    weight = 0.7
    loss, gradient, calls = value(
        remote.define(PROBE).loss(flow_matching_loss, images, noise, times, labels, weight)
    )
    equal(len(calls), 1, "the number of calls of the model")
    points, seen, classes = calls[0]
    column = times.astype(np.float64).reshape(-1, 1, 1, 1)
    expected = noise + column * (images.astype(np.float64) - noise)
    close(points, expected, rtol=1e-4, atol=1e-5, what="the points")  # float32
    close(seen, times, rtol=1e-6, what="the times")
    equal(classes, labels, "the labels")
    error = weight * expected + column * labels.reshape(-1, 1, 1, 1) - (images - noise)
    close(loss, math.fsum((error**2).ravel()) / error.size, rtol=1e-4, what="the loss")
    slope = 2 * math.fsum((error * expected).ravel()) / error.size
    close(gradient, slope, rtol=1e-3, atol=1e-4, what="its gradient")
