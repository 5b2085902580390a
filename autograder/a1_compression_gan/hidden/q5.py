"""q5: pre-processing and the 784-100-50-10 network (hidden)."""

import numpy as np
from oracle import mlp_logits, scaled_rows
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, value

OK_FORMAT = False
name = "q5"
points = None

# Runs where the network lives: beside the student's code.
PROBE = """
def shapes(model):
    return [list(weight.shape) for weight in model.get_weights()]

def logits(model, weights, images):
    model.set_weights(weights)
    return model(images)

def images_after(preprocess_images, images):
    images = images.copy()
    rows = preprocess_images(images)
    return images, rows
"""


def random_layers(label, sizes):
    """Weight matrices and biases of a dense network with these sizes, scaled to logits around 1."""
    draw = rng(label)
    pairs = list(zip(sizes, sizes[1:], strict=False))
    weights = [draw.normal(size=pair).astype(np.float32) / np.sqrt(pair[0]) for pair in pairs]
    biases = [draw.normal(size=n).astype(np.float32) for _, n in pairs]
    return weights, biases


def check_network(model, label, sizes):
    """Give the network weights of ours, and compare what it answers with NumPy."""
    probe = remote.define(PROBE)
    weights, biases = random_layers(label, sizes)
    parts = [part for pair in zip(weights, biases, strict=True) for part in pair]
    shapes = value(probe.shapes(model))
    equal(str(shapes), str([list(part.shape) for part in parts]), "the list of weight shapes")
    images = rng(f"{label} images").normal(size=(16, sizes[0])).astype(np.float32)
    # float32 sums of up to 784 terms around 1/28 each, through three layers
    expected = mlp_logits(images, weights, biases)
    close(probe.logits(model, parts, images), expected, rtol=1e-4, atol=1e-4, what="the logits")


@test_case(
    points=1,
    hidden=True,
    failure_message="Divide every pixel by 255, in floating point; rows of an image follow one "
    "another.",
)
def test_scaled_rows(preprocess_images):
    """Pixel (y, x) of an image lands divided by 255 at place 28 y + x of its row"""
    images = rng("bytes").integers(0, 256, size=(7, 28, 28), dtype=np.uint8)
    expected = scaled_rows(images)
    # one rounding of float32, whose relative size is 6e-8, or a few
    close(preprocess_images(images), expected, rtol=1e-6, what="the rows")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The scale is fixed: it must not depend on the images of the call.",
)
def test_dark_images(preprocess_images):
    """Dark images stay dark: the scale does not depend on the brightest pixel"""
    images = rng("dark").integers(1, 60, size=(1, 28, 28), dtype=np.uint8)
    expected = scaled_rows(images)
    close(preprocess_images(images), expected, rtol=1e-6, what="the rows")  # as above


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Return new rows; the array that was passed in belongs to the caller.",
)
def test_input_is_kept(preprocess_images):
    """The images that were given are the same afterwards"""
    images = rng("kept").integers(0, 256, size=(2, 28, 28), dtype=np.uint8)
    after, rows = remote.define(PROBE).images_after(preprocess_images, images)
    equal(after, images, "the images after the call")
    shape(rows, (2, 784), "the rows")  # who does nothing changes nothing, and earns nothing


@test_case(
    points=1.5,
    hidden=True,
    failure_message="ReLU follows each hidden layer, nothing follows the last: it gives logits. "
    "Every layer has a bias.",
)
def test_function(build_mlp):
    """With weights of ours the network computes ReLU layers and plain logits"""
    check_network(build_mlp(), "function", (784, 100, 50, 10))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Use the parameters of the function; none of the sizes is fixed.",
)
def test_other_sizes(build_mlp):
    """The sizes are those asked for, with any number of hidden layers"""
    model = build_mlp(inputs=12, hidden=(9, 8, 7), classes=4)
    check_network(model, "other sizes", (12, 9, 8, 7, 4))
