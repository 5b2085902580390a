"""q3: the discriminator and its features (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, that, trusts, value

OK_FORMAT = False
name = "q3"
points = None

SCALING = """
import keras
import numpy as np

def scaling(factor):
    layers = [keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]
    model = keras.Sequential(layers)
    model.set_weights([np.full((16, 3), factor, "float32"), np.zeros(3, "float32")])
    return model
"""
KINDS = [(4, 4, 2, 3), (3,), (4, 4, 3, 2), (2,), (3, 3, 2, 4), (4,)]


@test_case(
    points=0.75,
    hidden=True,
    failure_message="kernels 4x4, 4x4, 3x3 with stride 2 and same padding; LeakyReLU of slope 0.2 "
    "after each; flattened at the end",
)
@trusts("the weights of a network are read from the network")
def test_features_forward(build_features):
    """With three, two and four channels and two planes the features are those of NumPy"""
    draw = rng("forward")
    model = build_features((3, 2, 4), spectral=False, planes=2)
    found = [np.shape(weight) for weight in value(model.get_weights())]
    that(found == KINDS, f"the weights have shapes {found}; expected {KINDS}")
    equal(list(value(model.input_shape))[1:], [28, 28, 2], "the shape of an image")
    weights = [draw.normal(0, 0.4, kind).astype(np.float32) for kind in KINDS]
    model.set_weights(weights)
    images = draw.uniform(-1, 1, (3, 28, 28, 2)).astype(np.float32)
    expected = oracle.features(images, weights)
    # float32 sums of fifty terms
    for training in (False, True):
        answers = model(images, training=training)
        close(answers, expected, rtol=1e-3, atol=1e-3, what=f"the features, training={training}")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="wrap each of the three convolutions in SpectralNormalization",
)
@trusts("the weights of a network are read from the network")
def test_spectral_norms(build_features):
    """A call in training brings the spectral norm of every kernel to 1; one in inference nothing"""
    draw = rng("spectral")
    model = build_features((3, 2, 4), planes=2)
    weights, kernels = [], []
    for weight in value(model.get_weights()):
        if weight.ndim == 4:  # of rank one, so that a single power iteration is exact
            left = draw.uniform(0.5, 1, (*weight.shape[:-1], 1))
            kernels.append(len(weights))
            weight = (2 * left * draw.uniform(0.5, 1, weight.shape[-1])).astype(np.float32)
        elif weight.ndim == 2:  # the vectors of the power iteration
            weight = np.ones_like(weight)
        weights.append(weight)
    equal(len(kernels), 3, "the number of kernels")
    model.set_weights(weights)
    images = draw.uniform(-1, 1, (1, 28, 28, 2)).astype(np.float32)
    for training in (False, True):
        model(images, training=training)
        after = value(model.get_weights())
        for at in kernels:
            norm = np.linalg.norm(after[at].reshape(-1, after[at].shape[-1]), ord=2)
            before = np.linalg.norm(weights[at].reshape(-1, after[at].shape[-1]), ord=2)
            what = f"a spectral norm after a call with training={training}"
            close(norm, 1.0 if training else before, rtol=1e-3, what=what)  # float32


@test_case(
    points=0.5,
    hidden=True,
    failure_message="one Dense neuron with a bias and no activation on the features passed",
)
@trusts("the weights of a network are read from the network")
def test_discriminator_weighs_the_features(build_discriminator):
    """Logits are an affine function of the features passed, unbounded, and follow their weights"""
    images = rng("pixels").uniform(0.5, 1, (4, 4, 4, 1)).astype(np.float32)
    features = remote.define(SCALING).scaling(1.0)
    model = build_discriminator(features)
    logits = value(model(images))
    shape(logits, (4, 1), "the logits")
    equal(sum(value(w).size for w in model.trainable_weights), 55, "the trainable parameters")
    weights = value(model.get_weights())
    that(weights[-1].shape == (1,) and weights[-2].shape == (3, 1), "expected Dense(1) at the end")
    weights[-2][:], weights[-1][:] = [[1.0], [-2.0], [3.0]], 0.5
    model.set_weights(weights)
    sums = images.reshape(4, 16).sum(axis=1, keepdims=True)
    close(model(images), 2 * sums + 0.5, rtol=1e-4, what="the logits")  # float32
    features.set_weights([np.full((16, 3), -9, np.float32), np.zeros(3, np.float32)])
    close(model(images), -18 * sums + 0.5, rtol=1e-4, what="the logits of other features")
