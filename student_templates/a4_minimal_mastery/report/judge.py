"""The judge of generated images: a small classifier trained on the real ones, and Inception.

The classifier's features stand in for Inception's where its weights cannot be had; a distance on
them is named for what it is, and compares rows of one table only.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kit.experiments import torchvision_ops

Array = np.ndarray[Any, Any]
CHUNK = 500  # images that are in a network at one time
WEIGHTS = "pt_inception-2015-12-05-6726825d.pth"  # the file of torch-fidelity's releases


def build(width: int, classes: int) -> Any:
    """A classifier of images (n, 3, s, s): four convolutions, `width` features, then logits."""
    from torch import nn  # seconds to import, so only where a network is trained

    layers: list[Any] = []
    for inputs, outputs, stride in ((3, 32, 1), (32, 64, 2), (64, 64, 1), (64, width, 2)):
        convolution = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        layers += [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]
    features = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return nn.Sequential(features, nn.Linear(width, classes))


def tensor(images: Array) -> Any:
    """Images (n, s, s, 3) uint8 as float32 (n, 3, s, s) in [-1, 1]."""
    import torch

    scaled = torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float() / 127.5 - 1
    return scaled.contiguous(memory_format=torch.channels_last)


def judged(network: Any, images: Array) -> tuple[Array, Array]:
    """The features (n, width) and the logits (n, classes) of uint8 images."""
    import torch

    features, logits = [], []
    network.eval()
    with torch.no_grad():
        for first in range(0, len(images), CHUNK):
            features.append(network[0](tensor(images[first : first + CHUNK])))
            logits.append(network[1](features[-1]))
    return torch.cat(features).numpy(), torch.cat(logits).numpy()


def inception_features() -> tuple[Callable[[Array], Array] | None, str]:
    """A function of uint8 images to Inception's 2048 features; or None, and why there is none.

    The weights are looked for in the folder of the data sets, and never fetched. The network is
    torch-fidelity's, which resizes as the first FID did; torchmetrics uses the same.
    """
    from kit.experiments.data import data_root

    path = Path(os.fspath(data_root())) / WEIGHTS
    if not path.is_file():
        return None, f"no file {WEIGHTS} in the folder of the data sets"
    try:
        torchvision_ops.datasets()
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
    except ImportError:
        return None, "torch-fidelity is not installed"
    network = FeatureExtractorInceptionV3("inception", ["2048"], str(path))

    def features(images: Array) -> Array:
        import torch

        found = []
        with torch.no_grad():
            for first in range(0, len(images), CHUNK):
                part = np.array(images[first : first + CHUNK])
                found.append(network(torch.from_numpy(part).permute(0, 3, 1, 2))[0])
        return torch.cat(found).double().numpy()

    return features, ""


def class_gaussians(
    images: Array, labels: Array, components: int, count: int, rng: np.random.Generator
) -> Array:
    """As many images per class from one Gaussian each, on its first principal components."""
    classes = np.unique(labels)
    made = []
    for label in classes:
        rows = images[labels == label].reshape(-1, images[0].size).astype(np.float64)
        centre = rows.mean(axis=0)
        _, values, basis = np.linalg.svd(rows - centre, full_matrices=False)
        used = min(components, len(values))
        scales = values[:used] / max(len(rows) - 1, 1) ** 0.5
        drawn = rng.standard_normal((-(-count // len(classes)), used)) * scales
        made.append(centre + drawn @ basis[:used])
    mixed = np.stack(made, axis=1).reshape(-1, *images.shape[1:])[:count]
    found: Array = np.rint(np.clip(mixed, 0, 255)).astype(np.uint8)
    return found


def contrast(images: Array) -> Array:
    """For each uint8 image the mean difference between neighbouring pixels: blur lowers it."""
    pixels = images.astype(np.float64)
    down = np.abs(np.diff(pixels, axis=1)).mean(axis=(1, 2, 3))
    across = np.abs(np.diff(pixels, axis=2)).mean(axis=(1, 2, 3))
    found: Array = (down + across) / 2
    return found
