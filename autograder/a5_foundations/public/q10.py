"""q10: the Sequential network, its regularisers and optimisers (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, raises, remote, shape, that, trusts

OK_FORMAT = False
name = "q10"
points = None

# Runs beside the student's code.
PROBE = """
import keras

def is_sequential(model):
    return isinstance(model, keras.Sequential)

def walk(optimizer, gradients):
    weight = keras.Variable(0.0)
    path = []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weight])
        path.append(float(weight))
    return path
"""


@test_case(points=1, hidden=False)
@trusts("its number of parameters is what the network says")
def test_network(build_mlp):
    """The default network is Sequential, has 535,818 parameters, and gives ten logits per row"""
    model = build_mlp()
    that(remote.define(PROBE).is_sequential(model) is True, "the network is no keras.Sequential")
    equal(model.count_params(), 535_818, "the number of parameters")
    shape(model(np.zeros((3, 784), np.float32)), (3, 10), "the logits")
    equal(build_mlp(hidden=(20,), classes=3).count_params(), 15_763, "the number for 20 and 3")


@test_case(points=0.5, hidden=False)
def test_plain_descent(make_optimizer):
    """Plain SGD moves a weight by the learning rate times its gradient; an unknown name raises"""
    path = remote.define(PROBE).walk(make_optimizer("sgd", 0.1), [1.0, -3.0])
    close(path, [-0.1, 0.2], rtol=0, atol=1e-5, what="the weight after each step")  # float32
    raises(ValueError, make_optimizer, "newton", 0.1)
