"""Question 3: how good are generated digits, and how varied? NumPy only.

Everything is measured on what a classifier makes of the images: its probabilities (n, classes), its
predictions (n,), or its embeddings (n, d), here called features.
"""

import numpy as np

Array = np.ndarray


def inception_score(probabilities: Array) -> float:
    """The inception score, exp of the mean of KL(p(y|x) || p(y)) (Salimans et al. 2016).

    p(y) is the mean of the rows; logarithms are natural, and 0 log 0 is 0. It is 1 where all rows
    are the same, and at most the number of classes.

    Args:
        probabilities: (n, classes), rows p(y|x) that add up to 1.
    """
    # BEGIN SOLUTION
    marginal = probabilities.mean(axis=0)
    ratio = np.divide(
        probabilities, marginal, out=np.ones_like(probabilities), where=probabilities > 0
    )
    return float(np.exp(np.sum(probabilities * np.log(ratio)) / len(probabilities)))
    # END SOLUTION


def success_rates(labels: Array, predictions: Array, classes: int) -> Array:
    """For each class that was asked for, the share of its images that the classifier calls so.

    Args:
        labels: (n,), the classes asked for.
        predictions: (n,), the classes found.
        classes: how many there are.

    Returns:
        float64 (classes,), each in [0, 1]; NaN for a class that was never asked for.
    """
    # BEGIN SOLUTION
    asked = np.bincount(labels, minlength=classes)
    found = np.bincount(labels[labels == predictions], minlength=classes)
    return np.divide(found, asked, out=np.full(classes, np.nan), where=asked > 0)
    # END SOLUTION


def total_variation(predictions: Array, classes: int) -> float:
    """The total variation distance of the predicted classes from the uniform distribution.

    Half the sum over all classes of |share - 1 / classes|: 0 where every class comes equally often,
    1 - 1 / classes where only one comes. It shows a generator that drops classes.

    Args:
        predictions: integers (n,).
        classes: how many there are, those that never come included.
    """
    # BEGIN SOLUTION
    shares = np.bincount(predictions, minlength=classes) / predictions.size
    return float(np.abs(shares - 1.0 / classes).sum() / 2.0)
    # END SOLUTION


def frechet_distance(first: Array, second: Array) -> float:
    """The Fréchet distance between Gaussians fitted to two sets of features.

    |m1 - m2|² + tr(S1 + S2 - 2 (S1 S2)^(1/2)), with covariances that divide by n - 1 (Heusel et al.
    2017). It is a real number, not below 0, for singular covariances too.

    Args:
        first: (n1, d), n1 > 1.
        second: (n2, d), n2 > 1.
    """
    # BEGIN SOLUTION
    difference = first.mean(axis=0) - second.mean(axis=0)
    cov1, cov2 = (np.atleast_2d(np.cov(features, rowvar=False)) for features in (first, second))
    # The eigenvalues of S1 S2 are those of R S2 R, R the root of S1: symmetric, so none is complex.
    values, vectors = np.linalg.eigh(cov1)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    products = np.linalg.eigvalsh(root @ cov2 @ root)
    traces = np.trace(cov1) + np.trace(cov2) - 2.0 * np.sqrt(np.maximum(products, 0.0)).sum()
    return float(max(0.0, difference @ difference + traces))
    # END SOLUTION


def precision_recall(real: Array, fake: Array, k: int = 3) -> tuple[float, float]:
    """Improved precision and recall (Kynkäänniemi et al. 2019).

    Round every point of a set lies a ball that reaches to its k-th nearest neighbour in the same
    set, itself not counted. Precision is the share of fakes inside at least one ball of the real
    set, recall the share of real ones inside at least one ball of the fakes. The rim is inside.
    Distances are those of differences: |x|² + |y|² - 2 x.y would lose digits far from 0.

    Args:
        real: features (n, d), n > k.
        fake: features (m, d), m > k.
        k: which neighbour gives the radius.

    Returns:
        (precision, recall), both in [0, 1].
    """

    # BEGIN SOLUTION
    def covered(points: Array, centres: Array) -> float:
        within = _gaps(centres, centres)
        radii = np.sort(within, axis=1)[:, k]  # column 0 is the point itself
        return float((_gaps(points, centres) <= radii).any(axis=1).mean())

    return covered(fake, real), covered(real, fake)
    # END SOLUTION


def density_coverage(real: Array, fake: Array, k: int = 5) -> tuple[float, float]:
    """Density and coverage (Naeem et al. 2020).

    Both ask about the balls of the real set alone, with distances as in `precision_recall`. Density
    is the number of pairs of a fake and a ball that it is in, over k times the number of fakes: it
    may exceed 1, and one outlier among the real images cannot spoil it. Coverage is the share of
    the balls with at least one fake in them.

    Args:
        real: features (n, d), n > k.
        fake: features (m, d).
        k: which neighbour gives the radius.

    Returns:
        (density, coverage).
    """
    # BEGIN SOLUTION
    radii = np.sort(_gaps(real, real), axis=1)[:, k]
    inside = _gaps(fake, real) <= radii
    return float(inside.sum() / (k * len(fake))), float(inside.any(axis=0).mean())
    # END SOLUTION


# BEGIN SOLUTION
def _gaps(first: Array, second: Array) -> Array:
    """Squared distances (n, m) between rows; 0 between equal ones, and the same either way."""
    result = np.empty((len(first), len(second)))
    for row, point in enumerate(first):  # one row at a time: no cancellation, little memory
        result[row] = np.square(second - point).sum(axis=1)
    return result


# END SOLUTION


def closest_pairs(features: Array, count: int) -> list[tuple[int, int, float]]:
    """The most similar pairs of a batch, for the birthday test (Arora & Zhang 2017).

    If batches of s images hold a duplicate as often as not, the generator makes about s² different
    images. A person, or a threshold, decides which of these pairs are duplicates.

    Args:
        features: (n, d).
        count: how many pairs, at most n (n - 1) / 2.

    Returns:
        (i, j, distance) with i < j, the Euclidean distance rising; each pair once, no image
        with itself.
    """
    # BEGIN SOLUTION
    rows, columns = np.triu_indices(len(features), k=1)
    distances = np.linalg.norm(features[rows] - features[columns], axis=1)
    chosen = np.argsort(distances, kind="stable")[:count]
    return [(int(rows[at]), int(columns[at]), float(distances[at])) for at in chosen]
    # END SOLUTION
