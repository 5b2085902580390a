"""Networks of linear layers for 28x28 images, and how many parameters they have."""

from collections.abc import Sequence

from torch import nn


def build_mlp(hidden: Sequence[int], inputs: int = 784, classes: int = 10) -> nn.Sequential:
    """Linear layers with biases, a ReLU after each hidden one, logits (n, classes) out.

    `hidden` are the widths: (32,) is the shallow network of question 2, (32, 64, 32) the deep and
    (128, 64, 128) the wide one of question 3. Logits: no softmax at the end, it is in the loss.
    """
    raise NotImplementedError("build_mlp is not written yet")


def mlp_parameters(hidden: Sequence[int], inputs: int = 784, classes: int = 10) -> int:
    """How many parameters `build_mlp` gives a network, from the widths alone."""
    raise NotImplementedError("mlp_parameters is not written yet")


def count_parameters(model: nn.Module, trainable_only: bool = False) -> int:
    """How many numbers the parameters of a network hold, those of nested modules too.

    A parameter that is used in two places counts once. Buffers (such as the running means of
    batch normalisation) are no parameters. With `trainable_only` frozen ones are left out.
    """
    raise NotImplementedError("count_parameters is not written yet")
