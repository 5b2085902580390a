"""Measures of generated images, on arrays: distance, coverage, memorisation, and a simple rival.

A Fréchet distance means nothing without the features it is taken on and the distance between two
real samples: the caller states both.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def frechet_distance(first: Array, second: Array) -> float:
    """The Fréchet distance between Gaussians fitted to two feature sets (n, d).

    |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)); Heusel et al. 2017, equation 6. The trace of the
    root is the sum of the roots of the eigenvalues, real and not negative up to rounding.
    """
    from scipy.linalg import eigvals  # a second, and only here

    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    gap = a.mean(0) - b.mean(0)
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    roots = np.sqrt(np.clip(eigvals(cov_a @ cov_b).real, 0, None)).sum()
    return float(gap @ gap + np.trace(cov_a) + np.trace(cov_b) - 2 * roots)


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


def inception_score(probabilities: Array) -> float:
    """Exp E KL(p(y|x) || p(y)), from 1 to the number of classes; Salimans et al. 2016."""
    from scipy.stats import entropy  # a second, and only here

    p = np.asarray(probabilities, np.float64)
    return float(np.exp(entropy(p, p.mean(0), axis=1).mean()))


def nearest(images: Array, among: Array) -> tuple[Array, Array]:
    """For each image the row of its nearest neighbour in `among` and the pixel distance (L2)."""
    from sklearn.metrics import pairwise_distances_argmin_min  # seconds, and only here

    flat = [np.reshape(part, (len(part), -1)).astype(np.float32) for part in (images, among)]
    rows, distances = pairwise_distances_argmin_min(*flat)
    return np.asarray(rows), np.asarray(distances)


def class_gaussians(
    images: Array, labels: Array, components: int, count: int, rng: np.random.Generator
) -> Array:
    """`count` uint8 images from one Gaussian per class in that class's principal components.

    The rival that needs no network: classes in turn, `components` (fewer if a class is small).
    """
    from sklearn.decomposition import PCA  # seconds, and only here

    classes = np.unique(labels)
    made = np.empty((count, *images.shape[1:]), np.uint8)
    for place, label in enumerate(classes):
        flat = images[labels == label].reshape(int((labels == label).sum()), -1) / 255.0
        pca = PCA(min(components, *flat.shape), svd_solver="full").fit(flat)
        rows = range(place, count, len(classes))
        codes = rng.normal(size=(len(rows), pca.n_components_)) * np.sqrt(pca.explained_variance_)
        pixels = np.clip(pca.inverse_transform(codes), 0, 1)
        made[place :: len(classes)] = np.rint(pixels * 255).reshape(-1, *images.shape[1:])
    return made
