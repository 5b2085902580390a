"""q1: faces as rows, and the autoencoder (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, dtype, equal, raises, remote, rng, shape, trusts, value

OK_FORMAT = False
name = "q1"
points = None

# Runs beside the student's code: a network with given weights, and one that is fresh.
PROBE = """
import torch

def outputs(build_autoencoder, faces, first, first_bias, second, second_bias):
    model = build_autoencoder(len(first), faces.shape[1])
    given = (first, first_bias, second, second_bias)
    own = (model.fc1.weight, model.fc1.bias, model.fc2.weight, model.fc2.bias)
    with torch.no_grad():
        for parameter, array in zip(own, given):
            parameter.copy_(torch.tensor(array))
        return model(torch.tensor(faces))

def of_mean(build_autoencoder, mean):
    model = build_autoencoder(3, len(mean), mean=mean)
    trained = [parameter.requires_grad for parameter in model.parameters()]
    return model.fc2.bias.detach(), all(trained) and len(trained) == 4

def after(function, *arguments):
    function(*arguments)
    return arguments[0]
"""


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Divide by 255, whatever the brightest pixel is; rows of a face follow each "
    "other; both stored shapes are faces; leave the argument as it is.",
)
def test_both_shapes(parse_faces):
    """Faces stored as squares or as rows give the same numbers, pixel for pixel"""
    faces = rng("faces").integers(0, 200, (5, 64, 64)).astype(np.uint8)
    expected = oracle.scaled_rows(faces)
    for stored in (faces, faces.reshape(5, 4096)):
        rows = parse_faces(stored)
        dtype(rows, "float32", "the rows")
        close(rows, expected, rtol=1e-5, atol=1e-7, what="the rows")  # float32
    after = remote.define(PROBE).after(parse_faces, faces)
    equal(after, faces, "the faces that were given")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Other shapes are no faces of 64x64, even where the numbers would fit.",
)
def test_no_faces(parse_faces):
    """Images of another size, a single face, and faces with a channel are refused"""
    for wrong in ((2, 32, 128), (64, 64), (3, 784), (2, 64, 64, 1)):
        raises(ValueError, parse_faces, np.zeros(wrong, np.uint8))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Linear, ReLU, linear, both with a bias, nothing after the second.",
)
def test_output(build_autoencoder):
    """With given weights the output is what NumPy computes"""
    draw = rng("autoencoder")
    first, second = draw.normal(size=(4, 9)), draw.normal(size=(9, 4))
    biases = draw.normal(size=4), draw.normal(size=9)
    arrays = [a.astype(np.float32) for a in (first, biases[0], second, biases[1])]
    faces = draw.normal(size=(6, 9)).astype(np.float32)
    found = remote.define(PROBE).outputs(build_autoencoder, faces, *arrays)
    shape(found, (6, 9), "the output")
    expected = oracle.mlp_outputs(faces, arrays[::2], arrays[1::2])
    close(found, expected, rtol=1e-4, atol=1e-4, what="the output")  # float32


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The mean face is where the bias of fc2 starts: it stays a parameter.",
)
@trusts("the weights of a network are read from the network")
def test_mean_face(build_autoencoder):
    """The bias of fc2 starts at the mean face, and can be trained like all the others"""
    mean = rng("mean face").uniform(0, 1, 25).astype(np.float32)
    bias, trained = value(remote.define(PROBE).of_mean(build_autoencoder, mean))
    close(bias, mean, rtol=1e-6, what="the bias")  # float32
    equal(trained, True, "whether all four parameters are trained")
