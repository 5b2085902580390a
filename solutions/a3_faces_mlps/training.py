"""Training a classifier: batches, an epoch, an evaluation, the loop, the learning rate.

Data are tensors in memory, images (n, 784) and integer labels (n,). A loss is a function of logits
and labels that gives the mean over the batch, such as `nn.functional.cross_entropy`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn


def shuffled_batches(
    images: Tensor, labels: Tensor, batch_size: int, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """The batches of one epoch: every image once with its label, in an order drawn anew.

    Each batch has `batch_size` images, the last what remains. The order comes from `generator`.
    """
    # BEGIN SOLUTION
    order = torch.randperm(len(images), generator=generator)
    for rows in order.split(batch_size):
        yield images[rows], labels[rows]
    # END SOLUTION


def train_epoch(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss: Callable[[Tensor, Tensor], Tensor],
    batches: Iterable[tuple[Tensor, Tensor]],
) -> tuple[float, float]:
    """Make one update for each batch, with the network in training mode.

    Returns:
        The mean loss and the accuracy in [0, 1], both over the images of the epoch and not over its
        batches (the last may be short), each taken before its batch's update.
    """
    # BEGIN SOLUTION
    model.train()
    total, correct, count = 0.0, 0, 0
    for images, labels in batches:
        logits = model(images)
        batch_loss = loss(logits, labels)
        optimizer.zero_grad()
        batch_loss.backward()
        optimizer.step()
        total += batch_loss.detach() * len(labels)  # tensors: .item() would wait for each batch
        correct += (logits.argmax(dim=1) == labels).sum()
        count += len(labels)
    return float(total) / count, float(correct) / count
    # END SOLUTION


def evaluate(
    model: nn.Module,
    loss: Callable[[Tensor, Tensor], Tensor],
    images: Tensor,
    labels: Tensor,
    batch_size: int = 1000,
) -> tuple[float, float]:
    """The mean loss and the accuracy in [0, 1] over all images, in inference mode.

    No gradient is recorded. Batches keep the memory small; every image counts the same, so the
    result does not depend on `batch_size`. The network is left in the mode in which it came.
    """
    # BEGIN SOLUTION
    was_training = model.training
    model.eval()
    total, correct = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(images), batch_size):
            targets = labels[start : start + batch_size]
            logits = model(images[start : start + batch_size])
            total += loss(logits, targets) * len(targets)
            correct += (logits.argmax(dim=1) == targets).sum()
    model.train(was_training)
    return float(total) / len(images), float(correct) / len(images)
    # END SOLUTION


def train_classifier(
    train: Callable[[int], tuple[float, float]],
    evaluations: Mapping[str, Callable[[], tuple[float, float]]],
    epochs: int,
    on_epoch: Callable[[dict[str, float]], None] | None = None,
    first_epoch: int = 1,
) -> list[dict[str, float]]:
    """Train for the epochs `first_epoch`, ..., `epochs`, and report a row for each.

    Args:
        train: `train(epoch)` trains for that epoch; its mean loss and accuracy.
        evaluations: by name, such as "validation", what gives the loss and the accuracy on other
            images; each is called once after each epoch's training.
        epochs: the number of the last epoch.
        on_epoch: called with each row as soon as it is complete.
        first_epoch: above 1 where a training that was interrupted goes on.

    Returns:
        The rows, in order: `epoch`, `train_loss`, `train_accuracy`, and `<name>_loss` and
        `<name>_accuracy` of each evaluation.
    """
    # BEGIN SOLUTION
    rows = []
    for epoch in range(first_epoch, epochs + 1):
        row: dict[str, float] = {"epoch": epoch}
        row["train_loss"], row["train_accuracy"] = train(epoch)
        for name, measure in evaluations.items():
            row[f"{name}_loss"], row[f"{name}_accuracy"] = measure()
        rows.append(row)
        if on_epoch is not None:
            on_epoch(row)
    return rows
    # END SOLUTION


def plateau_epoch(losses: Sequence[float], window: int = 5, tolerance: float = 0.01) -> int | None:
    """The first epoch after which the loss no longer falls noticeably, or None.

    It is the first epoch e (losses[0] is that of epoch 1) at which the mean loss of the last
    `window` epochs, e included, is above (1 - tolerance) times the mean of the `window` epochs
    before those: means, since the loss of stochastic gradient descent goes up and down.
    """
    # BEGIN SOLUTION
    for epoch in range(2 * window, len(losses) + 1):
        recent = sum(losses[epoch - window : epoch])
        before = sum(losses[epoch - 2 * window : epoch - window])
        if recent > (1 - tolerance) * before:
            return epoch
    return None
    # END SOLUTION


def decayed_rate(rate: float, epoch: int, milestones: Sequence[int], factor: float = 0.1) -> float:
    """The learning rate of an epoch: `rate` times `factor` for each milestone that is reached.

    A milestone is the first epoch with the lower rate; milestones may come in any order.
    """
    # BEGIN SOLUTION
    return rate * factor ** sum(epoch >= milestone for milestone in milestones)
    # END SOLUTION
