"""q13: the family of CNNs (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, remote, shape, that, trusts

OK_FORMAT = False
name = "q13"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def is_module(model):
    return isinstance(model, torch.nn.Module)

def logits(model, images):
    with torch.no_grad():
        return model(torch.tensor(images))

def size(model):
    return sum(p.numel() for p in model.parameters())

def half_frozen():
    model = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.BatchNorm1d(5))
    model[0].bias.requires_grad_(False)
    return model
"""
IMAGES = np.zeros((2, 3, 32, 32), np.float32)


@test_case(points=0.5, hidden=False)
@trusts("its number of parameters is what the network says")
def test_base_example(BaseCNN):
    """The base network is an nn.Module with 62,006 parameters, with and without its ReLUs"""
    probe = remote.define(PROBE)
    for model in (BaseCNN(), BaseCNN(relu=False)):
        that(probe.is_module(model) is True, "the network is no torch.nn.Module")
        equal(probe.size(model), 62_006, "the number of parameters")
        shape(probe.logits(model, IMAGES), (2, 10), "the logits")


@test_case(points=0.25, hidden=False)
@trusts("its number of parameters is what the network says")
def test_strided_example(StridedCNN):
    """The strided networks have 63,196 and 64,656 parameters"""
    probe = remote.define(PROBE)
    for kernel_size, size in ((2, 63_196), (3, 64_656)):
        model = StridedCNN(kernel_size)
        equal(probe.size(model), size, f"the number of parameters with kernels of {kernel_size}")
        shape(probe.logits(model, IMAGES), (2, 10), "the logits")


@test_case(points=0.25, hidden=False)
@trusts("its number of parameters is what the network says")
def test_deeper_example(DeeperCNN):
    """The deeper network has 544,350 parameters; with widths (6, 16), unnormalised, 137,712"""
    probe = remote.define(PROBE)
    equal(probe.size(DeeperCNN()), 544_350, "the number of parameters")
    small = DeeperCNN((6, 16), batch_norm=False)
    equal(probe.size(small), 137_712, "the number of parameters of the small one")
    shape(probe.logits(small, IMAGES), (2, 10), "the logits")


@test_case(points=0.25, hidden=False)
def test_count_example(count_parameters):
    """What is frozen and what is no parameter is not counted: 15 weights, and 5 + 5 of the norm"""
    equal(count_parameters(remote.define(PROBE).half_frozen()), 25, "the number of parameters")
