"""Choosing a model for deployment, and comparing two on the same test images.

Rows are those of `train_classifier` with an evaluation named "validation". Three criteria choose
among the epochs; the test set is read once for each model chosen, and decides nothing.
"""

import copy
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from torch import nn

CRITERIA = {  # by name: the key in a row, and whether a higher value is the better one
    "lowest_train_loss": ("train_loss", False),
    "lowest_validation_loss": ("validation_loss", False),
    "highest_validation_accuracy": ("validation_accuracy", True),
}


def pick_epochs(rows: Sequence[Mapping[str, float]]) -> dict[str, int]:
    """The epoch that each criterion picks, by the criterion's name.

    Of equal values the first epoch wins. A value that is NaN never wins; at least one is none.
    """
    raise NotImplementedError("pick_epochs is not written yet")


def remember_best(
    kept: dict[str, dict[str, Any]], row: Mapping[str, float], model: nn.Module
) -> None:
    """Keep the network of this epoch for each criterion by which it is better than any before.

    Call it after each epoch with the same `kept`, which is empty at first and is changed in place:
    under each criterion's name it holds `epoch`, `value` (of the criterion's key) and `weights`, a
    state dict for `load_state_dict`. The weights are a deep copy: `state_dict()` alone holds the
    network's own tensors, which the next step changes. Of equal values the first stays. NaN is
    never better, and anything is better than nothing kept, unless it is NaN.
    """
    raise NotImplementedError("remember_best is not written yet")


def accuracy_difference(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """By how much the second model is more accurate than the first, and the standard error.

    Both were tested on the same n images; the entries (n,) are true where the model was right. With
    b images that only the second got right and c that only the first did, the difference is
    (b - c) / n and its standard error sqrt(b + c - (b - c)² / n) / n. Images on which they agree
    say nothing about which is better: that is why the same images are used for both.

    Raises:
        ValueError: the two arrays differ in length.
    """
    raise NotImplementedError("accuracy_difference is not written yet")
