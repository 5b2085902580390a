"""q6: the factorised network and its weights (hidden)."""

import numpy as np
from oracle import mlp_logits, parameters, spectral_matrix
from otter.test_files import test_case

from kit.testing import close, equal, raises, remote, rng, trusts

OK_FORMAT = False
name = "q6"
points = None

SIZES = (784, 100, 50, 10)

# Runs where the network lives: beside the student's code. `twin` is a factored network of ours.
PROBE = """
import keras
import numpy as np

def parameters(model):
    return sum(weight.size for weight in model.get_weights())

def logits(model, matrices, biases, images):
    layers = [layer for layer in model.layers if layer.get_weights()]
    if len(layers) != len(matrices):
        raise ValueError(f"the network has {len(layers)} layers with weights, not {len(matrices)}")
    for index, (layer, matrix) in enumerate(zip(layers, matrices)):
        bias = biases[index // 2] if index % 2 else np.zeros(matrix.shape[1], "float32")
        layer.set_weights([matrix, bias] if index % 2 or layer.use_bias else [matrix])
    return model(images)

def twin(ranks, sizes):
    model = keras.Sequential([keras.Input((sizes[0],))])
    for index, (rank, width) in enumerate(zip(ranks, sizes[1:])):
        activation = "relu" if index < len(ranks) - 1 else None
        model.add(keras.layers.Dense(rank, use_bias=False))
        model.add(keras.layers.Dense(width, activation=activation))
    return model

def set_twin(set_factored_weights, ranks, sizes, factors, biases):
    model = twin(ranks, sizes)
    set_factored_weights(model, factors, biases)
    return model

def twin_logits(set_factored_weights, ranks, sizes, factors, biases, images):
    return set_twin(set_factored_weights, ranks, sizes, factors, biases)(images)

def full_logits(model, set_factored_weights, factors, biases, images):
    set_factored_weights(model, factors, biases)
    return model(images)
"""


def random_factors(label, ranks, sizes):
    """Pairs of factors whose products keep the scale of what passes through, and biases."""
    draw = rng(label)
    factors, biases = [], []
    for m, n, k in zip(sizes, sizes[1:], ranks, strict=False):
        left = draw.normal(size=(m, k)) / np.sqrt(m)
        right = draw.normal(size=(k, n)) / np.sqrt(k)
        factors.append((left.astype(np.float32), right.astype(np.float32)))
        biases.append(draw.normal(size=n).astype(np.float32))
    images = draw.normal(size=(16, sizes[0])).astype(np.float32)
    return factors, biases, images


def product_logits(factors, biases, images):
    """What dense layers with the multiplied factors answer."""
    products = [left.astype(np.float64) @ right for left, right in factors]
    return mlp_logits(images, products, biases)


def check_network(model, label, ranks, sizes):
    """Give the network factors of ours, and compare what it answers with their products."""
    probe = remote.define(PROBE)
    factors, biases, images = random_factors(label, ranks, sizes)
    logits = probe.logits(model, [part for pair in factors for part in pair], biases, images)
    # float32 sums of up to 784 terms, through six products
    expected = product_logits(factors, biases, images)
    close(logits, expected, rtol=1e-4, atol=1e-4, what="the logits")


@test_case(
    points=2,
    hidden=True,
    failure_message="The first layer of a pair is linear and without a bias; ReLU comes after the "
    "second, except at the end, where logits come out.",
)
def test_function(build_factored_mlp):
    """With factors of ours the network computes what dense layers with their products compute"""
    check_network(build_factored_mlp((50, 25, 5)), "function", (50, 25, 5), SIZES)


@test_case(
    points=1,
    hidden=True,
    failure_message="Each pair has its own rank, and only its second layer has a bias.",
)
@trusts("how many weights a network has, only the network can say")
def test_four_and_eight(build_factored_mlp):
    """At 4X and 8X the network has 24,180 and 11,728 parameters"""
    for ranks in ((25, 12, 2), (12, 6, 1)):
        parts = [
            shape
            for m, n, k in zip(SIZES, SIZES[1:], ranks, strict=False)
            for shape in ((m, k), (k, n), (n,))
        ]
        count = remote.define(PROBE).parameters(build_factored_mlp(ranks))
        equal(count, parameters(*parts), f"the number of parameters at ranks {ranks}")


@test_case(
    points=1,
    hidden=True,
    failure_message="Use the parameters of the function; neither a size nor the number of layers "
    "is fixed.",
)
def test_other_sizes(build_factored_mlp):
    """The sizes are those asked for, with any number of hidden layers"""
    model = build_factored_mlp((3, 4, 2, 1), inputs=12, hidden=(9, 8, 7), classes=5)
    check_network(model, "other sizes", (3, 4, 2, 1), (12, 9, 8, 7, 5))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="zip() stops silently at the shorter of two lists.",
)
def test_number_of_ranks(build_factored_mlp):
    """Too few or too many ranks raise ValueError"""
    raises(ValueError, build_factored_mlp, (50, 25))
    raises(ValueError, build_factored_mlp, (50, 25, 5, 5))


@test_case(
    points=1,
    hidden=True,
    failure_message="Every pair takes its own factors, the left one first, and the bias that was "
    "trained.",
)
def test_factors_and_biases(set_factored_weights):
    """A factored network of ours, once its weights are set, computes with the factors and biases"""
    ranks, sizes = (4, 3, 2), (20, 12, 9, 5)
    factors, biases, images = random_factors("factors and biases", ranks, sizes)
    probe = remote.define(PROBE)
    logits = probe.twin_logits(set_factored_weights, ranks, sizes, factors, biases, images)
    # float32 sums of few terms, through six products
    expected = product_logits(factors, biases, images)
    close(logits, expected, rtol=1e-4, atol=1e-4, what="the logits")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A pair that is left out keeps its random weights, and nobody notices: compare "
    "the lengths.",
)
def test_number_of_pairs(set_factored_weights):
    """Too few factors, too few biases, or too many of both raise ValueError"""
    ranks, sizes = (4, 3), (10, 8, 5)
    factors, biases, _ = random_factors("number of pairs", ranks, sizes)
    probe = remote.define(PROBE)
    for some, others in ((1, 2), (2, 1), (3, 3)):
        lists = ((factors * 2)[:some], (biases * 2)[:others])
        raises(ValueError, probe.set_twin, set_factored_weights, ranks, sizes, *lists)


@test_case(
    points=1,
    hidden=True,
    failure_message="Before any refinement the compressed network must compute with exactly U' Vᵀ "
    "in the place of each W, and with the trained biases.",
)
def test_compressed_network(build_factored_mlp, set_factored_weights):
    """The compressed network equals the trained one with its matrices cut to their rank"""
    ranks, sizes = (3, 2, 2), (16, 10, 8, 6)
    weights, factors = [], []
    for m, n, k in zip(sizes, sizes[1:], ranks, strict=False):
        weight, best = spectral_matrix(rng(f"compressed {m}"), (m, n), (2.0, 1.5, 1.0, 0.5)[:n])
        u, s, vt = np.linalg.svd(weight, full_matrices=False)
        weights.append(best[k])
        factors.append(((u * s)[:, :k].astype(np.float32), vt[:k].astype(np.float32)))
    _, biases, images = random_factors("compressed", ranks, sizes)
    model = build_factored_mlp(ranks, inputs=16, hidden=(10, 8), classes=6)
    probe = remote.define(PROBE)
    logits = probe.full_logits(model, set_factored_weights, factors, biases, images)
    # the handout's bound for the difference: 1e-5 on logits around 1, for float32 a tight one
    expected = mlp_logits(images, weights, biases)
    close(logits, expected, rtol=1e-5, atol=1e-5, what="the logits")
