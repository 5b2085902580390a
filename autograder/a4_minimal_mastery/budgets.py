"""What is counted of a submission beside what it states: parameters, steps, pages.

Evidence for a person, never a point: what runs beside the student's code is the student's word.
"""

from kit.testing import remote, value
from kit.testing.counting import pages as pages_of
from kit.testing.counting import steps

ASKED = 3  # updates of a toy training, to see whether it makes as many as it is asked for

# Runs beside the student's code. Frozen parameters count, as in the line of code of the handout.
TOY = """
import torch

def parameters(model):
    return sum(p.numel() for p in set(model.parameters()))

def optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=1e-3)

def batches(side, classes):
    generator = torch.Generator().manual_seed(0)
    while True:
        labels = torch.randint(classes, (4,), generator=generator)
        yield torch.randn(4, 3, side, side, generator=generator), labels

def loss(model):
    return lambda images, labels: model(images, torch.full((4,), 0.5), labels).square().mean()
"""


def classifier_parameters(build_classifier):
    """The parameters of the network that is built."""
    return int(value(remote.define(TOY).parameters(build_classifier())))


def classifier_steps(build_classifier, train_classifier):
    """The updates of a short training, and how many were asked for."""
    toy, model = remote.define(TOY), build_classifier()
    drawn = toy.batches(28, 20)
    return steps(train_classifier, model, toy.optimizer(model), drawn, ASKED), ASKED


def generator_parameters(build_unet):
    """The parameters of the network that is built with its default values."""
    return int(value(remote.define(TOY).parameters(build_unet())))


def generator_steps(build_unet, train_generator):
    """The updates of a short training of a small network, and how many were asked for."""
    toy, model = remote.define(TOY), build_unet((8, 8, 8), 8, 2)
    drawn = toy.batches(8, 2)
    taken = steps(train_generator, model, toy.optimizer(model), toy.loss(model), drawn, ASKED)
    return taken, ASKED


def pages(report):
    """The pages of the paper up to its references."""
    return pages_of(report)
