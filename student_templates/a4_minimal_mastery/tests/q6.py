"""q6: training for a number of steps, and the evaluation (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, shape, trusts, value

OK_FORMAT = False
name = "q6"
points = None

# Runs beside the student's code.
PROBE = """
import torch
from torch import nn

def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 3), nn.LogSoftmax(dim=1))

def trained(train_classifier, steps):
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    images, labels = torch.eye(4).repeat(3, 1)[:9], torch.arange(9) % 3
    taken = []
    optimizer.register_step_post_hook(lambda *_: taken.append(1))
    losses = train_classifier(model, optimizer, iter([(images, labels)] * (steps + 5)), steps)
    return losses, len(taken)

def evaluated(evaluate, log_p, labels, batch_size):
    return evaluate(nn.Identity(), torch.tensor(log_p), torch.tensor(labels), batch_size)
"""


@test_case(points=0.5, hidden=False)
def test_rise_and_fall(learning_rate):
    """Two steps of rise to 0.1, then down: half of it in the middle of what remains"""
    found = [value(learning_rate(step, 12, 0.1, 2)) for step in (0, 1, 2, 7)]
    close(found, [0.05, 0.1, 0.1, 0.05], rtol=1e-9, what="the rates of steps 0, 1, 2 and 7")


@test_case(points=0.75, hidden=False)
@trusts("the updates are counted beside the student's code")
def test_updates(train_classifier):
    """Twenty steps are twenty updates, and the loss falls"""
    losses, taken = value(remote.define(PROBE).trained(train_classifier, 20))
    equal(taken, 20, "the number of updates")
    shape(losses, (20,), "the losses")
    equal(bool(losses[-1] < losses[0]), True, "whether the loss fell")


@test_case(points=0.75, hidden=False)
def test_two_batches(evaluate):
    """Four images in two batches, one of them all right and the other half"""
    log_p = np.log(np.array([[0.8, 0.2], [0.6, 0.4], [0.3, 0.7], [0.1, 0.9]], np.float32))
    found = value(remote.define(PROBE).evaluated(evaluate, log_p, [0, 0, 1, 0], 2))
    equal(len(found), 3, "how many numbers come back")
    loss = -np.log([0.8, 0.6, 0.7, 0.1]).mean()
    close(found, [loss, 0.75, 0.25], rtol=1e-4, what="loss, accuracy and spread")  # float32
