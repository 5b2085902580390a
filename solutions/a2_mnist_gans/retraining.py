"""Question 4: training sets of real and generated digits, and the order to train on them.

Sets are chosen as rows, so that images are copied once. NumPy only.
"""

from collections.abc import Callable

import numpy as np

Array = np.ndarray
Images = tuple[Array, Array]


def choose_portion(labels: Array, portion: float, rng: np.random.Generator) -> Array:
    """Rows of a random portion of every class, so that the classes keep their proportions.

    A class with c examples gives round(portion * c) of them, halves to the even number as Python
    rounds; no row comes twice.

    Args:
        labels: integers (n,).
        portion: in [0, 1].
        rng: the only source of the choice.

    Returns:
        int64 row numbers, rising.

    Raises:
        ValueError: `portion` is not in [0, 1].
    """
    # BEGIN SOLUTION
    if not 0 <= portion <= 1:
        raise ValueError(f"portion {portion} is not in [0, 1]")
    chosen = [np.empty(0, np.int64)]
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        chosen.append(rng.choice(rows, round(portion * len(rows)), replace=False))
    return np.sort(np.concatenate(chosen))
    # END SOLUTION


def choose_per_class(labels: Array, count: int, rng: np.random.Generator) -> Array:
    """Rows of `count` random examples of every class that occurs; no row comes twice.

    Args:
        labels: integers (n,).
        count: how many of each class.
        rng: the only source of the choice.

    Returns:
        int64 row numbers, rising.

    Raises:
        ValueError: a class has fewer than `count` examples.
    """
    # BEGIN SOLUTION
    chosen = []
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        if len(rows) < count:
            raise ValueError(f"class {label} has {len(rows)} examples, fewer than {count}")
        chosen.append(rng.choice(rows, count, replace=False))
    return np.sort(np.concatenate(chosen))
    # END SOLUTION


def mix_sets(
    real: Images,
    synthetic: Images,
    real_portion: float,
    synthetic_portion: float,
    choose: Callable[[Array, float], Array],
) -> Images:
    """A training set of a portion of the real and a portion of the synthetic images.

    Args:
        real: images and labels.
        synthetic: images and labels.
        real_portion: that of the real images, in [0, 1].
        synthetic_portion: that of the synthetic ones, independent of the other.
        choose: `choose(labels, portion)` gives the rows to take.

    Returns:
        Images and labels, the real ones first, each part in the order of its rows.
    """
    # BEGIN SOLUTION
    parts = []
    for (images, labels), portion in ((real, real_portion), (synthetic, synthetic_portion)):
        rows = choose(labels, portion)
        parts.append((images[rows], labels[rows]))
    images, labels = zip(*parts, strict=True)
    return np.concatenate(images), np.concatenate(labels)
    # END SOLUTION


def filter_confident(probabilities: Array, labels: Array, threshold: float = 0.9) -> Array:
    """Rows of the generated images that a classifier takes for what they were meant to be.

    Kept is an image whose most probable class is its label, with at least `threshold`. A confident
    classifier that sees another class speaks against the image, not for it.

    Args:
        probabilities: (n, classes), of a classifier that was trained on real images alone.
        labels: (n,), the classes that were asked for.
        threshold: in [0, 1].

    Returns:
        int64 row numbers, rising.
    """
    # BEGIN SOLUTION
    found = probabilities.argmax(axis=1)
    return np.flatnonzero((found == labels) & (probabilities.max(axis=1) >= threshold))
    # END SOLUTION


def pretrain_finetune(
    train: Callable[[Images, int, float], None],
    synthetic: Images,
    real: Images,
    steps: int,
    share: float = 0.5,
    rates: tuple[float, float] = (1e-3, 1e-4),
) -> tuple[int, int]:
    """Train on synthetic images first, then go on with the real ones at a lower rate.

    Args:
        train: `train(images_and_labels, steps, rate)` trains one and the same network further.
        synthetic: images and labels for the first phase.
        real: images and labels for the second.
        steps: of both phases together, so that the comparison with other strategies is fair.
        share: the first phase gets round(share * steps) steps, the second what remains.
        rates: the learning rates of the two phases.

    Returns:
        The steps of both phases. A phase without steps is left out: `train` is not called for it.
    """
    # BEGIN SOLUTION
    first = round(share * steps)
    phases = ((synthetic, first, rates[0]), (real, steps - first, rates[1]))
    for images, count, rate in phases:
        if count > 0:
            train(images, count, rate)
    return first, steps - first
    # END SOLUTION
