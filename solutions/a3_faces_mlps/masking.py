"""Taking pixels away from faces, and what a reconstruction is worth where they are missing.

Faces are rows here, (N, D), as the network takes them. NumPy only.
"""

import numpy as np


def mask_pixels(shape: tuple[int, int], share: float, rng: np.random.Generator) -> np.ndarray:
    """Which pixels of N faces of D pixels are observed: bools (N, D), false where one is missing.

    In each face exactly round(share * D) pixels are missing, for `share` in 0..1; which ones is
    drawn at random, for each face anew, every choice being as likely as any other.
    """
    # BEGIN SOLUTION
    count, pixels = shape
    ranks = rng.random((count, pixels)).argsort(axis=1).argsort(axis=1)
    return ranks >= round(share * pixels)
    # END SOLUTION


def rescale_observed(faces: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Zero what is missing, and make up for it: (N, D).

    The observed pixels of a face are multiplied by D / (how many of it are observed), so that the
    sums that reach the hidden units are on average those of the whole face. Of a face without any
    observed pixel zeros remain. What stands at a missing pixel, be it NaN, makes no difference;
    neither argument is changed.
    """
    # BEGIN SOLUTION
    counts = np.maximum(observed.sum(axis=1, keepdims=True), 1)
    return np.where(observed, faces, 0) * (faces.shape[1] / counts)
    # END SOLUTION


def masked_errors(
    faces: np.ndarray, output: np.ndarray, observed: np.ndarray
) -> tuple[float, float]:
    """The mean squared error over all pixels, and over the missing ones alone.

    `faces` are as they were before anything was missing. The second number is 0.0 where nothing is.
    """
    # BEGIN SOLUTION
    squares = (output - faces) ** 2
    missing = squares[~observed]
    return float(squares.mean()), float(missing.mean()) if missing.size else 0.0
    # END SOLUTION
