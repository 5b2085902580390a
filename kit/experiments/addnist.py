"""AddNIST in the format in which it is published: six NumPy files in one folder.

Images are normalised there; as bytes they are what they were made of, since a byte survives the
round trip through float32. Geada et al. 2024, "Insights from the use of previously unseen neural
architecture search datasets"; the files are at data.ncl.ac.uk, under CC BY 4.0.
"""

from pathlib import Path
from typing import Any

import numpy as np

from kit.errors import DataError

Array = np.ndarray[Any, Any]
FOLDER = "AddNIST"
SPLITS = ("train", "valid", "test")
MEAN, DEVIATION = 0.1307, 0.3081  # of the pixels of MNIST, as the publishers round them
CHUNK = 5000  # images that are floats at one time


def lies_in(root: Path) -> bool:
    """Whether the files are there."""
    return (root / FOLDER / "train_x.npy").is_file()


def read(root: Path) -> dict[str, tuple[Array, Array]]:
    """Images (n, 28, 28, 3) uint8 and labels (n,) of the splits train, valid and test.

    Raises:
        DataError: a file is missing, or is not in the published format.
    """
    return {split: _split(root / FOLDER, split) for split in SPLITS}


def _split(folder: Path, split: str) -> tuple[Array, Array]:
    images, labels = (_array(folder / f"{split}_{kind}.npy") for kind in "xy")
    if images.shape != (len(labels), 3, 28, 28) or labels.ndim != 1:
        raise DataError(
            f"{folder} holds {split} images {images.shape} with labels {labels.shape}; "
            "(n, 3, 28, 28) and (n,) were expected"
        )
    pixels = np.empty((len(labels), 28, 28, 3), np.uint8)
    for first in range(0, len(labels), CHUNK):
        part = images[first : first + CHUNK] * DEVIATION + MEAN
        pixels[first : first + CHUNK] = np.rint(np.clip(part, 0, 1) * 255).transpose(0, 2, 3, 1)
    return pixels, np.asarray(labels, np.int64)


def _array(path: Path) -> Array:
    try:
        array: Array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    return array
