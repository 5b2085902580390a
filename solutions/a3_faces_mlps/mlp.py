"""Networks of linear layers for 28x28 images, and how many parameters they have."""

from collections.abc import Sequence

from torch import nn


def build_mlp(hidden: Sequence[int], inputs: int = 784, classes: int = 10) -> nn.Sequential:
    """Linear layers with biases, a ReLU after each hidden one, logits (n, classes) out.

    `hidden` are the widths: (32,) is the shallow network of question 2, (32, 64, 32) the deep and
    (128, 64, 128) the wide one of question 3. Logits: no softmax at the end, it is in the loss.
    """
    # BEGIN SOLUTION
    widths = [inputs, *hidden]
    layers: list[nn.Module] = []
    for before, after in zip(widths, widths[1:], strict=False):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(widths[-1], classes))
    # END SOLUTION


def mlp_parameters(hidden: Sequence[int], inputs: int = 784, classes: int = 10) -> int:
    """How many parameters `build_mlp` gives a network, from the widths alone."""
    # BEGIN SOLUTION
    widths = [inputs, *hidden, classes]
    return sum((m + 1) * n for m, n in zip(widths, widths[1:], strict=False))
    # END SOLUTION


def count_parameters(model: nn.Module, trainable_only: bool = False) -> int:
    """How many numbers the parameters of a network hold, those of nested modules too.

    A parameter that is used in two places counts once. Buffers (such as the running means of
    batch normalisation) are no parameters. With `trainable_only` frozen ones are left out.
    """
    # BEGIN SOLUTION
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)
    # END SOLUTION
