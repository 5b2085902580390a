"""q10: its training, and the average of its weights (public)."""

from otter.test_files import test_case

from kit.testing import close, equal, remote, shape, that, trusts, value

OK_FORMAT = False
name = "q10"
points = None

# Runs beside the student's code.
PROBE = """
import torch
from torch import nn

def averaged(ema_update, decay):
    average, model = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        average.weight.fill_(1.0)
        model.weight.fill_(3.0)
    ema_update(average, model, decay)
    return average.weight[0, 0], model.weight[0, 0]

def trained(train_generator, steps):
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    batch = torch.eye(3), torch.ones(3, 2)
    taken = []
    optimizer.register_step_post_hook(lambda *_: taken.append(1))
    loss = lambda inputs, targets: (model(inputs) - targets).square().mean()
    losses = train_generator(model, optimizer, loss, iter([batch] * (steps + 5)), steps)
    return losses, len(taken)
"""


@test_case(points=0.5, hidden=False)
def test_three_quarters(ema_update):
    """With a decay of 0.75 a weight of 1 moves a quarter of the way to 3; the 3 stays"""
    average, new = value(remote.define(PROBE).averaged(ema_update, 0.75))
    close(average, 1.5, rtol=1e-5, what="the average")  # float32
    close(new, 3.0, rtol=1e-6, what="the weight of the model")


@test_case(points=0.75, hidden=False)
@trusts("the updates are counted beside the student's code")
def test_updates(train_generator):
    """Thirty steps are thirty updates, and the loss falls"""
    losses, taken = value(remote.define(PROBE).trained(train_generator, 30))
    equal(taken, 30, "the number of updates")
    shape(losses, (30,), "the losses")
    that(bool(losses[-1] < losses[0]), "the loss did not fall")
