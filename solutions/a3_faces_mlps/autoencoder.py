"""The autoencoder 4096-n-4096 for faces, its training, and its weights as images.

A batch of faces is a float tensor (B, 4096) with pixels in [0, 1].
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from torch import Tensor, nn


def build_autoencoder(
    units: int, pixels: int = 4096, mean: Sequence[float] | np.ndarray | None = None
) -> nn.Module:
    """The network x -> fc1 -> ReLU -> fc2 with `units` hidden units; both layers have a bias.

    The layers are its attributes `fc1` and `fc2`. Weights start as PyTorch sets them. Where the
    `mean` face (pixels,) is given, the bias of `fc2` starts there: the network then has to learn
    only how faces differ from it. With 16 units it has 135,184 parameters, with 64 528,448.
    """
    # BEGIN SOLUTION
    layers = {"fc1": nn.Linear(pixels, units), "relu": nn.ReLU(), "fc2": nn.Linear(units, pixels)}
    model = nn.Sequential(OrderedDict(layers))
    if mean is not None:
        with torch.no_grad():
            model.fc2.bias.copy_(torch.as_tensor(mean))
    return model
    # END SOLUTION


def weight_images(model: nn.Module) -> np.ndarray:
    """The weights of `model.fc1` as one 64x64 image for each hidden unit: (n, 64, 64).

    In the handout they are the columns of W (4096, n). PyTorch stores the transpose: a linear
    layer computes x Aᵀ + b. The images are a copy, which further training does not change.
    """
    # BEGIN SOLUTION
    return model.fc1.weight.detach().cpu().numpy().reshape(-1, 64, 64).copy()
    # END SOLUTION


def snapshot_epochs(epochs: int, every: int = 10) -> list[int]:
    """The epochs at which images are kept: 0, the multiples of `every`, and the last one.

    They rise, and none is there twice. Epoch 0 is the random initialisation.
    """
    # BEGIN SOLUTION
    return sorted({*range(0, epochs + 1, every), epochs})
    # END SOLUTION


def train_autoencoder(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: Callable[[int], Iterable[Tensor]],
    epochs: int,
    on_epoch: Callable[[dict[str, float]], None] | None = None,
    first_epoch: int = 0,
    corrupt: Callable[[Tensor], Tensor] | None = None,
) -> list[dict[str, float]]:
    """Train by the mean squared error (`MSELoss`) between faces and what the network makes of them.

    Epoch 0 measures the network as it is and changes nothing. In each later epoch every batch
    makes one update.

    Args:
        model: the network, changed in place.
        optimizer: of its parameters.
        batches: `batches(epoch)` gives the batches of faces of that epoch; sizes may differ.
        epochs: the number of the last epoch.
        on_epoch: called with each row as soon as its epoch is over, epoch 0 included.
        first_epoch: above 0 where a training that was interrupted goes on.
        corrupt: what is done to a batch before the network sees it. It is compared with the
            faces as they were: so a network learns to undo the damage.

    Returns:
        A row per epoch: `epoch`, and `loss`, the mean over all the faces of the epoch (not over
        its batches) and all pixels, each taken before its batch's update.
    """
    # BEGIN SOLUTION
    rows = []
    for epoch in range(first_epoch, epochs + 1):
        total, count = 0.0, 0
        for faces in batches(epoch):
            with torch.set_grad_enabled(epoch > 0):
                output = model(faces if corrupt is None else corrupt(faces))
                loss = nn.functional.mse_loss(output, faces)
            if epoch > 0:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.detach() * len(faces)  # a tensor: .item() here would wait for each batch
            count += len(faces)
        row = {"epoch": epoch, "loss": float(total) / count}
        rows.append(row)
        if on_epoch is not None:
            on_epoch(row)
    return rows
    # END SOLUTION
