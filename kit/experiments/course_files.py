"""Images and labels that a course hands out as a NumPy file, in the layouts that are common.

`.npy` holds images only, (n, h, w) or (n, h*w). `.npz` holds pairs of images and labels, two of
them (train, test) or three (train, validation, test); its images may be transposed, a column each.
"""

from pathlib import Path
from typing import Any

import numpy as np

from kit.errors import DataError

Array = np.ndarray[Any, Any]
SUFFIXES = (".npy", ".npz")
TEST_SHARE = (
    5  # of a file without a split every fifth image, in a fixed random order, is a test image
)


def read(path: Path) -> list[tuple[Array, Array]]:
    """The splits of the file as (images (n, h, w), labels (n,)): train, [validation,] test.

    Raises:
        DataError: it cannot be read, or its arrays are not in one of the layouts.
    """
    try:
        stored = np.load(path, allow_pickle=False)
        arrays = [stored] if path.suffix == ".npy" else [stored[name] for name in stored.files]
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    if path.suffix == ".npy":
        images = _squares(path, arrays[0])
        return split(images, np.zeros(len(images), np.int64))
    images_of = [array for array in arrays if array.ndim > 1 and 1 not in array.shape]
    labels_of = [array.ravel() for array in arrays if array.ndim == 1 or 1 in array.shape]
    if len(images_of) != len(labels_of) or len(images_of) not in (2, 3):
        raise DataError(
            f"{path} holds {len(images_of)} arrays of images and {len(labels_of)} of labels; "
            "two or three of each were expected: train, validation if there is one, test"
        )
    pairs = zip(images_of, labels_of, strict=True)
    return [(_squares(path, images, len(labels)), labels) for images, labels in pairs]


def split(images: Array, labels: Array) -> list[tuple[Array, Array]]:
    """Train and test of images that come without a split: four fifths and the rest, drawn once."""
    order = np.random.default_rng(len(labels)).permutation(len(labels))
    cut = len(order) - len(order) // TEST_SHARE
    return [(images[rows], labels[rows]) for rows in (order[:cut], order[cut:])]


def _squares(path: Path, images: Array, count: int | None = None) -> Array:
    """Images as (n, h, w), in whatever way round and shape they are stored; 0..255."""
    if images.ndim == 2 and count is not None and images.shape[0] != count == images.shape[1]:
        images = images.T
    side = round(float(np.prod(images.shape[1:])) ** 0.5)
    if side * side != np.prod(images.shape[1:]) or (count is not None and len(images) != count):
        wanted = f"for {count} labels" if count is not None else "of one size"
        raise DataError(f"{path} holds an array {images.shape}, which is no square images {wanted}")
    squares: Array = images.reshape(len(images), side, side)
    return squares
