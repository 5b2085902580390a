"""q6: the factorised network and its weights (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, trusts, value

OK_FORMAT = False
name = "q6"
points = None

# Runs where the network lives: beside the student's code.
PROBE = """
import keras

def parameters(model):
    return sum(weight.size for weight in model.get_weights())

def shapes(model):
    return [list(weight.shape) for weight in model.get_weights()]

def logits(model, images):
    return model(images)

def logits_after(set_factored_weights, factors, biases, images):
    model = keras.Sequential([
        keras.Input((4,)),
        keras.layers.Dense(3, use_bias=False),
        keras.layers.Dense(6),
        keras.layers.Dense(2, use_bias=False),
        keras.layers.Dense(5),
    ])
    set_factored_weights(model, factors, biases)
    return model(images)
"""


@test_case(points=1, hidden=False)
@trusts("how many weights a network has, only the network can say")
def test_size(build_factored_mlp):
    """With ranks 50, 25 and 5 the network has 48,410 parameters"""
    model = build_factored_mlp((50, 25, 5))
    equal(remote.define(PROBE).parameters(model), 48_410, "the number of parameters")


@test_case(points=1, hidden=False)
def test_shapes(build_factored_mlp):
    """Of each pair the first layer is (m, k) without a bias, the second (k, n) with one"""
    probe, model = remote.define(PROBE), build_factored_mlp((3, 2), 8, (6,), 4)
    shapes = value(probe.shapes(model))
    equal(str(shapes), "[[8, 3], [3, 6], [6], [6, 2], [2, 4], [4]]", "the list of weight shapes")
    images = rng("shapes").random((5, 8), dtype=np.float32)
    shape(probe.logits(model, images), (5, 4), "the logits")


@test_case(points=1, hidden=False)
def test_set_weights(set_factored_weights):
    """A network of two linear pairs, once its weights are set, computes ((x A B + b) C D) + d"""
    draw = rng("set weights")
    a, b, c, d = (draw.normal(size=s).astype(np.float32) for s in ((4, 3), (3, 6), (6, 2), (2, 5)))
    biases = [draw.normal(size=n).astype(np.float32) for n in (6, 5)]
    images = draw.normal(size=(7, 4)).astype(np.float32)
    probe = remote.define(PROBE)
    logits = probe.logits_after(set_factored_weights, [(a, b), (c, d)], biases, images)
    expected = (images @ a @ b + biases[0]) @ c @ d + biases[1]
    # float32 sums of few terms, through four products
    close(logits, expected, rtol=1e-4, atol=1e-4, what="the logits")
