"""From MNIST to what the networks take, and back: images in [-1, 1], noise, class labels.

Images are float32 with the channel last, (n, 28, 28, 1); labels are integers from 0. Whatever is
random is drawn from the generator that is passed, so that a run can be repeated.
"""

import numpy as np

Array = np.ndarray


def scale_images(images: Array) -> Array:
    """Scale grey levels from 0..255 to [-1, 1] and add the channel axis.

    Args:
        images: uint8 (n, 28, 28); left as it is.

    Returns:
        float32 (n, 28, 28, 1); level 0 becomes -1 and level 255 becomes 1.
    """
    # BEGIN SOLUTION
    return (images.astype(np.float32) / 127.5 - 1.0)[..., np.newaxis]
    # END SOLUTION


def unscale_images(images: Array) -> Array:
    """Turn images from [-1, 1] back to grey levels: the inverse of `scale_images`.

    Levels are rounded to the nearest whole number. What lies outside [-1, 1] counts as the nearer
    end: it must not wrap round from 255 to 0.

    Args:
        images: floats (n, 28, 28, 1).

    Returns:
        uint8 (n, 28, 28).
    """
    # BEGIN SOLUTION
    levels = np.rint((images[..., 0] + 1.0) * 127.5)
    return np.clip(levels, 0, 255).astype(np.uint8)
    # END SOLUTION


def sample_noise(count: int, dim: int, rng: np.random.Generator) -> Array:
    """Draw `count` vectors from the standard normal distribution in `dim` dimensions.

    Returns:
        float32 (count, dim), drawn from `rng` alone; each call draws anew.
    """
    # BEGIN SOLUTION
    return rng.standard_normal((count, dim), dtype=np.float32)
    # END SOLUTION


def sample_labels(count: int, classes: int, rng: np.random.Generator) -> Array:
    """Labels for `count` images to be generated: every class equally often, in random order.

    Where `count` is no multiple of `classes`, some classes come once more than the others, and
    `rng` decides which.

    Returns:
        int64 (count,), values 0, ..., classes - 1.
    """
    # BEGIN SOLUTION
    rounds = -(-count // classes)
    # A whole permutation per round: cutting the last one short leaves out random classes.
    labels = np.concatenate([rng.permutation(classes) for _ in range(rounds)])[:count]
    return rng.permutation(labels)
    # END SOLUTION
