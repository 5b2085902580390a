"""q5: a classifier within its budget, and what being over it costs (hidden)."""

import numpy as np
import oracle  # noqa: F401  it travels with every hidden test
from otter.test_files import test_case

from kit.testing import close, equal, finite, remote, rng, shape, that, trusts, value

OK_FORMAT = False
name = "q5"
points = None

# Runs beside the student's code.
PROBE = """
import torch
from torch import nn

def looked_at(build_classifier, images):
    model = build_classifier().eval()
    images = torch.tensor(images)
    with torch.no_grad():
        together = model(images)
        alone = torch.cat([model(images[i : i + 1]) for i in range(len(images))])
    count = sum(p.numel() for p in {p for p in model.parameters()})
    model.train()
    model(images).gather(1, torch.arange(len(images))[:, None]).sum().backward()
    idle = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    return together, alone, count, idle

def networks():
    shared = nn.Linear(4, 4)
    tied = nn.Sequential(shared, nn.BatchNorm1d(4), shared)
    tied[1].requires_grad_(False)
    return tied, nn.ModuleDict({"shared": shared, "own": nn.Conv2d(2, 3, 5)})
"""


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Fewer than 100,000 in all, each with a gradient.",
)
@trusts("the parameters of a network and their gradients are counted in the network")
def test_budget(build_classifier):
    """Fewer than 100,000 parameters, and a gradient for each of them"""
    images = rng("budget").normal(size=(12, 3, 28, 28)).astype(np.float32)
    _, _, count, idle = remote.define(PROBE).looked_at(build_classifier, images)
    that(0 < value(count) < 100_000, f"the network has {value(count):,} parameters")
    that(not value(idle), f"some parameters have no gradient: {value(idle)}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="An image's answer may not depend on its batch; 20 probabilities add "
    "up to 1, and differ from image to image.",
)
def test_one_by_one(build_classifier):
    """Images of their own and in a batch, faint ones and strong ones"""
    images = rng("one by one").normal(size=(8, 3, 28, 28)) * np.geomspace(0.3, 10, 8).reshape(
        -1, 1, 1, 1
    )
    found = remote.define(PROBE).looked_at(build_classifier, images.astype(np.float32))
    together, alone, _, _ = value(found)
    shape(together, (8, 20), "the log-probabilities")
    finite(together, "the log-probabilities")
    close(alone, together, rtol=1e-3, atol=1e-3, what="log P of images one by one")  # float32
    close(np.exp(together).sum(axis=1), np.ones(8), rtol=1e-3, what="the sums")
    that(bool(np.ptp(together, axis=0).max() > 1e-3), "all images get the same answer")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="What two places, or two networks, share counts once; frozen parameters count, "
    "buffers do not.",
)
def test_all_networks(count_parameters):
    """A layer that is used three times, frozen ones, running means, two networks"""
    tied, other = remote.define(PROBE).networks()
    linear, norm, convolution = 4 * 4 + 4, 2 * 4, 2 * 3 * 25 + 3
    equal(count_parameters(tied), linear + norm, "of a network that uses a layer twice")
    equal(count_parameters(other), linear + convolution, "of a network of modules in modules")
    equal(count_parameters(tied, other), linear + norm + convolution, "of both together")
    equal(count_parameters(other, tied, other), linear + norm + convolution, "in another order")


@test_case(
    points=1,
    hidden=True,
    failure_message="Only each FULL tenth over the limit counts; never below 0; exact for whole "
    "numbers.",
)
def test_full_tenths(penalty_points):
    """Around every boundary of four budgets, far below and far above"""
    draw = rng("tenths")
    for limit in (100_000, 10_000, 1_000_000, 50_000):
        for tenths in (0, 1, 2, 3, 6, 7, 10, 23):
            edge = limit + tenths * limit // 10
            within = edge + int(draw.integers(1, limit // 10 - 1))
            for amount, cost in (
                (edge, 5 * tenths),
                (edge - 1, 5 * max(0, tenths - 1)),
                (within, 5 * tenths),
            ):
                found = penalty_points(amount, limit)
                equal(found, cost, f"the cost of {amount:,} with {limit:,} allowed")
        for amount in (limit // 2, 1, 0):
            equal(penalty_points(amount, limit), 0, f"the cost of {amount:,}")
