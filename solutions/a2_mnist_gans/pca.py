"""Question 5: principal components as a generator, one Gaussian for each class. NumPy only."""

import numpy as np

Array = np.ndarray


def fit_class_pca(
    images: Array, labels: Array, components: int, classes: int
) -> tuple[Array, Array, Array]:
    """Fit a Gaussian in the space of its principal components to each class.

    Args:
        images: (n, 28, 28, 1) or any (n, ...); of every class more than `components`.
        labels: integers (n,).
        components: k, how many axes to keep.
        classes: how many classes there are.

    Returns:
        means (classes, d), the mean image of each class as a row;
        axes (classes, k, d), orthonormal rows, the variance along them falling;
        deviations (classes, k), the standard deviations along them (divided by n - 1).
    """
    # BEGIN SOLUTION
    parts = []
    for label in range(classes):
        rows = images[labels == label].reshape(-1, np.prod(images.shape[1:])).astype(np.float64)
        mean = rows.mean(axis=0)
        _, singular, axes = np.linalg.svd(rows - mean, full_matrices=False)
        deviations = singular[:components] / np.sqrt(len(rows) - 1)
        parts.append((mean, axes[:components], deviations))
    means, axes, deviations = (np.stack(part) for part in zip(*parts, strict=True))
    return means, axes, deviations
    # END SOLUTION


def sample_class_pca(
    model: tuple[Array, Array, Array], labels: Array, rng: np.random.Generator
) -> Array:
    """Draw an image of each label from the Gaussian of its class.

    The coordinate along an axis is normal with the standard deviation that was found there, the
    coordinates of all axes and images independent. Pixels beyond [-1, 1] are clipped.

    Args:
        model: means, axes and deviations, as `fit_class_pca` returns them, with d = 784.
        labels: integers (n,).
        rng: the only source of the coordinates.

    Returns:
        float32 (n, 28, 28, 1) in [-1, 1].
    """
    # BEGIN SOLUTION
    means, axes, deviations = model
    coordinates = deviations[labels] * rng.standard_normal(deviations[labels].shape)
    rows = means[labels]
    for label in np.unique(labels):  # one product per class: axes[labels] would be huge
        own = labels == label
        rows[own] += coordinates[own] @ axes[label]
    return np.clip(rows, -1, 1).astype(np.float32).reshape(-1, 28, 28, 1)
    # END SOLUTION
