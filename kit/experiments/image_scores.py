"""Scores of generated images that a report is judged by, taken on features by known libraries.

A score means nothing without the network that gave the features and without its value between two
real samples: the caller states both.
"""

from typing import Any

import numpy as np

from kit.experiments import torchvision_ops

Array = np.ndarray[Any, Any]


def frechet_distance(first: Array, second: Array) -> float:
    """The Fréchet distance between Gaussians fitted to two feature sets (n, d), n > 1.

    Heusel et al. 2017, equation 6, by torchmetrics; its covariances divide by n - 1.
    """
    import torch  # seconds, and only here

    torchvision_ops.datasets()  # torchmetrics imports torchvision
    from torchmetrics.image.fid import FrechetInceptionDistance

    metric = FrechetInceptionDistance(_given(np.shape(first)[1])).set_dtype(torch.float64)
    metric.update(_tensor(first), real=True)
    metric.update(_tensor(second), real=False)
    return max(0.0, float(metric.compute()))


def inception_score(logits: Array, splits: int = 1) -> tuple[float, float]:
    """Exp E KL(p(y|x) || p(y)) of a classifier's logits (n, k): mean and deviation over splits.

    Salimans et al. 2016, by torchmetrics, which shuffles before it splits; 1 to k. The deviation
    of a single split is 0.
    """
    import torch  # seconds, and only here

    torchvision_ops.datasets()
    from torchmetrics.image.inception import InceptionScore

    metric = InceptionScore(_given(np.shape(logits)[1]), splits=splits).set_dtype(torch.float64)
    metric.update(_tensor(logits))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        mean, deviation = metric.compute()
    return float(mean), float(deviation) if splits > 1 else 0.0


def nearest(images: Array, among: Array) -> tuple[Array, Array]:
    """For each image the row of its nearest neighbour in `among` and the pixel distance (L2)."""
    from sklearn.metrics import pairwise_distances_argmin_min  # seconds, and only here

    flat = [np.reshape(part, (len(part), -1)).astype(np.float32) for part in (images, among)]
    rows, distances = pairwise_distances_argmin_min(*flat)
    return np.asarray(rows), np.asarray(distances)


def _tensor(array: Array) -> Any:
    import torch

    return torch.from_numpy(np.ascontiguousarray(array, np.float64))


def _given(width: int) -> Any:
    """The network that torchmetrics asks for, of features that are there already."""
    import torch

    network = torch.nn.Identity()
    network.num_features = width  # type: ignore[assignment]
    return network
