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
    raise NotImplementedError("choose_portion is not written yet")


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
    raise NotImplementedError("choose_per_class is not written yet")


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
    raise NotImplementedError("mix_sets is not written yet")


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
    raise NotImplementedError("filter_confident is not written yet")


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
    raise NotImplementedError("pretrain_finetune is not written yet")
