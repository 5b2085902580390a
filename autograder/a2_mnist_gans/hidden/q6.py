"""q6: one step of the discriminator, one of the generator (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, that, trusts, value

OK_FORMAT = False
name = "q6"
points = None

# Conditional networks that are linear: fakes are noise A + E[label], logits x w + b + c[label]. And
# unconditional ones with batch normalisation, whose answers tell training from inference.
NETWORKS = """
import keras
import numpy as np
import tensorflow as tf
from keras import layers

def eagerly(function, *arguments):
    # Without compiling: for three steps that takes longer than the steps.
    tf.config.run_functions_eagerly(True)
    try:
        return function(*arguments)
    finally:
        tf.config.run_functions_eagerly(False)

def conditional(inputs, outputs, classes, bias, weights):
    x, labels = keras.Input((inputs,)), keras.Input((), dtype="int32")
    dense, table = layers.Dense(outputs, use_bias=bias), layers.Embedding(classes, outputs)
    model = keras.Model([x, labels], dense(x) + table(labels))
    *kernel, rows = weights
    dense.set_weights(kernel)
    table.set_weights([rows])
    return model, lambda: [*dense.get_weights(), *table.get_weights()]

def normalising(kernel, first, mean, variance):
    dense = layers.Dense(kernel.shape[1], use_bias=False)
    normal = layers.BatchNormalization(center=False, scale=False, momentum=0.5)
    order = [normal, dense] if first else [dense, normal, layers.Activation("tanh")]
    model = keras.Sequential([keras.Input((len(kernel),)), *order])
    dense.set_weights([kernel])
    normal.set_weights([mean, variance])
    return model

def tensors(batch):
    return [None if part is None else tf.constant(part) for part in batch]

def squares(real, fake):
    return tf.reduce_mean((real - 1.0) ** 2) + 3.0 * tf.reduce_mean((fake + 1.0) ** 2)

def all_three(fakes, logits, labels):
    labels = tf.cast(labels, tf.float32)[:, None]
    return tf.reduce_mean((logits - 1.0) ** 2) + tf.reduce_mean(labels * fakes)

def logits_alone(fakes, logits, labels):
    return tf.reduce_mean((logits - 1.0) ** 2)

def discriminator_trial(make_step, generator, discriminator, rate, batches):
    (g, g_weights), (d, d_weights) = conditional(*generator), conditional(*discriminator)
    step = make_step(g, d, keras.optimizers.SGD(rate), squares)
    seen = [step(*tensors(batch)) for batch in batches]
    return [(float(loss), float(right)) for loss, right in seen], g_weights(), d_weights()

def generator_trial(make_step, generator, discriminator, rate, batches):
    (g, g_weights), (d, d_weights) = conditional(*generator), conditional(*discriminator)
    step = make_step(g, d, keras.optimizers.SGD(rate), all_three)
    return [float(step(*tensors(batch))) for batch in batches], g_weights(), d_weights()

def modes(make_step, loss, generator, discriminator, batch):
    g, d = normalising(*generator), normalising(*discriminator)
    before = g.get_weights(), d.get_weights()
    answer = make_step(g, d, keras.optimizers.SGD(0.0), loss)(*tensors(batch))
    answer = answer[0] if isinstance(answer, tuple) else answer
    moved = [
        max(float(abs(a - b).max()) for a, b in zip(model.get_weights(), old))
        for model, old in zip((g, d), before)
    ]
    return float(answer), moved
"""
CLASSES, NOISE, PIXELS, COUNT = 3, 4, 2, 6


def _problem(label, turns=3):
    """Weights A, E of a generator and w, b, c of a discriminator; some batches."""
    draw = rng(label)

    def normal(*kind):
        return draw.normal(0, 0.7, kind).astype(np.float32)

    generator = [normal(NOISE, PIXELS), normal(CLASSES, PIXELS)]
    discriminator = [normal(PIXELS, 1), normal(1), normal(CLASSES, 1)]
    batches = [
        (
            normal(COUNT, PIXELS),
            draw.integers(0, CLASSES, COUNT),
            normal(COUNT, NOISE),
            draw.integers(0, CLASSES, COUNT),
        )
        for _ in range(turns)
    ]
    return generator, discriminator, batches


def _arguments(generator, discriminator):
    first = (NOISE, PIXELS, CLASSES, False, generator)
    return first, (PIXELS, 1, CLASSES, True, discriminator)


def _sums(labels, rows):
    """Add up the rows of each class."""
    total = np.zeros((CLASSES, rows.shape[1]))
    for label, row in zip(labels, rows, strict=True):
        total[label] += row
    return total


def _fakes(generator, noise, labels):
    kernel, table = generator
    return noise @ kernel + table[labels]


def _discriminate(discriminator, images, labels):
    weight, bias, table = discriminator
    return images @ weight + bias + table[labels]


def _double(arrays):
    return [np.asarray(array, np.float64) for array in arrays]


@test_case(
    points=1,
    hidden=True,
    failure_message="fakes of this noise with these labels; loss(real_logits, fake_logits) and its "
    "gradient by the discriminator's weights alone; loss and accuracy from before the update",
)
@trusts("the weights of the networks are read beside the student's code")
def test_discriminator_step_is_exact(make_discriminator_step):
    """Three steps on linear networks are gradient descent; the generator's weights stay"""
    generator, weights, batches = _problem("discriminator")
    trial = remote.define(NETWORKS).discriminator_trial
    found = trial(make_discriminator_step, *_arguments(generator, weights), 0.1, batches)
    seen, g_after, d_after = value(found)
    weights = _double(weights)
    for turn, (images, labels, noise, noise_labels) in enumerate(batches):
        fakes = _fakes(_double(generator), noise, noise_labels)
        real = _discriminate(weights, images, labels)
        fake = _discriminate(weights, fakes, noise_labels)
        loss = ((real - 1) ** 2).mean() + 3 * ((fake + 1) ** 2).mean()
        # float32 through a few layers and updates
        close(seen[turn][0], loss, rtol=1e-3, what=f"the loss of step {turn + 1}")
        right = ((real > 0).mean() + (fake < 0).mean()) / 2
        clear = min(np.abs(real).min(), np.abs(fake).min()) > 1e-4
        if clear:
            close(seen[turn][1], right, rtol=1e-5, what=f"the accuracy of step {turn + 1}")
        by_real, by_fake = 2 * (real - 1) / COUNT, 6 * (fake + 1) / COUNT
        slopes = [
            images.T @ by_real + fakes.T @ by_fake,
            by_real.sum(axis=0) + by_fake.sum(axis=0),
            _sums(labels, by_real) + _sums(noise_labels, by_fake),
        ]
        weights = [w - 0.1 * slope for w, slope in zip(weights, slopes, strict=True)]
    for array, expected in zip(d_after, weights, strict=True):
        close(array, expected, rtol=1e-3, atol=1e-4, what="a weight of the discriminator")
    for array, expected in zip(g_after, generator, strict=True):
        equal(array, expected, "a weight of the generator")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="loss(fakes, fake_logits, noise_labels) and its gradient by the generator's "
    "weights alone, through the discriminator",
)
@trusts("the weights of the networks are read beside the student's code")
def test_generator_step_is_exact(make_generator_step):
    """Three steps on linear networks are gradient descent; the discriminator's weights stay"""
    weights, discriminator, batches = _problem("generator")
    batches = [batch[2:] for batch in batches]
    trial = remote.define(NETWORKS).generator_trial
    found = trial(make_generator_step, *_arguments(weights, discriminator), 0.1, batches)
    seen, g_after, d_after = value(found)
    weights = _double(weights)
    for turn, (noise, labels) in enumerate(batches):
        fakes = _fakes(weights, noise, labels)
        logits = _discriminate(_double(discriminator), fakes, labels)
        loss = ((logits - 1) ** 2).mean() + (labels[:, None] * fakes).mean()
        close(seen[turn], loss, rtol=1e-3, atol=1e-4, what=f"the loss of step {turn + 1}")
        slopes = 2 * (logits - 1) / COUNT @ discriminator[0].T.astype(np.float64)
        slopes = slopes + labels[:, None] / (COUNT * PIXELS)
        weights[0] = weights[0] - 0.1 * noise.T.astype(np.float64) @ slopes
        weights[1] = weights[1] - 0.1 * _sums(labels, slopes)
    for array, expected in zip(g_after, weights, strict=True):
        close(array, expected, rtol=1e-3, atol=1e-4, what="a weight of the generator")
    for array, expected in zip(d_after, discriminator, strict=True):
        equal(array, expected, "a weight of the discriminator")


def _normalising(label):
    """A generator and a discriminator with batch normalisation, their batch and its parts."""
    draw = rng(label)
    kernels = [draw.normal(size=kind).astype(np.float32) for kind in ((3, 2), (2, 1))]
    moments = [draw.uniform(1.0, 3.0, (2, 2)).astype(np.float32) for _ in range(2)]
    generator = (kernels[0], False, *moments[0])
    discriminator = (kernels[1], True, *moments[1])
    images = (4 + 2 * draw.normal(size=(7, 2))).astype(np.float32)
    noise = draw.normal(size=(5, 3)).astype(np.float32)
    return generator, discriminator, images, noise


def _by_batch(rows):
    return (rows - rows.mean(axis=0)) / np.sqrt(rows.var(axis=0) + 1e-3)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="both networks with training=True, the discriminator once on the real images "
    "and once on the fakes; without labels a network takes images or noise alone",
)
def test_discriminator_step_modes(make_discriminator_step):
    """Without labels, batch normalisation uses the batch: the fakes', the real images', apart"""
    generator, discriminator, images, noise = _normalising("d modes")
    helper = remote.define(NETWORKS)
    arguments = generator, discriminator, (images, None, noise, None)
    loss, moved = value(
        helper.eagerly(helper.modes, make_discriminator_step, helper.squares, *arguments)
    )
    fakes = np.tanh(_by_batch(noise.astype(np.float64) @ generator[0]))
    real = _by_batch(images.astype(np.float64)) @ discriminator[0]
    fake = _by_batch(fakes) @ discriminator[0]
    expected = ((real - 1) ** 2).mean() + 3 * ((fake + 1) ** 2).mean()
    close(loss, expected, rtol=1e-3, what="the loss")  # float32, and variances
    that(moved[1] > 1e-3, "the discriminator's moving statistics did not move")
    weights, blank, batches = _problem("undecided", turns=1)
    arguments = _arguments(weights, [np.zeros_like(weight) for weight in blank])
    run = helper.discriminator_trial, make_discriminator_step
    seen, _, _ = value(helper.eagerly(*run, *arguments, 0.1, batches))
    equal(seen[0][1], 0.0, "the accuracy of a discriminator that answers 0 to everything")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="the generator with training=True, the discriminator with training=False",
)
@trusts("the weights of the networks are read beside the student's code")
def test_generator_step_modes(make_generator_step):
    """In the generator's step the discriminator is in inference and changes in nothing"""
    generator, discriminator, _, noise = _normalising("g modes")
    helper = remote.define(NETWORKS)
    arguments = generator, discriminator, (noise, None)
    loss, moved = value(
        helper.eagerly(helper.modes, make_generator_step, helper.logits_alone, *arguments)
    )
    fakes = np.tanh(_by_batch(noise.astype(np.float64) @ generator[0]))
    kernel, _, mean, variance = discriminator
    logits = (fakes - mean) / np.sqrt(variance + 1e-3) @ kernel
    close(loss, ((logits - 1) ** 2).mean(), rtol=1e-3, what="the loss")  # float32, and a variance
    equal(moved[1], 0.0, "the largest change in the discriminator, its statistics included")
