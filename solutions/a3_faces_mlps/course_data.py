"""The course's files, from the arrays that they hold to the arrays that networks take. NumPy only.

`hw2_Q1.npy` holds faces; `hw2_Q2_and_Q3_data.npz` and `hw2_Q4_data.npz` hold images and labels.
"""

from collections.abc import Mapping

import numpy as np


def parse_faces(stored: np.ndarray) -> np.ndarray:
    """Turn N faces of bytes 0..255 into float32 rows (N, 4096) in [0, 1].

    They are stored as (N, 64, 64) or (N, 4096). A pixel is divided by 255, nothing else; the rows
    of a face follow each other. The faces that were given stay as they are.

    Raises:
        ValueError: `stored` has neither of these shapes.
    """
    # BEGIN SOLUTION
    if stored.shape[1:] not in ((64, 64), (4096,)):
        raise ValueError(f"expected faces (N, 64, 64) or (N, 4096), not {stored.shape}")
    return stored.reshape(len(stored), 4096).astype(np.float32) / np.float32(255)
    # END SOLUTION


def parse_splits(stored: Mapping[str, np.ndarray]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Name the parts of an archive as `np.load` gives it, and bring them into shape.

    `arr_0`, `arr_1`, ... are images and labels in turn: of train, validation and test where there
    are six arrays, of train and test where there are four. Images are stored transposed, a column
    of 784 bytes 0..255 for each, (784, N); labels are (N,) or (1, N) or (N, 1), of any integer
    type.

    Returns:
        By its name ("train", "validation", "test") the images of each part, float32 rows (N, 784)
        in [0, 1], one after the other in memory (C order), and its labels (N,), int64.

    Raises:
        ValueError: there are neither four nor six arrays, or a part has not one label per image.
    """
    # BEGIN SOLUTION
    if len(stored) not in (4, 6):
        raise ValueError(f"expected four or six arrays, not {len(stored)}")
    names = ("train", "validation", "test") if len(stored) == 6 else ("train", "test")
    parts = {}
    for index, name in enumerate(names):
        images = np.ascontiguousarray(stored[f"arr_{2 * index}"].T, dtype=np.float32)
        labels = stored[f"arr_{2 * index + 1}"].reshape(-1).astype(np.int64)
        if len(images) != len(labels):
            raise ValueError(f"{name}: {len(images)} images but {len(labels)} labels")
        parts[name] = (images / np.float32(255), labels)
    return parts
    # END SOLUTION
