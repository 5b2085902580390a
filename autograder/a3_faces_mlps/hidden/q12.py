"""q12: counting parameters, on paper and in the network (hidden)."""

from otter.test_files import test_case

from kit.testing import equal, remote, rng

OK_FORMAT = False
name = "q12"
points = None

# Runs beside the student's code.
PROBE = """
from torch import nn

class Shared(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.first, self.second = nn.Linear(size, size), nn.Linear(size, size)
        self.second.weight = self.first.weight

def shared(size):
    return Shared(size)

def nested(size):
    inner = nn.Sequential(nn.Linear(size, 4, bias=False), nn.BatchNorm1d(4))
    return nn.ModuleList([nn.Sequential(inner, nn.ReLU()), nn.Conv2d(2, 3, 5)])

def frozen(size):
    model = nn.Sequential(nn.Linear(size, 3), nn.Linear(3, 2))
    model[0].weight.requires_grad_(False)
    return model
"""


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A weight for every pair of units, a bias for every unit that is no input; any "
    "number of layers.",
)
def test_any_widths(mlp_parameters):
    """Other inputs and classes, many hidden layers, and none"""
    draw = rng("widths")
    for depth in (0, 1, 4):
        widths = [int(width) for width in draw.integers(2, 50, depth + 2)]
        expected = 0
        for before, after in zip(widths, widths[1:], strict=False):
            expected += before * after + after
        found = mlp_parameters(tuple(widths[1:-1]), inputs=widths[0], classes=widths[-1])
        equal(found, expected, f"the parameters of {widths}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A parameter in two places is one parameter.",
)
def test_shared(count_parameters):
    """A weight that two layers share counts once"""
    size = int(rng("shared").integers(5, 12))
    model = remote.define(PROBE).shared(size)
    equal(count_parameters(model), size * size + 2 * size, "the number of parameters")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Parameters of modules in modules count, buffers do not.",
)
def test_nested(count_parameters):
    """Layers inside others count, running means and variances do not"""
    size = int(rng("nested").integers(5, 12))
    model = remote.define(PROBE).nested(size)
    # without bias; scale and shift of the normalisation; a convolution with bias
    expected = 4 * size + 2 * 4 + 5 * 5 * 2 * 3 + 3
    equal(count_parameters(model), expected, "the number of parameters")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="What requires no gradient is left out only where trainable_only says so.",
)
def test_frozen(count_parameters):
    """A frozen weight counts unless only trainable ones are asked for"""
    size = int(rng("frozen").integers(5, 12))
    model = remote.define(PROBE).frozen(size)
    equal(count_parameters(model), 3 * size + 3 + 8, "all parameters")
    found = count_parameters(model, trainable_only=True)
    equal(found, 3 + 8, "the trainable parameters")
