"""q9: a network within its budget (hidden)."""

import numpy as np
import oracle  # noqa: F401  it travels with every hidden test
from otter.test_files import test_case

from kit.testing import close, finite, remote, rng, shape, that, trusts, value

OK_FORMAT = False
name = "q9"
points = None

# Runs beside the student's code. Weights are shaken, for many a network begins with some at zero.
PROBE = """
import torch

def built(build_unet, seed, *arguments):
    model = build_unet(*arguments)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.add_(0.03 * torch.randn(p.shape, generator=generator))
    return model

def counted(build_unet, points, times, labels, seed):
    model = built(build_unet, seed).train()
    count = sum(p.numel() for p in {p for p in model.parameters()})
    out = model(torch.tensor(points), torch.tensor(times), torch.tensor(labels))
    out.square().sum().backward()
    idle = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    return count, idle

def answers(build_unet, points, times, labels, seed, *arguments):
    model = built(build_unet, seed, *arguments).eval()
    found = []
    with torch.no_grad():
        for case in zip(points, times, labels):
            found.append(model(*(torch.tensor(part)[None] for part in case))[0])
        together = model(torch.tensor(points), torch.tensor(times), torch.tensor(labels))
    return together, torch.stack(found), sum(p.numel() for p in set(model.parameters()))
"""


def inputs(label, side, labels):
    """Points of that side, times and the labels given."""
    draw = rng(label)
    points = draw.normal(size=(len(labels), 3, side, side)).astype(np.float32)
    times = draw.uniform(0.1, 0.9, len(labels)).astype(np.float32)
    return points, times, np.array(labels)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Fewer than 1,000,000 in all with the default values, each with a gradient.",
)
@trusts("the parameters of a network and their gradients are counted in the network")
def test_budget(build_unet):
    """Fewer than a million parameters, and a gradient for each of them"""
    run = remote.define(PROBE).counted
    count, idle = value(run(build_unet, *inputs("budget", 16, [4, 99, 100]), 1))
    that(0 < count < 1_000_000, f"the network has {count:,} parameters")
    that(not idle, f"some parameters have no gradient: {idle}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Time and label have to reach the answer, early times and late ones, and an "
    "image's answer may not depend on its batch.",
)
def test_what_it_depends_on(build_unet):
    """The same point at other times and with other labels, alone and in a batch"""
    points, times, labels = inputs("depends", 12, [0, 0, 0, 5, 10, 9])
    points[:] = points[0]
    times[:] = 0.5
    times[1:3] = 0.49, 0.98
    run = remote.define(PROBE).answers
    together, alone, _ = value(run(build_unet, points, times, labels, 2, (8, 16, 16), 16, 10))
    shape(together, (6, 3, 12, 12), "the velocities")
    close(alone, together, rtol=1e-3, atol=1e-3, what="velocities one by one")  # float32
    for row, what in enumerate(
        ("a time a hundredth earlier", "a late time", "another label", "no label", "a third label"),
        1,
    ):
        moved = float(np.abs(alone[row] - alone[0]).max())
        that(moved > 1e-5, f"the velocity is the same with {what}")
    near, far = (float(np.abs(alone[row] - alone[0]).max()) for row in (1, 2))
    that(near < far, "a small step in time changes more than a large one")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Widths, size of the embedding and number of classes are arguments; sides that "
    "4 divides.",
)
def test_other_sizes(build_unet):
    """Other widths, classes and sides give other networks that work"""
    counts = []
    for channels, embedding, classes, side in (
        ((8, 8, 16), 8, 3, 8),
        ((16, 8, 16), 8, 3, 20),
        ((8, 8, 24), 8, 3, 8),
        ((8, 8, 16), 24, 3, 8),
        ((8, 8, 16), 8, 40, 8),
    ):
        case = inputs("sizes", side, [0, classes - 1, classes])
        run = remote.define(PROBE).answers
        found, _, count = value(run(build_unet, *case, 3, channels, embedding, classes))
        shape(found, (3, 3, side, side), "the velocities")
        finite(found, "the velocities")
        counts.append(count)
    that(min(counts[1:]) > counts[0], "an argument does not change the size of the network")
