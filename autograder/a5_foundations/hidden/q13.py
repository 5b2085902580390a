"""q13: the family of CNNs (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import (
    averages,
    close,
    equal,
    raises,
    remote,
    rng,
    statistical,
    that,
    trusts,
    value,
)

OK_FORMAT = False
name = "q13"
points = None

# Runs beside the student's code.
PROBE = """
import torch
from torch import nn

def shapes(model):
    return [list(p.shape) for p in model.parameters()]

def set_parameters(model, arrays):
    with torch.no_grad():
        for parameter, array in zip(model.parameters(), arrays, strict=True):
            parameter.copy_(torch.tensor(array))

def logits(model, images):
    model.eval()
    with torch.no_grad():
        return model(torch.tensor(images))

def spread_in_training(model, images):
    model.train()
    with torch.no_grad():
        runs = torch.stack([model(torch.tensor(images)) for _ in range(20)])
    return runs.std(dim=0).max()

def masks(model, images):
    # What the dense layers are given, in training.
    seen = []
    dense = [m for m in model.modules() if isinstance(m, nn.Linear)]
    hooks = [m.register_forward_pre_hook(lambda m, inputs: seen.append(inputs[0])) for m in dense]
    model.train()
    with torch.no_grad():
        model(torch.tensor(images))
    for hook in hooks:
        hook.remove()
    return seen

def normalises(model, images):
    # By how much the logits change in training with the rest of the batch.
    model.train()
    with torch.no_grad():
        alone = model(torch.tensor(images[:2]))
        beside = model(torch.tensor(images))[:2]
    return (alone - beside).abs().max()

def tied():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(4, 4, bias=False)
            self.second = nn.Linear(4, 4)
            self.second.weight = self.first.weight
            self.third = nn.BatchNorm1d(3)
            self.register_buffer("table", torch.zeros(50))
            self.fourth = nn.Linear(6, 2)
            self.fourth.weight.requires_grad_(False)
    return Tied()
"""

HEAD = ["flatten", "dense", "relu", "dense", "relu", "dense"]
DENSE = [[120, 400], [120], [84, 120], [84], [10, 84], [10]]
ROUNDING = 1e-3  # float32 through five layers, of numbers of size 1


def _without_relu(layout):
    return [layer for layer in layout if layer != "relu"]


def _check(model, label, shapes, layout):
    """Put our numbers into the network's parameters and compare its logits."""
    probe = remote.define(PROBE)
    equal_shapes = value(probe.shapes(model)) == shapes
    that(equal_shapes, "the parameters, in order, have other shapes than the layers described")
    draw = rng(label)
    arrays = [draw.normal(size=one) / np.sqrt(np.prod(one[1:])) for one in shapes]
    arrays = [array.astype(np.float32) for array in arrays]
    probe.set_parameters(model, arrays)
    images = draw.normal(size=(3, 3, 32, 32)).astype(np.float32)
    expected = oracle.cnn_logits(images, arrays, layout)
    found = probe.logits(model, images)
    close(found, expected, rtol=0, atol=ROUNDING, what=f"the logits ({label})")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Convolution, ReLU, pooling, twice; three dense layers; no ReLU after the "
    "last. Without ReLU nothing else changes.",
)
@trusts("weights are put into the network's own parameters")
def test_base(BaseCNN):
    """The logits of the base network, with and without ReLU, from given weights"""
    shapes = [[6, 3, 5, 5], [6], [16, 6, 5, 5], [16], *DENSE]
    layout = ["conv 0 1", "relu", "pool", "conv 0 1", "relu", "pool", *HEAD]
    _check(BaseCNN(), "with ReLU", shapes, layout)
    _check(BaseCNN(False), "without ReLU", shapes, _without_relu(layout))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="In the place of each pooling a convolution of stride 2 from as many "
    "channels to as many, with a bias and no activation after it; a kernel of 3 is padded by 1.",
)
@trusts("weights are put into the network's own parameters")
def test_strided(StridedCNN):
    """The logits of the strided networks from given weights; no other kernel size"""
    for size, padding in ((2, 0), (3, 1)):
        shapes = [[6, 3, 5, 5], [6], [6, 6, size, size], [6]]
        shapes += [[16, 6, 5, 5], [16], [16, 16, size, size], [16], *DENSE]
        half = f"conv {padding} 2"
        layout = ["conv 0 1", "relu", half, "conv 0 1", "relu", half, *HEAD]
        _check(StridedCNN(size), f"kernels of {size}", shapes, layout)
        _check(StridedCNN(size, False), f"{size}, no ReLU", shapes, _without_relu(layout))
    for size in (1, 4):
        raises(ValueError, StridedCNN, size)


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Two 3x3 convolutions padded by 1 before each pooling; with batch_norm they "
    "have no bias, and the normalisation is before the ReLU.",
)
@statistical(1e-30, "two images normalised with five others keep their logits to 1e-3")
@trusts("weights are put into the network's own parameters")
def test_deeper(DeeperCNN):
    """The logits of deeper networks from given weights, normalised and not"""
    small = [[4, 3, 3, 3], [4], [4, 4, 3, 3], [4], [5, 4, 3, 3], [5], [5, 5, 3, 3], [5]]
    dense = [[120, 320], *DENSE[1:]]
    block = ["conv 1 1", "relu", "conv 1 1", "relu", "pool"]
    _check(DeeperCNN((4, 5), False), "plain", [*small, *dense], [*block, *block, *HEAD])
    normed = [[4, 3, 3, 3], [4], [4], [4, 4, 3, 3], [4], [4]]
    block = ["conv_norm", "relu", "conv_norm", "relu", "pool"]
    model = DeeperCNN((4,))
    _check(model, "normalised", [*normed, [120, 1024], *DENSE[1:]], [*block, *HEAD])
    scales = np.arange(1, 8, dtype=np.float32)[:, None, None, None]
    images = scales * rng("batch").normal(size=(7, 3, 32, 32)).astype(np.float32)
    moved = value(remote.define(PROBE).normalises(model, images))
    that(moved > 1e-3, "in training the network does not normalise by the batch")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Dropout stands before the first and before the second dense layer, with the "
    "given probability, and nowhere else; 0 drops nothing.",
)
@statistical(2e-9, "the bounds of its two checks, 1e-9 each")
@trusts("what the dense layers are given is seen by hooks on them")
def test_dropout(DeeperCNN):
    """In training, dropout is before the first two dense layers, and nowhere where it is 0"""
    probe = remote.define(PROBE)
    images = rng("dropout").normal(size=(8, 3, 32, 32)).astype(np.float32)
    still = value(probe.spread_in_training(DeeperCNN((4,), False), images))
    that(still < 1e-6, "without dropout the logits change from call to call")
    model = DeeperCNN((4, 6), False, dropout=0.4)
    shapes = value(probe.shapes(model))
    # Positive weights and images: every activation is above 0 unless it was dropped.
    probe.set_parameters(model, [np.full(one, 0.01, np.float32) for one in shapes])
    seen = value(probe.masks(model, np.abs(images) + 0.1))
    equal(len(seen), 3, "the number of dense layers")
    for number, inputs in enumerate(seen[:2], start=1):
        kept = (inputs > 0).ravel().astype(np.float64)
        what = f"the share that reaches dense layer {number}"
        averages(kept, 0.6, variance=0.24, tail=1, false_fail=1e-9, what=what)
    that(bool(np.all(seen[2] > 0)), "something is dropped before the last dense layer")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="A parameter that two layers share is one; buffers are none; what requires "
    "no gradient is not counted.",
)
def test_count(count_parameters):
    """Shared weights count once, buffers and frozen parameters not at all"""
    equal(count_parameters(remote.define(PROBE).tied()), 16 + 4 + 6 + 2, "the number of parameters")
