"""q10: the Sequential network, its regularisers and optimisers (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import (
    averages,
    close,
    raises,
    remote,
    rng,
    statistical,
    that,
    trusts,
    value,
)

OK_FORMAT = False
name = "q10"
points = None

# Runs beside the student's code.
PROBE = """
import keras
import numpy as np

def is_sequential(model):
    return isinstance(model, keras.Sequential)

def penalty(model):
    return sum(float(loss) for loss in model.losses)

def set_dense(model, arrays):
    model.set_weights(arrays)

def outputs(model, rows, training):
    return model(rows, training=training)

def walk(optimizer, gradients):
    weight = keras.Variable(0.0)
    path = []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weight])
        path.append(float(weight))
    return path
"""


def _weights(label, *widths):
    """Kernels and biases for dense layers of these widths, in Keras' order."""
    draw = rng(label)
    pairs = zip(widths[:-1], widths[1:], strict=True)
    arrays = [
        part
        for m, n in pairs
        for part in (draw.normal(size=(m, n)) / np.sqrt(m), draw.normal(size=n))
    ]
    return [array.astype(np.float32) for array in arrays]


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Dense layers with biases, ReLU after each hidden one, nothing after the "
    "last: logits, no softmax. Outside training, dropout and shifts do nothing.",
)
@trusts("weights are put into the network's own layers")
def test_logits(build_mlp):
    """The logits are those of dense layers with ReLU, with and without the regularisers"""
    probe = remote.define(PROBE)
    rows = rng("rows").normal(size=(5, 784)).astype(np.float32)
    for hidden, classes, named in (
        ((12, 7), 10, {}), ((6,), 4, {"l1": 0.1, "l2": 0.1, "dropout": 0.5, "shift": 3}),
    ):  # fmt: skip
        model = build_mlp(hidden, classes, **named)
        that(probe.is_sequential(model) is True, "the network is no keras.Sequential")
        weights = _weights(f"logits {hidden}", 784, *hidden, classes)
        probe.set_dense(model, weights)
        expected = oracle.mlp_logits(rows, weights)
        # float32 sums of 784 products: 1e-5 of numbers of size 1.
        close(
            model(rows, training=False),
            expected,
            rtol=0,
            atol=1e-3,
            what=f"the logits, {named or 'plain'}",
        )


@test_case(
    points=0.5,
    hidden=True,
    failure_message="l1 |w| + l2 w² over the kernels of all dense layers, the last one too, and "
    "over no bias.",
)
@trusts("the penalty is the sum of the losses that the network reports")
def test_penalty(build_mlp):
    """The penalty is l1 Σ|w| + l2 Σw² over all kernels, each alone and both together"""
    probe = remote.define(PROBE)
    weights = _weights("penalty", 784, 6, 5, 3)
    kernels = weights[::2]
    for l1, l2 in ((0.02, 0.0), (0.0, 0.03), (0.01, 0.02), (0.0, 0.0)):
        model = build_mlp((6, 5), 3, l1=l1, l2=l2)
        probe.set_dense(model, weights)
        expected = sum(
            l1 * np.abs(k.astype(np.float64)).sum() + l2 * np.square(k.astype(np.float64)).sum()
            for k in kernels
        )
        found = probe.penalty(model)
        close(found, expected, rtol=1e-3, atol=1e-6, what=f"the penalty for l1 {l1}, l2 {l2}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Dropout after each hidden layer, with the given rate, and none on the input "
    "or on the logits.",
)
@statistical(3e-9, "the bounds of its two checks, 1e-9 each; 800 masks of five would be alike")
@trusts("weights are put into the network's own layers")
def test_dropout(build_mlp):
    """In training each hidden layer drops its share of activations, and scales up the others"""
    probe = remote.define(PROBE)
    # Ones go through all layers unchanged, so that each logit shows its two masks.
    weights = [part for inputs in (784, 5, 5) for part in (np.eye(inputs, 5), np.zeros(5))]
    weights = [array.astype(np.float32) for array in weights]
    rows = np.ones((800, 784), np.float32)
    for rate in (0.2, 0.5):
        model = build_mlp((5, 5), 5, dropout=rate)
        probe.set_dense(model, weights)
        found = value(probe.outputs(model, rows, True))
        kept = found > 0
        scale = 1 / (1 - rate) ** 2
        close(found[kept], np.full(kept.sum(), scale), rtol=1e-4, what="what stays of a 1")
        share = (1 - rate) ** 2
        averages(
            kept.ravel().astype(np.float64), share, variance=share * (1 - share), tail=1,
            false_fail=1e-9, what="the share that stays",
        )  # fmt: skip
        that(len({row.tobytes() for row in kept}) > 1, "every image has the same mask")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="`shift` counts pixels, both ways along both axes, by an amount of its own "
    "for each image; what comes in repeats the border or mirrors it.",
)
@statistical(1e-9, "300 uniform draws would all lie in nine tenths of their range: 0.9 ** 300, x 8")
@trusts("weights are put into the network's own layers")
def test_shift(build_mlp):
    """In training each image is moved by up to `shift` pixels along both axes, border repeated"""
    probe = remote.define(PROBE)
    model = build_mlp((), 2, shift=4)
    # The logits are the pixel in the middle and the one in the corner.
    kernel = np.zeros((784, 2), np.float32)
    kernel[14 * 28 + 14, 0] = kernel[0, 1] = 1.0
    probe.set_dense(model, [kernel, np.zeros(2, np.float32)])
    ramp = np.tile(np.arange(28, dtype=np.float32), (28, 1))
    for image, axis in ((ramp, "width"), (ramp.T, "height")):
        rows = np.tile(image.reshape(1, 784), (300, 1))
        moved = value(probe.outputs(model, rows, True))[:, 0] - 14.0
        that(bool(np.abs(moved).max() < 4.01), f"an image moved too far along its {axis}")
        that(moved.max() > 3.2 and moved.min() < -3.2, f"images move too little along their {axis}")
    flat = value(probe.outputs(model, np.full((300, 784), 5.0, np.float32), True))
    close(flat, np.full((300, 2), 5.0), rtol=1e-4, what="two pixels of an even image")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Momentum is 0.9 and not Nesterov's; every call makes a new optimiser; an "
    "unknown name is a ValueError.",
)
def test_optimizers(make_optimizer):
    """Plain descent, momentum and Adam take a weight where their equations say"""
    walk = remote.define(PROBE).walk
    gradients = [float(g) for g in rng("gradients").uniform(0.5, 2.0, 6) * [1, 1, -1, 1, -1, -1]]
    for _ in range(2):  # a second one starts anew
        for kind, rate in (("sgd", 0.1), ("momentum", 0.05), ("adam", 0.02)):
            found = walk(make_optimizer(kind, rate), gradients)
            expected = oracle.optimizer_path(kind, rate, gradients)
            # float32, and an epsilon of 1e-7 or 1e-8 beside roots of size 1.
            close(found, expected, rtol=1e-4, atol=1e-5, what=f"the weight under {kind}")
    for unknown in ("", "rmsprop", "Adam "):
        raises(ValueError, make_optimizer, unknown, 0.1)
