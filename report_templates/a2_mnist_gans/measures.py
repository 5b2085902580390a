"""Measures of generated images beside those of the kit: balance, neighbourhoods, duplicates.

On arrays alone. The neighbours are scikit-learn's, so that no score rests on the implementation
that is being judged.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def class_balance(predictions: Array, classes: int, least: float = 0.01) -> dict[str, Any]:
    """How predicted classes are spread: shares, how many have a share of `least`, distance.

    The distance is the total variation to the uniform distribution, 0 to 1.
    """
    shares = np.bincount(predictions, minlength=classes) / len(predictions)
    return {
        "shares": shares.tolist(),
        "covered": int((shares >= least).sum()),
        "total_variation": float(np.abs(shares - 1 / classes).sum() / 2),
    }


def neighbourhoods(real: Array, fake: Array, k: int, k_density: int) -> dict[str, float]:
    """Precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020).

    Args:
        real: features (n, d).
        fake: features (m, d).
        k: the neighbour that gives the radius for precision and recall.
        k_density: that for density and coverage.
    """
    of_real, of_fake = _radii(real, max(k, k_density)), _radii(fake, k)
    apart = _distances(fake, real)
    inside = apart <= of_real[:, k_density - 1]
    return {
        "precision": float((apart <= of_real[:, k - 1]).any(axis=1).mean()),
        "recall": float((of_fake[:, k - 1] >= apart.T).any(axis=1).mean()),
        "density": float(inside.sum() / (k_density * len(fake))),
        "coverage": float(inside.any(axis=0).mean()),
    }


def _radii(points: Array, k: int) -> Array:
    """Distances (n, k) to the first k neighbours, the point itself not counted."""
    from sklearn.neighbors import NearestNeighbors  # seconds, and only here

    distances, _ = NearestNeighbors(n_neighbors=k).fit(points).kneighbors()
    return np.asarray(distances)


def _distances(first: Array, second: Array) -> Array:
    from sklearn.metrics import pairwise_distances  # seconds, and only here

    return np.asarray(pairwise_distances(first, second))


def closest(images: Array, size: int, batches: int, rng: np.random.Generator) -> Array:
    """The birthday test: the pixel distance of the closest pair in each of some random batches.

    Args:
        images: (n, ...), n at least `size`.
        size: images in a batch.
        batches: how many batches are drawn.
        rng: draws them.

    Returns:
        (batches,), Euclidean distances (Arora and Zhang 2017 look at such pairs by eye).
    """
    found = []
    for _ in range(batches):
        rows = rng.choice(len(images), size, replace=False)
        found.append(_radii(images[rows].reshape(size, -1).astype(np.float32), 1).min())
    return np.array(found)


def spread_within(features: Array, classes: Array) -> float:
    """The mean squared distance of features to the mean of their class: variety inside classes."""
    total = 0.0
    for label in np.unique(classes):
        own = features[classes == label]
        total += float(np.square(own - own.mean(axis=0)).sum())
    return total / len(features)
